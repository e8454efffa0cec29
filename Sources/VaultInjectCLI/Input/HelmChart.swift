internal import ManifestText

/// The Helm chart in the working folder, and how it is to be rendered.
struct HelmChart: Sendable {
  /// The file that makes a folder a chart.
  static let fileName = "Chart.yaml"

  /// The release's name; Helm's own placeholder where there is none.
  var releaseName: String?
  var namespace: String?
  /// The version of Kubernetes to render for.
  var kubeVersion: String?
  /// The versions of its API.
  var apiVersions: [String] = []
  /// Files of values, from the chart's folder on; later ones win.
  var valuesFiles: [String] = []
  /// More values, as YAML; they win over the files.
  var values: String?
  /// Single values, as `helm --set` takes them; they win over all others.
  var parameters: [(name: String, value: String)] = []

  /// What renders the chart.
  var renderer: Renderer {
    Renderer(
      name: "helm template", program: "helm", arguments: arguments, input: Array((values ?? "").utf8),
      missing: .helmMissing, failure: "helm-failed")
  }

  private var arguments: [String] {
    var words = ["template", "--include-crds"]
    if let namespace { words.append("--namespace=\(namespace)") }
    if let kubeVersion { words.append("--kube-version=\(kubeVersion)") }
    words += apiVersions.map { "--api-versions=\($0)" }
    words += valuesFiles.map { "--values=\($0)" }
    if values != nil { words.append("--values=-") }
    words += parameters.map { "--set=\($0.name)=\(HelmChart.escaped($0.value))" }
    if let releaseName { words.append("--name-template=\(releaseName)") }
    return words + ["."]
  }

  /// A value with its commas escaped, which would begin another parameter; not those in a list, such as `{a,b}`.
  private static func escaped(_ value: String) -> String {
    if value.hasPrefix("{"), value.hasSuffix("}") { return value }
    var escaped = ""
    for character in value {
      if character == ",", escaped.last != "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
