import Foundation
import Injection
import ManifestText
import TestSupport
import Testing

/// The README's table of settings, which is made from the rows.
@Suite struct SettingTableTests {
  private static let part = ReadmePart(from: "The settings", to: "end of the settings", by: "SettingTableTests")

  /// `RECORD_README=1 Tests/run SettingTableTests` writes the table into the README.
  @Test func readmeHasEveryRow() throws { try Self.part.expect(Self.table()) }

  /// The paths that the README's table shows.
  static func shownPaths() throws -> Set<String> {
    let names = try part.text().split(separator: "\n").map { $0.split(separator: " | ")[0] }
    return Set(names.flatMap { $0.split(separator: "`").map(String.init) })
  }

  /// Prose that repeats a default would stay behind when the row changes.
  @Test func proseRepeatsNoDefault() throws {
    let prose = try String(contentsOf: ReadmePart.readme, encoding: .utf8).replacing(try Self.part.text(), with: "")
    let section = try #require(prose.split(separator: "\n## ").first { $0.hasPrefix("Settings\n") })
    // What programs print is compared with what they really print.
    let paragraphs = section.split(separator: "\n\n").filter { !$0.hasPrefix("```") }
    for setting in SettingSchema.owned {
      guard let text = setting.builtIn.string, !text.isEmpty else { continue }
      // An image's version is the part of it that changes.
      let spellings = setting.own.shape.isImage ? [text, String(text.prefix { $0 != ":" })] : [text]
      for paragraph in paragraphs {
        let repeated = spellings.contains { paragraph.contains("`\($0)`") }
        #expect(!repeated, "the README says the default of \(setting.own.path) outside the table")
      }
    }
  }

  private static func table() -> String {
    let own = SettingSchema.owned.filter { $0.common == nil && origin(of: $0) == nil }
    let rows = CommonSettings.rows.flatMap(rows) + own.map { row($0.own, [$0]) }
    let head = ["| setting | built in | accepted | for | what it does |", "|---|---|---|---|---|"]
    return "\n" + (head + rows).map { $0 + "\n" }.joined() + "\n"
  }

  /// A common setting, and after it those of the dialects that take other values or tell it otherwise.
  private static func rows(_ setting: Setting) -> [String] {
    let users = SettingSchema.users(of: setting.path)
    let different = users.filter { user in
      let (own, isTold) = (user.own, user.hasRow)
      return isTold && origin(of: user) == nil
        && (own.shape.expectation != setting.shape.expectation || own.summary != setting.summary)
    }
    return [row(setting, users)] + different.map { row($0.own, [$0]) }
  }

  private static func row(_ setting: Setting, _ users: [DialectSetting]) -> String {
    let copies = users.first { $0.own.path == setting.path }.map(copies) ?? []
    let injectors = (users + copies).map { injector($0.dialect) }.joined(separator: ", ")
    let paths = ([setting.path] + copies.map(\.own.path)).map { "`\($0)`" }.joined(separator: ", ")
    let others = copies.filter { $0.builtIn != users.first?.builtIn }
    let cells = [paths, builtIn(users + others), setting.shape.expectation, injectors, setting.summary]
    return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
  }

  /// The setting that another dialect's is a copy of, under its own name; nil for one that is none.
  private static func origin(of setting: DialectSetting) -> DialectSetting? {
    guard setting.dialect == "openbao" else { return nil }
    return SettingSchema.owned.first { other in
      other.own.path == setting.own.path.replacing("openbao.", with: "hashicorp.")
        && other.own.summary == setting.own.summary
    }
  }

  private static func copies(of setting: DialectSetting) -> [DialectSetting] {
    SettingSchema.owned.filter { origin(of: $0)?.own.path == setting.own.path }
  }

  /// What holds for all, or what holds for the first, and for each other one that has something else.
  private static func builtIn(_ users: [DialectSetting]) -> String {
    guard let first = users.first else { return "" }
    let others = users.dropFirst().filter { $0.builtIn != $0.ownValue(first.builtIn) }
    return ([spelled(first.builtIn)] + others.map { "\(injector($0.dialect)): \(spelled($0.builtIn))" })
      .joined(separator: "; ")
  }

  private static func spelled(_ value: Value) -> String {
    value == "" || value == .array([]) ? "none" : "`\(value.string ?? YAMLWriter.inline(value))`"
  }

  private static func injector(_ name: String) -> String {
    let injector = Dialects.all.first { $0.name == name }.map { $0.injector } ?? name
    return String(injector.prefix { $0 != "'" })
  }
}

extension SettingShape {
  fileprivate var isImage: Bool { self == .text(.image) || self == .text(.optionalImage) }
}
