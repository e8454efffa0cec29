package import ManifestText

/// How a dialect uses one setting: which of its fields it fills in.
package struct SettingUse<Settings: Sendable>: Sendable {
  package typealias Field<Content> = any WritableKeyPath<Settings, Content> & Sendable

  /// The path in `CommonSettings`; nil for a setting that is the dialect's alone.
  package let common: String?
  /// The row of the setting for this dialect alone, where that is not the common row with the dialect's name before it.
  let own: Setting?
  /// True where it shapes containers whose place the configuration of a webhook can take.
  private(set) var shapesBuiltInContainers = false
  /// The value for this dialect alone that means the same as a common one.
  let ownValue: @Sendable (Value) -> Value
  let read: @Sendable (Settings) -> Value
  let write: @Sendable (inout Settings, Value) -> Void

  private init(
    _ common: String?, own: Setting?, ownValue: @escaping @Sendable (Value) -> Value = { $0 },
    read: @escaping @Sendable (Settings) -> Value, write: @escaping @Sendable (inout Settings, Value) -> Void
  ) {
    (self.common, self.own, self.ownValue, self.read, self.write) = (common, own, ownValue, read, write)
  }

  private init<Content: SettingContent>(
    _ common: String?, own: Setting?, _ field: Field<Content>,
    ownValue: @escaping @Sendable (Value) -> Value = { $0 }
  ) {
    self.init(
      common, own: own, ownValue: ownValue, read: { $0[keyPath: field].settingValue },
      write: { settings, value in
        if let content = Content(settingValue: value) { settings[keyPath: field] = content }
      })
  }

  /// The same use, of a setting that shapes built-in containers.
  package var ofBuiltInContainers: SettingUse {
    var use = self
    use.shapesBuiltInContainers = true
    return use
  }
}

extension SettingUse {
  /// A common setting.
  ///
  /// Where the dialect takes other values, or has another name for it, its own row says so; a common value is then
  /// translated.
  package static func common<Content: SettingContent>(
    _ path: String, _ field: Field<Content>, own: Setting? = nil,
    _ ownValue: @escaping @Sendable (Value) -> Value = { $0 }
  ) -> SettingUse {
    SettingUse(path, own: own, field, ownValue: ownValue)
  }

  /// The same use by a dialect that has all of these settings among its own, and other names for them.
  package func within<Outer>(
    _ settings: SettingUse<Outer>.Field<Settings>, named name: (String) -> String
  ) -> SettingUse<Outer> {
    let own = own.map { Setting(name($0.path), $0.shape, $0.summary, like: $0.example) }
    return SettingUse<Outer>(
      common, own: own, ownValue: ownValue, read: { [read] in read($0[keyPath: settings]) },
      write: { [write] in write(&$0[keyPath: settings], $1) })
  }

  /// A setting that is the dialect's alone.
  package static func own<Content: SettingContent>(
    _ path: String, _ shape: SettingShape, _ field: Field<Content>, _ summary: String, like example: String? = nil
  ) -> SettingUse {
    SettingUse(nil, own: Setting(path, shape, summary, like: example), field)
  }

  /// A user or group, kept as the text an annotation of the same meaning would have.
  package static func id(
    _ path: String, _ field: Field<String>, own: Setting, leftToTheCluster off: String
  ) -> SettingUse {
    SettingUse(
      path, own: own,
      read: { settings in
        let text = settings[keyPath: field]
        if text == off { return SettingShape.off }
        // A number is shown as one where it is spelt as one.
        return Int(text).map { String($0) == text } == true ? .number(text) : .string(text)
      },
      write: { settings, value in
        settings[keyPath: field] =
          value == SettingShape.off ? off : value.string ?? value.integer.map(String.init) ?? off
      })
  }
}

/// What a field of a dialect's settings can hold.
package protocol SettingContent: Sendable {
  /// Nil for a value of another kind.
  init?(settingValue: Value)
  var settingValue: Value { get }
}

extension String: SettingContent {
  package init?(settingValue: Value) {
    guard let text = settingValue.string else { return nil }
    self = text
  }
  package var settingValue: Value { .string(self) }
}

extension Bool: SettingContent {
  package init?(settingValue: Value) { self = settingValue == .bool(true) }
  package var settingValue: Value { .bool(self) }
}

extension Int: SettingContent {
  package init?(settingValue: Value) {
    guard let number = settingValue.integer else { return nil }
    self = number
  }
  package var settingValue: Value { .number(String(self)) }
}

/// A number that can be left to the cluster.
extension Int?: SettingContent {
  package init?(settingValue: Value) { self = settingValue.integer }
  package var settingValue: Value { self?.settingValue ?? SettingShape.off }
}

extension [String]: SettingContent {
  package init?(settingValue: Value) { self = settingValue.array?.compactMap(\.string) ?? [] }
  package var settingValue: Value { .array(map(Value.string)) }
}

extension SettingContent where Self: RawRepresentable<String> {
  package init?(settingValue: Value) {
    guard let choice = settingValue.string.flatMap(Self.init) else { return nil }
    self = choice
  }
  package var settingValue: Value { .string(rawValue) }
}

extension Sidecars: SettingContent {}

extension Value {
  fileprivate var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }
}
