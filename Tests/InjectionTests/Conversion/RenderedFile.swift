import Foundation
import Injection
import ManifestText

/// A file an injected agent renders, as its configuration says.
struct RenderedFile: Equatable, CustomStringConvertible {
  let destination: String
  let contents: String
  let command: String

  var description: String { "\(destination) \(contents.debugDescription) \(command)" }

  /// What the agents of an injected pod's value render.
  static func files(of pod: Value) -> [RenderedFile] {
    let containers = (pod["spec"]?["initContainers"]?.array ?? []) + (pod["spec"]?["containers"]?.array ?? [])
    for container in containers {
      if let text = HereDocument(of: container)?.text, text.contains("template {\n") { return files(ofHCL: text) }
      for variable in container["env"]?.array ?? [] {
        guard let text = variable["value"]?.string else { continue }
        switch variable["name"]?.string {
        case "VAULT_CONFIG", "BAO_CONFIG": return files(ofJSON: Base64.decoded(text.utf8) ?? [])
        default: continue
        }
      }
    }
    return []
  }

  private static func files(ofJSON bytes: [UInt8]) -> [RenderedFile] {
    let templates = (try? GoJSON.decode(String(decoding: bytes, as: UTF8.self)))?.value["template"]?.array ?? []
    return templates.map { template in
      RenderedFile(
        destination: template["destination"]?.string ?? "", contents: evened(template["contents"]?.string ?? ""),
        command: template["command"]?.string ?? "")
    }
  }

  private static func files(ofHCL text: String) -> [RenderedFile] {
    text.components(separatedBy: "template {\n").dropFirst().map { block in
      RenderedFile(
        destination: quoted("destination", in: block), contents: evened(contents(of: block)),
        command: quoted("command", in: block))
    }
  }

  private static func contents(of block: String) -> String {
    guard let start = block.range(of: "contents = <<TEMPLATE\n") else { return quoted("contents", in: block) }
    guard let end = block.range(of: "\nTEMPLATE\n", range: start.upperBound..<block.endIndex) else { return "" }
    return block[start.upperBound..<end.lowerBound] + "\n"
  }

  /// HCL's strings are JSON's.
  private static func quoted(_ key: String, in block: String) -> String {
    guard let line = block.components(separatedBy: "\n").first(where: { $0.contains("\(key) = \"") }),
      let start = line.firstIndex(of: "\"")
    else { return "" }
    return (try? GoJSON.decode(String(line[start...])))?.value.string ?? "not readable: \(line)"
  }

  /// Two spellings of the same ending are made one: a line break that is an action, and one that is trimmed away.
  private static func evened(_ contents: String) -> String {
    let mark = "{{ \"\\n\" }}"
    var contents = contents.hasSuffix(mark) ? String(contents.dropLast(mark.count)) + "\n" : contents
    let trimmed = contents.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.hasSuffix("-}}") {
      while let last = contents.last, last.isWhitespace { contents.removeLast() }
    }
    return contents
  }
}
