import Foundation
import Injection
import ManifestText
import TestSupport
import Testing

/// The README's table of settings, which is made from the rows.
@Suite struct SettingTableTests {
  private static let readme = Fixtures.folder.appending(path: "../../README.md")
  private static let start = "<!-- The settings, written by SettingTableTests -->\n"
  private static let end = "<!-- end of the settings -->\n"

  /// `RECORD_README=1 Tests/run SettingTableTests` writes the table into the README.
  @Test func readmeHasEveryRow() throws {
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let start = try #require(text.range(of: Self.start))
    let end = try #require(text.range(of: Self.end))
    let table = Self.table()
    if text[start.upperBound..<end.lowerBound] == table { return }
    let records = ProcessInfo.processInfo.environment["RECORD_README"] != nil
    if records {
      let new = text[..<start.upperBound] + table + text[end.lowerBound...]
      try String(new).write(to: Self.readme, atomically: true, encoding: .utf8)
    }
    Issue.record(
      records ? "written" : "the README shows other settings: RECORD_README=1 writes these into it")
  }

  private static func table() -> String {
    let own = SettingSchema.ofDialects.filter { $0.common == nil }
    let rows =
      CommonSettings.rows.map { row($0, SettingSchema.users(of: $0.path)) } + own.map { row($0.own, [$0]) }
    let head = ["| setting | built in | accepted | for | what it does |", "|---|---|---|---|---|"]
    return "\n" + (head + rows).map { $0 + "\n" }.joined() + "\n"
  }

  private static func row(_ setting: Setting, _ users: [DialectSetting]) -> String {
    let others = users.map(\.own.path).filter { path in
      path != setting.path && !Dialects.names.contains { "\($0).\(setting.path)" == path }
    }
    let names = ([setting.path] + others).map { "`\($0)`" }.joined(separator: ", ")
    let injectors = users.map { injector($0.dialect) }.joined(separator: ", ")
    let cells = [names, builtIn(users), setting.shape.expectation, injectors, setting.summary]
    return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
  }

  /// What holds for all, or what holds for the first, and for each other one that has something else.
  private static func builtIn(_ users: [DialectSetting]) -> String {
    guard let first = users.first else { return "" }
    let others = users.filter { $0.builtIn != first.builtIn }
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
