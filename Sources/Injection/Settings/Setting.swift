internal import ManifestText

/// One setting: its path in files and options, what it may be, and where its value is kept.
package struct Setting: Sendable {
  /// What a setting is for.
  package enum Purpose: Equatable, Sendable {
    /// It shapes the built-in containers of Talend's dialect, whose place the webhook's own configuration can take.
    case builtInContainers
    /// It counts whatever is injected.
    case everyInjection
  }

  typealias Values = Configuration.Values
  typealias Field<Value> = any WritableKeyPath<Values, Value> & Sendable

  /// The keys from the file's root, with dots between them.
  package let path: String
  package let shape: SettingShape
  /// What it does, in one sentence.
  package let summary: String
  package let purpose: Purpose
  let read: @Sendable (Values) -> Value
  let write: @Sendable (inout Values, Value) -> Void

  /// The groups the setting is in, the outermost first, and its own key at the end.
  package var keys: [String] { path.split(separator: ".").map(String.init) }
}

extension Setting {
  static func text(
    _ path: String, _ field: Field<String>, sharing others: [Field<String>] = [], _ rule: TextRule, _ summary: String,
    for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .text(rule), summary: summary, purpose: purpose,
      read: { .string($0[keyPath: field]) },
      write: { $0.set(field, others, $1.string ?? "") })
  }

  static func choice(
    _ path: String, _ field: Field<String>, _ choices: [String], _ summary: String,
    for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .choice(choices), summary: summary, purpose: purpose,
      read: { .string($0[keyPath: field]) },
      write: { $0[keyPath: field] = $1.string ?? "" })
  }

  /// Text of which some words are known, and the rest is judged where it is used.
  static func suggestion(
    _ path: String, _ field: Field<String>, _ words: [String], _ summary: String, for purpose: Purpose
  ) -> Setting {
    Setting(
      path: path, shape: .suggestion(words), summary: summary, purpose: purpose,
      read: { .string($0[keyPath: field]) },
      write: { $0[keyPath: field] = $1.string ?? "" })
  }

  static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ path: String, _ field: Field<Choice>, sharing others: [Field<Choice>] = [], _ summary: String,
    for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .choice(Choice.allCases.map(\.rawValue)), summary: summary, purpose: purpose,
      read: { .string($0[keyPath: field].rawValue) },
      write: { values, value in
        guard let choice = value.string.flatMap(Choice.init) else { return }
        values.set(field, others, choice)
      })
  }

  static func boolean(
    _ path: String, _ field: Field<Bool>, sharing others: [Field<Bool>] = [], _ summary: String,
    for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .boolean, summary: summary, purpose: purpose,
      read: { .bool($0[keyPath: field]) },
      write: { $0.set(field, others, $1 == .bool(true)) })
  }

  static func integer(
    _ path: String, _ field: Field<Int>, sharing others: [Field<Int>] = [], _ range: ClosedRange<Int>,
    _ summary: String, for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .integer(range), summary: summary, purpose: purpose,
      read: { .number(String($0[keyPath: field])) },
      write: { values, value in
        guard let number = value.integer else { return }
        values.set(field, others, number)
      })
  }

  static func optionalInteger(
    _ path: String, _ field: Field<Int?>, _ range: ClosedRange<Int>, _ summary: String
  ) -> Setting {
    Setting(
      path: path, shape: .optionalInteger(range), summary: summary, purpose: .builtInContainers,
      read: { values in values[keyPath: field].map { .number(String($0)) } ?? SettingShape.off },
      write: { $0[keyPath: field] = $1.integer })
  }

  /// A user or group, kept as the text an annotation of the same meaning would have.
  static func id(_ path: String, _ field: Field<String>, _ summary: String, for purpose: Purpose) -> Setting {
    Setting(
      path: path, shape: .id, summary: summary, purpose: purpose,
      read: { values in
        let text = values[keyPath: field]
        if text == HashiCorpSettings.leftToTheCluster { return SettingShape.off }
        // A number is shown as one where it is spelt as one.
        return Int(text).map { String($0) == text } == true ? .number(text) : .string(text)
      },
      write: { $0[keyPath: field] = $1.string ?? HashiCorpSettings.leftToTheCluster })
  }

  static func list(
    _ path: String, _ field: Field<[String]>, sharing others: [Field<[String]>] = [], _ summary: String,
    for purpose: Purpose = .builtInContainers
  ) -> Setting {
    Setting(
      path: path, shape: .list, summary: summary, purpose: purpose,
      read: { .array($0[keyPath: field].map(Value.string)) },
      write: { $0.set(field, others, $1.array?.compactMap(\.string) ?? []) })
  }
}

extension Configuration.Values {
  /// Sets a value for the one dialect, and for those that mean the same by it.
  fileprivate mutating func set<Content>(
    _ field: Setting.Field<Content>, _ others: [Setting.Field<Content>], _ value: Content
  ) {
    self[keyPath: field] = value
    for other in others { self[keyPath: other] = value }
  }
}

extension Value {
  fileprivate var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }
}
