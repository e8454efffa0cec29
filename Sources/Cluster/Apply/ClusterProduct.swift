internal import KubernetesAPI
package import ManifestText
package import Output
internal import Workloads

/// The output of a command about the cluster on standard output.
package struct ClusterProduct {
  private let format: OutputFormat?
  private var objects: [Value] = []
  /// True once standard output is closed.
  private var isGone = false

  package init(_ format: OutputFormat?) { self.format = format }

  /// Takes an object that is done: prints a line at once, or the object itself at the end.
  package mutating func add(
    _ object: ClusterObject, _ outcome: ApplyOutcome, _ dryRun: ApplySettings.DryRun,
    _ answer: @autoclosure () -> Value?, _ report: inout Report
  ) {
    switch format {
    case nil: add("\(object.qualifiedName) \(outcome.words(dryRun))", &report)
    case .name: add("\(object.qualifiedName)", &report)
    case .yaml, .json, .patch, .diff:
      var value = answer() ?? object.body
      value["metadata"]?.removeMembers(["managedFields"])
      objects.append(value)
    }
  }

  /// Takes an object that was deleted, as its set holds it no longer; nothing of it is left to be printed.
  mutating func add(pruned name: String, _ dryRun: ApplySettings.DryRun, _ report: inout Report) {
    switch format {
    case nil: add("\(name) pruned\(dryRun == .none ? "" : " (server dry run)")", &report)
    case .name: add("\(name)", &report)
    case .yaml, .json, .patch, .diff: return
    }
  }

  /// A line of its own.
  mutating func add(_ text: ShownText, _ report: inout Report) { write("\(text.line)\n", &report) }

  /// Prints the objects held back until the end: one as it is, several as a list.
  package mutating func finish(_ report: inout Report) {
    guard let first = objects.first else { return }
    let list: Value = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    let value = objects.count == 1 ? first : list
    write(format == .json ? JSONWriter.pretty(value) : YAMLWriter.block(value), &report)
  }

  private mutating func write(_ text: String, _ report: inout Report) { write(Array(text.utf8), &report) }

  private mutating func write(_ bytes: [UInt8], _ report: inout Report) {
    guard !isGone else { return }
    var output = OutputBuffer()
    output.append(bytes)
    do throws(OutputError) {
      try output.write()
    } catch {
      isGone = true
      report.fail(error)
    }
  }
}

/// Checks the order of init containers: they run one after the other, so the order in which the server stores them
/// matters.
enum InitContainerOrder {
  /// The names of the containers in the order that was asked for, and in the answer's; nil where the two agree.
  ///
  /// Containers that others added in between do not matter.
  static func difference(
    sent: Value, answered: Value, templates: [PodPath]
  ) -> (sent: [String], answered: [String])? {
    for template in templates {
      for (wanted, got) in zip(template.templates(in: sent), template.templates(in: answered)) {
        let names = names(of: wanted.value)
        let kept = InitContainerOrder.names(of: got.value).filter(names.contains)
        if names != kept { return (names, kept) }
      }
    }
    return nil
  }

  private static func names(of template: Value) -> [String] {
    template["spec"]?["initContainers"]?.array?.compactMap { $0["name"]?.string } ?? []
  }
}
