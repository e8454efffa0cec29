import Foundation
import ManifestText

/// The recorded data the tests run on.
public enum Fixtures {
  /// The folder `Tests/Fixtures` of this checkout.
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  /// The names of the manifests in a folder, in order; what tells of them is none.
  public static func manifests(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { name in
      name.hasSuffix(".yaml") || name.hasSuffix(".json")
    }.sorted()
  }

  /// A fixture's bytes under its path in the folder.
  public static func source(_ path: String) throws -> SourceText {
    SourceText(name: path, bytes: Array(try Data(contentsOf: folder.appending(path: path))))
  }

  /// The JSON values of a file with one a line, split at line feeds only.
  public static func jsonLines(_ path: String) throws -> [Value] {
    let source = try source(path)
    return try source.bytes.split(separator: UInt8(ascii: "\n")).map { try value(Array($0), name: path) }
  }

  /// The value of one document.
  public static func value(_ bytes: [UInt8], name: String = "value") throws -> Value {
    let document = try document(bytes, name: name)
    guard let root = document.root else { return .null }
    return try document.value(of: root)
  }

  /// The first document of a text.
  public static func document(_ bytes: [UInt8], name: String = "value") throws -> Document {
    let source = SourceText(name: name, bytes: bytes)
    var stream = try DocumentStream(source)
    guard let piece = stream.next() else { throw Diagnostic(rule: .yamlSyntax, message: "no document") }
    return try Document(piece, of: source)
  }
}

extension Value {
  /// The value without members that mean the same as their absence to Kubernetes, members sorted by key.
  public var normalized: Value {
    switch self {
    case .array(let elements): .array(elements.map(\.normalized))
    case .object(let members):
      .object(
        members.map { Member(key: $0.key, value: $0.value.normalized) }
          .filter { !$0.isVoid }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    default: self
    }
  }
}

extension Value.Member {
  fileprivate var isVoid: Bool {
    switch (key, value) {
    case (_, .null), ("resources", .object([])), ("lifecycle", .object([])), ("value", .string("")): true
    default: false
    }
  }
}
