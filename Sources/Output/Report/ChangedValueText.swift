internal import Injection
internal import ManifestText

/// What is another value now, told in lines: `tvsi-vault-agent: image: hashicorp/vault:2.0.3 → hashicorp/vault:2.0.4`.
struct ChangedValueText {
  /// What stands between the value that goes and the one that is injected.
  let joint: String

  /// The most characters of a value that are shown.
  private static let width = 60

  /// A line for each, as far as so many are wanted; nil wants all.
  func lines(_ differences: [InjectionOutcome.Changes.Difference], most: Int?) -> [String] {
    let lines = differences.map { "\($0.name): \($0.change.place): \(text(of: $0))" }
    guard let most, lines.count > most else { return lines }
    return lines.prefix(most - 1) + ["and \(lines.count - most + 1) more; -v -v shows all"]
  }

  /// Where the values are known to be no secrets, whoever wrote them.
  private static let openPlaces: Set = [
    "emptyDir", "image", "imagePullPolicy", "resources", "restartPolicy", "securityContext", "volumeMounts",
  ]

  /// Both values; of long texts, where they differ first.
  ///
  /// What others have put into a container may be a secret.
  private func text(of difference: InjectionOutcome.Changes.Difference) -> String {
    let change = difference.change
    let key = change.place.prefix { $0 != "." && $0 != "[" }
    if change.new == nil, change.place.hasPrefix("env[") { return "not injected" }
    if difference.isByHand, change.old != nil, !Self.openPlaces.contains(String(key)) {
      return change.new.map { pair("something else", Self.text(of: $0)) } ?? "not injected"
    }
    guard let old = change.old?.string, let new = change.new?.string else {
      return pair(Self.text(of: change.old), Self.text(of: change.new))
    }
    if let (old, new) = Self.decoded(old, new) { return lines(old, new) }
    return lines(old, new)
  }

  /// What two texts in base64 stand for, as the configuration of an agent; nil for others.
  private static func decoded(_ old: String, _ new: String) -> (String, String)? {
    guard let old = Base64.decoded(Array(old.utf8)), let new = Base64.decoded(Array(new.utf8)),
      old.first == ASCII.openBrace, new.first == ASCII.openBrace
    else { return nil }
    return (String(decoding: old, as: UTF8.self), String(decoding: new, as: UTF8.self))
  }

  /// The first lines in which two texts differ.
  private func lines(_ old: String, _ new: String) -> String {
    let (before, after) = (ByteText.pieces(of: old, around: "\n"), ByteText.pieces(of: new, around: "\n"))
    if before.count == 1, after.count == 1 { return parts(old, new) }
    let same = zip(before, after).prefix { ByteText.isEqual($0, $1) }.count
    let sameAtEnd = zip(before.dropFirst(same).reversed(), after.dropFirst(same).reversed())
      .prefix { ByteText.isEqual($0, $1) }.count
    let (gone, come) = (before.dropFirst(same).dropLast(sameAtEnd), after.dropFirst(same).dropLast(sameAtEnd))
    let more = max(gone.count, come.count) - 1
    let first = pair(gone.first.map(Self.shortened) ?? "none", come.first.map(Self.shortened) ?? "none")
    return more > 0 ? "\(first), and \(more) more line\(more == 1 ? "" : "s")" : first
  }

  /// Two texts of one line; of long ones what is around the first difference.
  private func parts(_ old: String, _ new: String) -> String {
    guard max(old.count, new.count) > Self.width else { return pair(Self.shortened(old), Self.shortened(new)) }
    let same = max(0, zip(old, new).prefix { $0 == $1 }.count - Self.width / 4)
    let lead = same > 0 ? "…" : ""
    return pair(lead + Self.shortened(String(old.dropFirst(same))), lead + Self.shortened(String(new.dropFirst(same))))
  }

  private func pair(_ old: String, _ new: String) -> String { old + joint + new }

  private static func text(of value: Value?) -> String {
    switch value {
    case nil: "none"
    case .string(let text): firstLine(of: text)
    case let value?: shortened(YAMLWriter.inline(value))
    }
  }

  private static func firstLine(of text: String) -> String {
    let lines = ByteText.pieces(of: text, around: "\n")
    guard lines.count > 1, let first = lines.first else { return shortened(text) }
    return "\(first.prefix(width - 1))…"
  }

  private static func shortened(_ text: String) -> String {
    let text = text.drop { $0 == " " }
    return text.isEmpty ? "\"\"" : text.count > width ? "\(text.prefix(width - 1))…" : String(text)
  }
}
