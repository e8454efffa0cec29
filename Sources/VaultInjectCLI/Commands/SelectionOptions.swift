internal import Output
internal import ArgumentParser
internal import ManifestText
internal import Workloads

/// Which objects are meant; the others stay as they are.
///
/// `-n` already is the namespace of objects that name none, so patterns of namespaces have a name of their own.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: [.customShort("l"), .customLong("selector")],
    help: ArgumentHelp(
      "Only objects with these labels, as kubectl selects them: app=web,tier!=db,env in (a,b),release,!old.",
      valueName: "labels"))
  var labels: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only objects of this kind: Deployment, deployments, deploy, deployment.apps; repeatable, or with commas.",
      valueName: "kind"))
  var kind: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only objects whose name is like this, such as 'web-*'; repeatable, or with commas.", valueName: "pattern"))
  var name: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only objects whose namespace is like this, such as 'team-*'; repeatable, or with commas.",
      valueName: "pattern"))
  var inNamespace: [String] = []

  /// What the options say.
  /// - Throws: A `Diagnostic` for a selector or a kind that cannot be read, and for a name that is empty.
  func selection(defaultNamespace: String?) throws(Diagnostic) -> Selection {
    var selection = Selection()
    if let labels { selection.labels = try LabelSelector(labels) }
    for text in try SelectionOptions.names(kind, of: "--kind") { selection.kinds.append(try KindPattern(text)) }
    selection.names = try SelectionOptions.names(name, of: "--name").map(NamePattern.init)
    selection.namespaces = try SelectionOptions.names(inNamespace, of: "--in-namespace").map(NamePattern.init)
    if let defaultNamespace { selection.defaultNamespace = defaultNamespace }
    return selection
  }

  /// True where they say which objects are meant.
  var isNarrow: Bool { labels != nil || ![kind, name, inNamespace].allSatisfy(\.isEmpty) }

  /// What is selected by, as it is written on the command line.
  var words: SelectionWords {
    let values = [
      ("--kind", kind), ("--name", name), ("--in-namespace", inNamespace), ("-l", labels.map { [$0] } ?? []),
    ]
    let texts = values.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ","))" }
    return SelectionWords(
      text: texts.joined(separator: " "), names: SelectionOptions.items(of: name),
      namespaces: SelectionOptions.items(of: inNamespace))
  }

  /// The names that an option's values are; an empty one would select nothing.
  private static func names(_ values: [String], of option: String) throws(Diagnostic) -> [String] {
    let items = items(of: values)
    if items.contains("") { throw .emptyName(among: values, of: option) }
    return items
  }

  /// The texts between the commas of all values.
  static func items(of values: [String]) -> [String] {
    values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }
}

extension Diagnostic {
  fileprivate static func emptyName(among values: [String], of option: String) -> Diagnostic {
    let text = values.joined(separator: ",")
    return Diagnostic(
      rule: .usage,
      message: text.isEmpty ? "\(option) is empty" : "\(option) \(text) has an empty name among others",
      hint: text.isEmpty ? "leave it out where every object is meant" : "write one comma between two names")
  }
}
