import Injection
import ManifestText
import Output
import Testing
import Workloads

@Suite struct SelectionReadingTests {
  private func pod(_ name: String) -> SourceText {
    SourceText(name: "\(name).yaml", bytes: Array("apiVersion: v1\nkind: Pod\nmetadata: {name: \(name)}\n".utf8))
  }

  /// Whether one of these names is missed in pods of other names, and how many of these were read for that.
  private func misses(_ names: [String], in pods: [String]) -> (isMissed: Bool, read: Int) {
    var selection = Selection()
    selection.names = names.map(NamePattern.init)
    var report = Report(showsUnchanged: false)
    let words = SelectionWords(text: "--name \(names.joined(separator: ","))", names: names, namespaces: [])
    report.account(for: words, selection, WorkloadKinds())
    var read = 0
    let sources = pods.lazy.map { name in
      read += 1
      return pod(name)
    }
    return (report.missesSelection(in: sources), read)
  }

  @Test func inputsAreReadUntilEveryNameIsMet() {
    #expect(misses(["a", "b"], in: ["a", "b", "c", "d"]) == (false, 2))
    #expect(misses(["a", "e"], in: ["a", "b", "c", "d"]) == (true, 4))
  }
}
