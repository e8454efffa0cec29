internal import ManifestText
internal import Workloads

/// What of Vault becomes variables of a pod's containers.
///
/// No webhook knows of it: the agent writes files with records of variables (`VariableRecords`) before the application
/// starts, and the application starts through a wrapper that reads them (`VariableWrapper`).
struct HashiCorpVariables {
  /// A secret of which fields become variables.
  struct Source: Equatable {
    let path: String
    let choice: HashiCorpVariableChoice
    /// What asks for it, for messages and stories.
    let asked: Asked
    let range: Range<Int>

    enum Asked: Equatable {
      /// The annotation of this name's secret, or that for all.
      case secret(String)
      /// The value of this variable.
      case reference(String)
    }
  }

  /// A file that the agent writes.
  struct File: Equatable {
    let path: String
    let sources: [Source]
  }

  /// A container that starts with variables.
  struct Receiver {
    let container: Container
    let name: String
    let list: ContainerList
    /// The files that hold them; of a variable that stands in several, the first counts.
    let files: [String]
    /// The sources of its own, whose variables stand in its manifest.
    let own: [Source]
    /// True where it gets the variables of annotations.
    let getsShared: Bool
  }

  let files: [File]
  let receivers: [Receiver]
  let onChange: VariableChange
  /// The secrets that become variables and no files.
  private let withoutFile: NameIndex

  /// None.
  static let none = HashiCorpVariables(files: [], receivers: [], onChange: .nothing, withoutFile: NameIndex())

  private init(files: [File], receivers: [Receiver], onChange: VariableChange, withoutFile: NameIndex) {
    (self.files, self.receivers, self.onChange, self.withoutFile) = (files, receivers, onChange, withoutFile)
  }

  var isEmpty: Bool { files.isEmpty }
  var sources: [Source] { files.flatMap(\.sources) }
  /// What asks first.
  var range: Range<Int>? { sources.map(\.range).min { $0.lowerBound < $1.lowerBound } }

  /// True where a secret becomes a file.
  func leavesFile(of secret: HashiCorpSecret) -> Bool { !withoutFile.contains(secret.name) }

  /// True where a container gets variables.
  func reach(_ container: Container) -> Bool { receivers.contains { $0.container.node == container.node } }
}

extension HashiCorpVariables {
  /// What the annotations and the containers' own variables ask for.
  init(
    _ annotations: HashiCorpAnnotations, _ secrets: [HashiCorpSecret], _ containers: [Container],
    _ initContainers: [Container]
  ) throws(Diagnostic) {
    let sources = try annotations.variableSources(secrets)
    var files: [File] = []
    let folder = annotations[HashiCorpTable.secretsPath]
    let shared = GoText.joined(folder, ".variables")
    if !sources.isEmpty { files.append(File(path: shared, sources: sources)) }
    let names = try annotations[HashiCorpTable.containers].map { NameIndex($0) }
    var receivers: [Receiver] = []
    for (list, containers) in [(ContainerList.initContainers, initContainers), (.containers, containers)] {
      for container in containers {
        let own = try container.referredSources()
        let name = own.isEmpty && sources.isEmpty ? "" : try container.name()
        let isReader = list == .containers && !sources.isEmpty && (names?.contains(name) ?? true)
        guard isReader || !own.isEmpty else { continue }
        let file = "\(shared)-\(name)"
        if !own.isEmpty { files.append(File(path: file, sources: own)) }
        receivers.append(
          Receiver(
            container: container, name: name, list: list,
            files: (own.isEmpty ? [] : [file]) + (isReader ? [shared] : []), own: own, getsShared: isReader))
      }
    }
    let isFileless = sources.compactMap { source -> String? in
      guard case .secret(let name) = source.asked, !annotations.shapesFile(of: name) else { return nil }
      return name
    }
    self.init(
      files: files, receivers: receivers,
      onChange: files.isEmpty ? .nothing : try annotations.own(HashiCorpTable.variablesOnChange),
      withoutFile: NameIndex(isFileless))
  }
}

extension HashiCorpAnnotations {
  /// The secrets that become variables: all that have a path, or those that are named.
  fileprivate func variableSources(_ secrets: [HashiCorpSecret]) throws(Diagnostic) -> [HashiCorpVariables.Source] {
    let row = HashiCorpTable.variablesOfOne
    let isForAll = try own(HashiCorpTable.variables)
    var sources: [HashiCorpVariables.Source] = []
    for secret in secrets {
      let choice = try own(row, secret.name) ?? (isForAll ? .all(prefix: "") : .none)
      guard choice != .none, !secret.path.isEmpty else { continue }
      let range = located(row.row, secret.name)?.range ?? secret.place
      sources.append(
        HashiCorpVariables.Source(path: secret.path, choice: choice, asked: .secret(secret.name), range: range))
    }
    return sources
  }

  /// True where annotations say how the file of a secret is to be, so that it is wanted as well.
  fileprivate func shapesFile(of name: String) -> Bool {
    HashiCorpTable.shapersOfFiles.contains { row in located(row, name).map { !$0.text.isEmpty } ?? false }
  }

  /// The value of an annotation that no webhook knows, refused in our own words.
  fileprivate func own<Value>(_ row: HashiCorpTable.Row<Value>, _ name: String = "") throws(Diagnostic) -> Value {
    guard let found = located(row.row, name) else { return try value(of: row, name) }
    do throws(GoParse.Failure) {
      return try row.type.parse(found.text)
    } catch {
      throw .variables(
        "`\(row.row.key(of: name))` cannot be `\(found.text)`", "use \(row.type.accepted)", at: found.range)
    }
  }
}

extension Container {
  /// The secrets that its own variables refer to, in order.
  fileprivate func referredSources() throws(Diagnostic) -> [HashiCorpVariables.Source] {
    try likelyReferences().compactMap { name, value, range in
      guard HashiCorpVariableChoice.isVariable(name) else { return nil }
      return VaultReference(value).map { reference in
        HashiCorpVariables.Source(
          path: reference.path,
          choice: .fields([HashiCorpVariableChoice.Field(variable: name, field: reference.field)]),
          asked: .reference(name), range: range)
      }
    }
  }
}

extension HashiCorpVariables.Source {
  /// What the agent asks of Vault for it.
  func request(file: String) -> VaultRequest {
    let data = VaultPath(path).isDataOfKV2 ? ["Data", "data"] : ["Data"]
    let needed: [[String]] =
      if case .fields(let fields) = choice { fields.map { data + [$0.field] } } else { [] }
    return VaultRequest(
      operation: .read, path: path, fields: needed.isEmpty ? [data + ["*"]] : needed, neededFields: needed,
      isConditional: false, source: .template(file: file), range: range)
  }
}
