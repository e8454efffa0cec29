internal import Output
internal import Cluster
internal import ArgumentParser
internal import KubernetesAPI
internal import ManifestText
internal import Workloads

/// What to read, as kubectl names it.
struct InputOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("filename")], parsing: .singleValue,
    help: ArgumentHelp(
      "A file, a folder, a URL, a pattern, or - for standard input; repeatable, and several between commas.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var filename: [String] = []

  @Argument(
    help: "Files and folders, as with -f but never split at commas.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var files: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "Read folders to any depth.")
  var recursive = false

  @Option(
    name: [.short, .customLong("kustomize")],
    help: ArgumentHelp("Read what `kubectl kustomize` makes of a folder.", valueName: "folder"),
    completion: .directory)
  var kustomize: String?

  @Option(
    name: [.short, .long],
    help: "The namespace of objects that name none; it decides whether they are in a system namespace.")
  var namespace: String?

  @Flag(
    name: [.customShort("A"), .long],
    help: "Objects of all namespaces of the cluster, with a kind or labels instead of files.")
  var allNamespaces = false

  func validate() throws {
    if let namespace { try NamespaceName.check(namespace, of: "-n") }
  }

  /// True where no command was named, so that the first word may be one that is misspelt.
  var firstWordMayBeCommand = false

  var resolver: InputResolver {
    var resolver = InputResolver(
      filenames: filename, files: files, isRecursive: recursive, kustomization: kustomize)
    resolver.faultOfFirstWord = faultOfFirstWord()
    return resolver
  }

  /// The same for a command about all that a repository holds: folders are read to any depth, and with nothing named the
  /// current one is.
  var repositoryResolver: InputResolver {
    InputResolver(
      filenames: filename, files: namesNothing ? ["."] : files, isRecursive: kustomize == nil || recursive,
      kustomization: kustomize)
  }

  /// True where neither files nor folders are named.
  var namesNothing: Bool { filename.isEmpty && files.isEmpty && kustomize == nil }

  /// The finding about a first word that is neither a command nor a file: what it may be misspelt for, a command or one
  /// of these words.
  func faultOfFirstWord(
    orOneOf others: @autoclosure @escaping @Sendable () -> [String] = []
  ) -> @Sendable (String) -> Diagnostic? {
    guard firstWordMayBeCommand else { return { _ in nil } }
    return { CommandWords.mayBeCommand($0) ? .unknownCommand($0, orOneOf: others()) : nil }
  }

  /// The objects of a cluster that the command line names; nil where it names manifests.
  func liveTargets(
    labels: String?, _ kinds: WorkloadKinds, _ report: inout Report
  ) throws(Reported) -> LiveTargets? {
    try report.catching { () throws(Fault) in
      try LiveTargets(
        words: files, namesManifests: !filename.isEmpty || kustomize != nil || recursive, labels: labels,
        isEverywhere: allNamespaces, kinds: kinds)
    }
  }
}

/// The name of a namespace, as Kubernetes accepts it.
enum NamespaceName {
  /// - Throws: A `ValidationError` for a name that no namespace can have; none at all stands for no option.
  static func check(_ name: String, of option: String) throws {
    let bytes = name.utf8
    let isName =
      bytes.count <= 63 && bytes.allSatisfy { isAlphanumeric($0) || $0 == ASCII.dash }
      && bytes.first.map(isAlphanumeric) != false && bytes.last.map(isAlphanumeric) != false
    if isName { return }
    let hint = "it has 1 to 63 of a-z, 0-9 and -, a letter or digit first and last"
    if let character = RequestText.controlCharacter(in: name) {
      throw ValidationError("\(option) cannot hold the control character \(character)", hint: hint)
    }
    throw ValidationError("`\(option) \(name)` is not the name of a namespace", hint: hint)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || ASCII.isLetter(byte) && ASCII.lowercased(byte) == byte
  }
}
