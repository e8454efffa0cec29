import Foundation
import Injection
import TestSupport
import Testing

/// The dialects' tables of annotations against the README, which shows them, and the code, which reads them.
@Suite struct AnnotationTableTests {
  /// A dialect's documented rows.
  struct Table: CustomTestStringConvertible, Sendable {
    /// Whose injector reads them, which is also the name of the folder below `Sources/Injection/Dialects`.
    let name: String
    let schema: AnnotationSchema

    init(_ dialect: any ConfigurableDialect.Type) {
      name = String(dialect.injector.prefix { $0 != "'" })
      schema = dialect.init(Configuration(), DialectOptions(isExact: false)).annotations
    }

    var testDescription: String { name }
    var begin: String { "<!-- The annotations of \(name), written by AnnotationTableTests -->\n" }
    static let end = "<!-- end -->\n"

    /// The rows as the README shows them; of a fork, what it does not have of the table of another.
    var markdown: String {
      guard let origin = Self.origins[name].flatMap({ origin in tables.first { $0.name == origin } }) else {
        return whole
      }
      let own = lines
      let lines = origin.lines.filter { !own.contains($0) }
      let missing = origin.schema.rows.filter { schema.row($0.key) == nil }.map { "`\($0.key)`" }
      return "Read as \(origin.name)'s are, but for \(missing.joined(separator: ", ")), which nothing reads.\n"
        + (lines.count == missing.count ? "" : whole)
    }

    /// Whose annotations the forks of injectors read.
    private static let origins = ["OpenBao": "HashiCorp"]

    /// What the table says of each row, whatever the dialect's own settings are called.
    private var lines: [String] {
      whole.split(separator: "\n").map {
        String($0).replacing("the setting `openbao.", with: "the setting `hashicorp.")
      }
    }

    private var whole: String {
      let lines = schema.rows.map { row in
        let meaning = ([row.summary] + row.conditions).joined(separator: " ")
        return "| `\(row.key)` | \(row.fallback) | \(row.accepted) | \(meaning) |\n"
      }
      return "| annotation | default | accepted | what it does |\n|---|---|---|---|\n" + lines.joined()
    }

    /// The values that hold where nobody says anything, by their annotations' keys.
    var defaults: [(key: String, text: String)] {
      schema.rows.compactMap { row in
        let parts = row.fallback.split(separator: "`", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].isEmpty && parts[2].isEmpty ? (row.key, String(parts[1])) : nil
      }
    }
  }

  static let tables = Dialects.all.map { Table($0) }

  /// A row names the setting that it takes its default from, as the README's table of settings does.
  @Test(arguments: tables) func settingsOfDefaultsExist(_ table: Table) throws {
    let settings = try SettingTableTests.shownPaths()
    for row in table.schema.rows {
      guard let rest = row.fallback.split(separator: "the setting `").last, row.fallback.hasPrefix("the setting `")
      else {
        continue
      }
      #expect(settings.contains(String(rest.prefix { $0 != "`" })), "\(row.key): \(row.fallback)")
    }
  }

  /// What others call an annotation stands for one that there is, and is the name of none.
  @Test(arguments: tables) func misnomersLeadToRows(_ table: Table) {
    let others = Set(Self.tables.filter { $0.name != table.name }.flatMap { $0.schema.rows.map(\.key) })
    for (misnomer, key) in table.schema.misnomers {
      #expect(table.schema.rows.contains { $0.key == key }, "\(misnomer) stands for \(key), which no row has")
      #expect(table.schema.row(misnomer) == nil, "\(misnomer) is an annotation itself")
      // The members of a family are known by the row of the dialect that has it.
      let isFamily = misnomer.hasSuffix("-NAME") || misnomer.hasSuffix("-PARAM")
      #expect(!isFamily || others.contains(misnomer), "no dialect has the family \(misnomer)")
    }
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// `RECORD_README=1 Tests/run AnnotationTableTests` writes the tables into the README.
  @Test(arguments: tables) func readmeShowsEveryTable(_ table: Table) throws {
    try ReadmePart(from: "The annotations of \(table.name)", to: "end", by: "AnnotationTableTests")
      .expect("\n" + table.markdown + "\n")
  }

  /// Prose that repeats a default would stay behind when the row changes.
  @Test(arguments: tables) func proseRepeatsNoDefault(_ table: Table) throws {
    var prose = try String(contentsOf: ReadmePart.readme, encoding: .utf8)
    for other in Self.tables {
      let begin = try #require(prose.range(of: other.begin))
      let end = try #require(prose.range(of: Table.end, range: begin.upperBound..<prose.endIndex))
      prose.removeSubrange(begin.lowerBound..<end.upperBound)
    }
    let paragraphs = prose.split(separator: "\n\n")
    for (key, text) in table.defaults {
      for paragraph in paragraphs where paragraph.contains("`\(key)`") && paragraph.contains("default") {
        #expect(!paragraph.contains("`\(text)`"), "the README says the default of \(key) outside the table")
      }
    }
  }

  /// Code asks the table: it spells no key, and no default, itself.
  @Test(arguments: tables) func codeSpellsNoKeyAndNoDefault(_ table: Table) throws {
    // A key of one word may be the name of something else.
    let keys = table.schema.rows.map { $0.stem ?? $0.key }.filter { $0.contains("-") }
    for (file, text) in try Self.sources(of: table) {
      for key in keys {
        #expect(!text.contains("\"\(key)\""), "\(file) spells the key \(key), which its row has")
      }
      for (key, value) in table.defaults {
        for sign in ["?? ", "default: "] {
          #expect(!text.contains("\(sign)\"\(value)\""), "\(file) has the default of \(key), which its row has")
        }
      }
    }
  }

  /// The dialect's code and the conversions', but for tables.
  private static func sources(of table: Table) throws -> [(name: String, text: String)] {
    let folders = try ["Dialects/\(table.name)", "Conversion"].map { path in
      let folder = root.appending(path: "Sources/Injection/\(path)")
      return try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    }
    return try folders.flatMap { $0.compactMap { $0 as? URL } }
      .filter { $0.pathExtension == "swift" && !$0.lastPathComponent.contains("Table") }
      .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }
}
