internal import Output
internal import ManifestText
internal import Platform

/// What Argo CD tells a config-management plugin about the application whose folder it is started in.
struct ArgoCDApplication {
  private static let parametersVariable = "ARGOCD_APP_PARAMETERS"
  private static let settingsVariable = "ARGOCD_ENV_VAULT_INJECT_SETTINGS"

  /// The namespace the application is deployed to.
  let namespace: String?
  /// Settings in the form `PATH=VALUE`; later ones win.
  let settings: [String]
  /// What is to be read of the working folder.
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
      rule: "invalid-setting", message: "the line `\(line)` has no =",
      hint: "write PATH=VALUE, such as vault.namespace=team-a")
  }
}
