import ArgumentParser
import Injection
import ManifestText
import TestSupport
import Testing

@testable import VaultInjectCLI

/// The guards that a real API server was given, and its verdict on each recorded object.
///
/// `Tests/Admission/record.py guard` records them: for each group of objects the options, the policy, the verdicts.
@Suite struct GuardRecordingTests {
  private static let groups: [String: [String]] = {
    let settings = try? Fixtures.value(Fixtures.source("admission/guard.json").bytes)
    let pairs = settings?.members?.map { ($0.key, $0.value.array?.compactMap(\.string) ?? []) } ?? []
    return Dictionary(pairs) { first, _ in first }
  }()

  private func guardian(_ group: String) throws -> Guard {
    let options = try #require(Self.groups[group])
    let command = try #require(try VaultInject.parseAsRoot(["guard"] + options) as? GuardCommand)
    var request = command.configuration.request
    request.file = "/dev/null"
    return command.options.guardian(try ConfigurationLoader(request).load())
  }

  @Test func everyGuardIsTheRecordedOne() throws {
    #expect(Self.groups.count >= 7)
    for group in Self.groups.keys.sorted() {
      let text = try AdmissionText.text(of: guardian(group).documents)
      let recorded = try String(decoding: Fixtures.source("admission/guard-\(group).yaml").bytes, as: UTF8.self)
      #expect(text == recorded, "\(group): record again what is printed now, on a cluster")
    }
  }

  @Test func everyVerdictIsTheJudges() throws {
    let judges = try Self.groups.keys.reduce(into: [:]) { $0[$1] = GuardJudge(try guardian($1)) }
    let lines = try Fixtures.jsonLines("admission/guard.jsonl")
    #expect(lines.count >= 97 && lines.count { $0["allowed"] == false } >= 37)
    // Of those that are very large, only the verdict is kept.
    let whole = lines.filter { $0["object"] != nil }
    #expect(whole.count >= lines.count - 20)
    for line in whole {
      let judge = try #require(judges[line["group"]?.string ?? ""])
      let said = sees(line) ? judge.refusal(of: try #require(line["object"])) : nil
      let warning = line["warnings"]?.array?.first?.string
      let recorded = line["allowed"] == true ? warning.flatMap(sentence) : line["message"]?.string
      #expect(said == recorded, "\(line["name"]?.string ?? "")")
    }
  }

  /// Whether the guard is asked about a request at all.
  private func sees(_ line: Value) -> Bool {
    guard line["subresource"] == nil, line["namespace"] == nil else { return false }
    switch line["operation"]?.string {
    case "create": return true
    case "update": return line["object"]?["kind"] != "Pod" && template(line["object"]) != template(line["old"])
    default: return false
    }
  }

  private func template(_ object: Value?) -> Value? {
    object?["spec"]?["jobTemplate"]?["spec"]?["template"] ?? object?["spec"]?["template"] ?? object?["template"]
  }

  /// What a warning says: the API server puts the names of the policy and of its binding before the sentence, and quotes
  /// around both.
  private func sentence(_ warning: String) -> String? {
    guard let text = ByteText.pieces(of: warning, around: "': ").last else { return nil }
    return ByteText.pieces(of: text.hasSuffix("\"") ? String(text.dropLast()) : text, around: "\\\"").joined(
      separator: "\"")
  }
}
