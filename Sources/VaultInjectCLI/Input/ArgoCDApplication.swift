internal import ManifestText

/// What Argo CD tells a config-management plugin about the application whose folder it is started in.
struct ArgoCDApplication {
  /// The parameters there are.
  private enum Parameter: String, CaseIterable { case settings, recurse }

  private static let parametersVariable = "ARGOCD_APP_PARAMETERS"

  /// The namespace the application is deployed to.
  let namespace: String?
  /// Settings in the form `PATH=VALUE`; later ones win.
  private(set) var settings: [String] = []
  /// Whether folders without a kustomization are read to any depth.
  private(set) var isRecursive = false

  /// Reads the variables, as a function from their name gives them.
  /// - Throws: An `InputError` where the parameters are none of the plugin's.
  init(_ variable: (String) -> String?) throws(InputError) {
    namespace = variable("ARGOCD_APP_NAMESPACE")
    let lines = variable("ARGOCD_ENV_VAULT_INJECT_SETTINGS")?.split(whereSeparator: \.isNewline) ?? []
    settings = lines.map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
    guard let text = variable(ArgoCDApplication.parametersVariable) else { return }
    let source = SourceText(name: ArgoCDApplication.parametersVariable, bytes: Array(text.utf8))
    do throws(Diagnostic) {
      try read(source)
    } catch {
      throw InputError(.usage, in: source, error)
    }
  }

  /// What is to be read of the working folder.
  var inputs: InputResolver {
    let kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
    if kustomizations.contains(where: { (try? FileStatus(of: $0).kind) == .file }) {
      return InputResolver(kustomization: ".")
    }
    return InputResolver(files: ["."], isRecursive: isRecursive)
  }

  // MARK: Parameters

  private mutating func read(_ source: SourceText) throws(Diagnostic) {
    for piece in try DocumentStream(source) {
      let document = try Document(piece, of: source)
      guard let root = document.root, !document.isNull(root) else { continue }
      for item in document.items(of: root) { try read(item, of: document) }
    }
  }

  private mutating func read(_ item: NodeID, of document: Document) throws(Diagnostic) {
    guard let name = try document.value("name", in: item) else { return }
    switch Parameter(rawValue: document.text(of: name)) {
    case .settings:
      guard let map = try document.value("map", in: item) else {
        throw .parameter("settings", "has to be a map from a setting's path to its value", at: document.range(of: item))
      }
      for (key, value) in document.entries(of: map) {
        settings.append("\(document.text(of: key))=\(document.text(of: value))")
      }
    case .recurse:
      let text = try document.value("string", in: item).map(document.text)
      guard let text, ["true", "false", ""].contains(text) else {
        throw .parameter("recurse", "has to be true or false", at: document.range(of: item))
      }
      isRecursive = text == "true"
    case nil:
      throw .unknownParameter(
        document.text(of: name), among: Parameter.allCases.map(\.rawValue), at: document.range(of: name))
    }
  }
}

extension Diagnostic {
  fileprivate static func parameter(_ name: String, _ fault: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(rule: "invalid-parameter", message: "the parameter `\(name)` \(fault)", range: range)
  }

  fileprivate static func unknownParameter(
    _ name: String, among names: [String], at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: "invalid-parameter", message: "this plugin has no parameter `\(name)`",
      hint: "it has \(names.joined(separator: " and "))", range: range)
  }
}
