internal import ManifestText

/// The settings, to be looked up by their paths: common ones, a dialect's own, and groups of them.
package struct SettingReference: Reference {
  package let noun = "setting"

  package init() {}

  package var list: ReferenceList { ReferenceList(groups: SettingReference.groups(of: SettingSchema.rows)) }

  /// The settings by the first key of their paths, in order.
  private static func groups(of rows: [Setting]) -> [ReferenceList.Group] {
    let titles = rows.map { $0.keys[0] }.reduce(into: [String]()) { titles, title in
      if !titles.contains(title) { titles.append(title) }
    }
    return titles.map { title in
      let lines = rows.filter { $0.keys[0] == title }.map { ReferenceList.Line(name: $0.path, summary: $0.summary) }
      return ReferenceList.Group(title: title, lines: lines)
    }
  }

  package func answer(to name: String?) -> ReferenceAnswer? {
    if let name, SettingSchema.isGroup(name) {
      let rows = SettingReference.members(of: name)
      return .list(ReferenceList(groups: SettingReference.groups(of: rows)))
    }
    return plainAnswer(to: name)
  }

  private static func members(of group: String) -> [Setting] {
    let own = SettingSchema.owned.map(\.own).filter { own in !SettingSchema.rows.contains { $0.path == own.path } }
    return (SettingSchema.rows + own).filter { $0.path.hasPrefix(group + ".") }
  }

  package func entries(named name: String) -> [ReferenceEntry] {
    if let row = CommonSettings.row(at: name) { return [common(row)] }
    guard let path = SettingSchema.setting(at: name)?.path,
      let own = SettingSchema.owned.first(where: { $0.own.path == path })
    else { return [] }
    return [entry(own)]
  }

  package func nearest(to name: String) -> [String] { SettingSchema.nearest(to: name).map { [$0] } ?? [] }

  // MARK: Entries

  private func common(_ row: Setting) -> ReferenceEntry {
    let users = SettingSchema.users(of: row.path)
    let injectors = Dialects.injectors(of: users.map(\.dialect))
    var entry = ReferenceEntry(row.path, owner: injectors.inSentence, row.summary)
    entry.facts = [ReferenceEntry.Fact("accepted", row.shape.expectation), fallback(of: users)]
    entry.facts += facts(of: row, builtIn: SettingSchema.builtIn(row.path), users.map(\.own.path) + [row.path])
    let alone = users.map { user in
      let differs = user.own.shape.expectation != row.shape.expectation
      let form = differs ? "; \(user.own.shape.expectation)" : ""
      return "\(user.own.path) for \(Dialects.injectors(of: [user.dialect]).joined()) alone\(form)"
    }
    entry.facts.append(ReferenceEntry.Fact("own", lines: alone, value: .array(users.map { .string($0.own.path) })))
    return entry
  }

  private func entry(_ setting: DialectSetting) -> ReferenceEntry {
    let row = setting.own
    let owner = Dialects.injectors(of: [setting.dialect]).joined()
    var entry = ReferenceEntry(row.path, owner: owner, row.summary)
    entry.facts = [ReferenceEntry.Fact("accepted", row.shape.expectation), fallback(of: [setting])]
    entry.facts += facts(of: row, builtIn: setting.builtIn, [row.path, setting.common].compactMap(\.self))
    if let common = setting.common { entry.facts.append(ReferenceEntry.Fact("common", common)) }
    return entry
  }

  /// What holds for all, or what holds for the first, and for each other one that has something else.
  private func fallback(of users: [DialectSetting]) -> ReferenceEntry.Fact {
    let values = users.map { SettingReference.spelled($0.builtIn) }
    let texts = values.map { $0.isEmpty ? "none" : "`\($0)`" }
    guard let first = texts.first, !texts.allSatisfy({ $0 == first }) else {
      return ReferenceEntry.Fact("default", lines: [texts.first ?? "none"], value: .string(values.first ?? ""))
    }
    let lines = zip(users, texts).map { "\($1) for \(Dialects.injectors(of: [$0.dialect]).joined())" }
    let members = zip(users, values).map { Value.Member(key: $0.dialect, value: .string($1)) }
    return ReferenceEntry.Fact("default", lines: lines, value: .object(members))
  }

  /// How a setting is written, and which annotations win over it.
  private func facts(of row: Setting, builtIn: Value, _ paths: [String]) -> [ReferenceEntry.Fact] {
    let text = row.shape == .boolean && builtIn == .bool(true) ? "false" : row.example
    let value = (try? row.shape.value(of: text)) ?? .string(text)
    let nested = row.keys.reversed().reduce(value) { .object([Value.Member(key: $1, value: $0)]) }
    let yaml = String(decoding: YAMLWriter.block(nested), as: UTF8.self).split(separator: "\n").map(String.init)
    let annotations = SettingReference.annotations(decidedBy: paths)
    let option = "--set \(ShellText.word("\(row.path)=\(text)", bare: "/.-_=:,"))"
    return [
      ReferenceEntry.Fact("file", lines: yaml, value: nested, isCode: true),
      ReferenceEntry.Fact("option", lines: [option], value: .string(option), isCode: true),
      annotations.isEmpty ? nil : ReferenceEntry.Fact("annotation", all: annotations),
    ].compactMap(\.self)
  }

  /// The full keys of the annotations that take their default from one of these settings.
  private static func annotations(decidedBy paths: [String]) -> [String] {
    Dialects.all.flatMap { type in
      let schema = type.init(Configuration(), DialectOptions(isExact: false)).annotations
      return schema.rows.filter { $0.setting.map(paths.contains) ?? false }.map { schema.fullKey($0.key) }
    }
  }

  // MARK: Values

  /// A dialect's setting by its own path or the common one.
  static func setting(at path: String) -> DialectSetting? {
    SettingSchema.owned.first { $0.own.path == path || $0.common == path }
  }

  /// A value as an option spells it; empty where there is none.
  static func spelled(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .array(let items): items.compactMap(\.string).joined(separator: ",")
    case .null: ""
    default: YAMLWriter.inline(value)
    }
  }
}
