internal import ManifestText
internal import Platform

/// How machines name inputs: files by their paths from the root of the repository, as far as that is known.
package struct ReportPlaces {
  /// What an input is to a machine that shows files.
  enum Place: Equatable {
    /// A file, by its path from the root, or by its whole path where it lies outside.
    case file(String)
    /// Anything else, by a URI.
    case other(String)
  }

  /// The root of the repository as a CI tells it, else the working directory; nil where there is none.
  let root: String?
  private let folder: String?

  /// What an input is called that came on standard input.
  package static let standardInput = "<stdin>"

  init() {
    self.init(folder: Environment.currentFolder, workspace: Environment.nonEmpty("GITHUB_WORKSPACE"))
  }

  init(folder: String?, workspace: String?) {
    self.folder = folder
    let workspace = workspace.map(ReportPlaces.plain)
    root = folder.flatMap { folder in
      workspace.flatMap { ReportPlaces.path(of: folder, from: $0) == nil ? nil : $0 } ?? folder
    }
  }

  /// What an input of this name is.
  func place(of name: String) -> Place {
    // What came on standard input is in no file of the repository; by this name the system has it.
    if name == ReportPlaces.standardInput { return .other("file:///dev/stdin") }
    if URLText.isURL(name) || ["kustomize:", "helm:"].contains(where: name.hasPrefix) {
      return .other(URIText.escaped(name, keeping: ":/?#&=%"))
    }
    let whole = name.hasPrefix("/") ? name : folder.map { "\($0)/\(name)" } ?? name
    let path = ReportPlaces.plain(whole)
    return .file(root.flatMap { ReportPlaces.path(of: path, from: $0) } ?? path)
  }

  /// The path without `.`, `..` and doubled slashes.
  private static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty, parts.last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The way from a folder to a path below it; nil where it is not below.
  private static func path(of path: String, from folder: String) -> String? {
    if path == folder { return "" }
    let prefix = folder == "/" ? "/" : folder + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }
}

/// Texts as parts of URIs.
enum URIText {
  /// The text with everything escaped that has a meaning in a URI, or none at all.
  static func escaped(_ text: String, keeping kept: String = "/") -> String {
    let kept = Array(kept.utf8)
    return FilePath.bytes(of: text).map { byte in
      isPlain(byte) || kept.contains(byte)
        ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }
}

/// A part of an input as machines name it: lines and columns from 1, the last column not counted in.
struct ReportRegion {
  let startLine: Int
  let startColumn: Int
  let endLine: Int
  let endColumn: Int

  /// The region of a range of bytes; nil where there is no text to point into.
  init?(_ range: Range<Int>, _ lines: LineIndex?) {
    guard let lines else { return nil }
    let (start, end) = (lines.location(of: range.lowerBound), lines.location(of: range.upperBound))
    (startLine, startColumn, endLine, endColumn) = (start.line, start.column, end.line, end.column)
  }
}
