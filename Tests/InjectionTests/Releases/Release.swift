import Foundation
import Injection
import ManifestText
import TestSupport

/// What a release made of some inputs, kept as it was: `Tests/Fixtures/releases/NUMBER` holds the `inputs` and, for each
/// setting that matters, `SETTINGS.yaml` and a folder with the outputs, those left out that `default` has as well.
struct Release {
  /// Settings that outputs were recorded with.
  struct Variant: Sendable {
    let name: String
    let settings: String
    var isExact: Bool { name == Variant.exact }

    static let exact = "exact"
    static let plain = "default"

    /// Those that are recorded from now on, the first of which the others are compared with.
    static let recorded = [
      Variant(name: plain, settings: "{}\n"), Variant(name: "native", settings: "sidecars: native\n"),
      Variant(name: "container", settings: "sidecars: container\n"),
      Variant(name: "consul-template", settings: "renderer: consul-template\n"),
      Variant(name: exact, settings: "{}\n"),
    ]

    /// All that is needed to inject as the release was told to.
    func dialects() throws -> [any Dialect] {
      var configuration = Configuration()
      try configuration.read(SourceText(name: "\(name).yaml", bytes: Array(settings.utf8)))
      let (values, options) = (configuration, DialectOptions(isExact: isExact))
      return Dialects.all.map { $0.init(values, options) }
    }
  }

  /// An output of a release.
  struct Output: Sendable, CustomStringConvertible {
    let release: String
    let variant: Variant
    /// The path below the inputs.
    let name: String
    let input: [UInt8]
    let output: [UInt8]

    var description: String { "\(release)/\(variant.name)/\(name)" }
  }

  private static let folder = Fixtures.folder.appending(path: "releases")

  /// Every release there are outputs of.
  static let numbers = names(in: folder)

  /// Every output of every release.
  static let outputs: [Output] = numbers.flatMap { Release(number: $0).outputs }

  let number: String

  private var root: URL { Release.folder.appending(path: number) }

  private var outputs: [Output] {
    Release.names(in: root).filter { $0.hasSuffix(".yaml") }.flatMap { file -> [Output] in
      guard let settings = try? Release.bytes(of: root.appending(path: file)) else { return [] }
      let variant = Variant(name: String(file.dropLast(5)), settings: String(decoding: settings, as: UTF8.self))
      return Release.files(below: root.appending(path: variant.name)).compactMap { name in
        guard let input = try? Release.bytes(of: root.appending(path: "inputs/\(name)")),
          let output = try? Release.bytes(of: root.appending(path: "\(variant.name)/\(name)"))
        else { return nil }
        return Output(release: number, variant: variant, name: name, input: input, output: output)
      }
    }
  }
}

// MARK: Recording

extension Release {
  /// The number that `RECORD_RELEASE` asks to be recorded; nil where it asks for none.
  static let asked = ProcessInfo.processInfo.environment["RECORD_RELEASE"].map(Release.init)

  /// Where the inputs of a recording come from: all examples, and spellings that are hard to undo.
  private static let sources = [
    ("talend", "../../examples"), ("hashicorp", "../../examples/hashicorp"), (spelling, "found"),
  ]
  private static let spelling = "spelling"

  /// Writes down what is injected now.
  func record(injecting: (_ input: [UInt8], _ name: String, Variant) throws -> [UInt8]?) throws {
    try? FileManager.default.removeItem(at: root)
    var plain: [String: [UInt8]] = [:]
    for variant in Variant.recorded {
      try write(Array(variant.settings.utf8), to: "\(variant.name).yaml")
      for (folder, source) in Release.sources where folder != Release.spelling || variant.name == Variant.plain {
        let source = Fixtures.folder.appending(path: source)
        for file in Release.names(in: source) where !file.hasSuffix(".md") && file.contains(".") {
          // There is nothing to undo in what keeps no record: one file shows that.
          if variant.isExact, file != "deployment.yaml" { continue }
          let name = "\(folder)/\(file)"
          let input = try Release.bytes(of: source.appending(path: file))
          guard let output = try injecting(input, name, variant), output != input, output != plain[name] else {
            continue
          }
          if variant.name == Variant.plain { plain[name] = output }
          try write(input, to: "inputs/\(name)")
          try write(output, to: "\(variant.name)/\(name)")
        }
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  // MARK: Files

  private static func bytes(of file: URL) throws -> [UInt8] { Array(try Data(contentsOf: file)) }

  private static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  private static func files(below folder: URL) -> [String] {
    names(in: folder).flatMap { name in names(in: folder.appending(path: name)).map { "\(name)/\($0)" } }
  }
}
