internal import Injection
internal import ManifestText
internal import Output
internal import Platform

/// What Argo CD tells a config-management plugin about the application whose folder it is started in.
struct ArgoCDApplication {
  private static let parametersVariable = "ARGOCD_APP_PARAMETERS"
  private static let settingsVariable = "ARGOCD_ENV_VAULT_INJECT_SETTINGS"

  /// The namespace the application is deployed to.
  let namespace: String?
  /// Settings in the form `PATH=VALUE`; later ones win.
  let settings: [String]
  /// What to read from the working folder.
  let inputs: InputResolver

  /// Reads the variables, as a function from their name gives them, and looks what the working folder holds.
  /// - Throws: A `Fault` where the parameters are none of the plugin's, or not for such a folder.
  init(_ variable: (String) -> String?) throws(Fault) {
    namespace = variable("ARGOCD_APP_NAMESPACE")
    let assignments = try ArgoCDApplication.assignments(variable(ArgoCDApplication.settingsVariable) ?? "")
    let form = Form.ofWorkingFolder
    let parameters = try ArgoCDApplication.parameters(
      variable(ArgoCDApplication.parametersVariable) ?? "", form: form)
    settings = assignments + parameters.settings
    inputs =
      switch form {
      case .kustomization: InputResolver(kustomization: ".")
      case .manifests: InputResolver(folder: ".", isRecursive: parameters.isRecursive)
      case .chart:
        InputResolver(
          chart: HelmChart(
            releaseName: parameters.releaseName ?? variable("ARGOCD_APP_NAME"), namespace: namespace,
            kubeVersion: variable("KUBE_VERSION"),
            apiVersions: variable("KUBE_API_VERSIONS")?.split(separator: ",").map(String.init) ?? [],
            valuesFiles: parameters.valuesFiles, values: parameters.values, parameters: parameters.helmParameters))
      }
  }

  private static func assignments(_ text: String) throws(Fault) -> [String] {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    if let line = lines.first(where: { !$0.contains("=") }) {
      throw Fault(.usage, input: settingsVariable, .noAssignment(line))
    }
    return lines
  }

  private static func parameters(_ text: String, form: Form) throws(Fault) -> ArgoCDParameters {
    let source = SourceText(name: parametersVariable, bytes: Array(text.utf8))
    do throws(Diagnostic) {
      return try ArgoCDParameters(source, form: form)
    } catch {
      throw Fault(.usage, in: source, error)
    }
  }
}

extension ArgoCDApplication {
  /// What the manifests of an application are made from.
  enum Form {
    case kustomization, chart, manifests

    /// What the working folder holds.
    fileprivate static var ofWorkingFolder: Form {
      if ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(where: isFile) { return .kustomization }
      return isFile(HelmChart.fileName) ? .chart : .manifests
    }

    private static func isFile(_ name: String) -> Bool { (try? FileStatus(of: name).kind) == .file }
  }
}

extension Diagnostic {
  fileprivate static func noAssignment(_ line: String) -> Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "the line `\(line)` has no =",
      hint: "write PATH=VALUE, such as vault.namespace=team-a")
  }
}

/// The parameters of an application, as Argo CD passes them to a plugin: a list in JSON.
///
/// Those for Helm are called as in the documentation of Argo CD's plugins.
struct ArgoCDParameters {
  private enum Name: String, CaseIterable {
    case settings, recurse
    case valuesFiles = "values-files"
    case helmParameters = "helm-parameters"
    case values
    case releaseName = "release-name"

    var isForCharts: Bool { self != .settings && self != .recurse }
  }

  /// Settings in the form `PATH=VALUE`.
  private(set) var settings: [String] = []
  /// Whether a folder of manifests is read to any depth.
  private(set) var isRecursive = false
  /// Files with values for a chart.
  private(set) var valuesFiles: [String] = []
  /// Single values for a chart.
  private(set) var helmParameters: [(name: String, value: String)] = []
  /// Values for a chart, as YAML.
  private(set) var values: String?
  /// The name of the chart's release.
  private(set) var releaseName: String?

  /// Reads the parameters of an application of this form.
  /// - Throws: A `Diagnostic` where one is none of the plugin's, or not for such an application.
  init(_ source: SourceText, form: ArgoCDApplication.Form) throws(Diagnostic) {
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      guard let root = document.root, !document.isNull(root) else { continue }
      guard document.isSequence(root) else {
        throw .noParameters(document.kindName(of: root), range: document.range(of: root))
      }
      for item in document.items(of: root) { try read(Item(node: item, document: document), form) }
    }
  }

  private mutating func read(_ item: Item, _ form: ArgoCDApplication.Form) throws(Diagnostic) {
    guard let node = try item.document.value("name", in: item.node) else { return }
    let (text, range) = (item.document.text(of: node), item.document.range(of: node))
    guard let name = Name(rawValue: text) else {
      throw .unknownParameter(text, among: Name.allCases.map(\.rawValue), at: range)
    }
    guard form == .chart || !name.isForCharts else { throw .parameterOfCharts(text, at: range) }
    switch name {
    case .settings: settings += try item.map("a map from a setting's path to its value").map { "\($0)=\($1)" }
    case .recurse:
      guard let text = try item.string, ["true", "false", ""].contains(text) else {
        throw item.fault("has to be true or false")
      }
      isRecursive = text == "true"
    case .valuesFiles: valuesFiles += try item.array("a list of files")
    case .helmParameters: helmParameters += try item.map("a map from a value's path to the value")
    case .values: values = try item.text("YAML")
    case .releaseName: releaseName = try item.text("a name")
    }
  }
}

/// One parameter.
private struct Item {
  let node: NodeID
  let document: Document

  var string: String? {
    get throws(Diagnostic) { try document.value("string", in: node).map(document.text) }
  }

  /// The parameter's text; nil where it is empty, as one is that was not set.
  func text(_ expected: String) throws(Diagnostic) -> String? {
    guard let text = try string else { throw fault("has to be a string with \(expected)") }
    return text.isEmpty ? nil : text
  }

  func array(_ expected: String) throws(Diagnostic) -> [String] {
    guard let array = try document.value("array", in: node), document.isSequence(array) else {
      throw fault("has to be \(expected)")
    }
    return document.items(of: array).map(document.text)
  }

  func map(_ expected: String) throws(Diagnostic) -> [(name: String, value: String)] {
    guard let map = try document.value("map", in: node), document.isMapping(map) else {
      throw fault("has to be \(expected)")
    }
    return document.entries(of: map).map { (document.text(of: $0.key), document.text(of: $0.value)) }
  }

  func fault(_ fault: String) -> Diagnostic {
    let name = (try? document.value("name", in: node)).flatMap { $0 }.map(document.text) ?? ""
    return Diagnostic(
      rule: .invalidParameter, message: "the parameter `\(name)` \(fault)", range: document.range(of: node))
  }
}

extension Diagnostic {
  fileprivate static func noParameters(_ found: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(rule: .invalidParameter, message: "the parameters are \(found), and have to be a list", range: range)
  }

  fileprivate static func unknownParameter(
    _ name: String, among names: [String], at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .invalidParameter, message: "this plugin has no parameter `\(name)`",
      hint: NearestName.nearest(to: name, among: names).map { "did you mean \($0)?" }
        ?? "it has \(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")", range: range)
  }

  fileprivate static func parameterOfCharts(_ name: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidParameter, message: "the parameter `\(name)` is for Helm charts, and this folder is none",
      hint: "a chart has a \(HelmChart.fileName), and no kustomization", range: range)
  }
}
