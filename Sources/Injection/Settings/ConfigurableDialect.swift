package import ManifestText

/// Everything an operator of one injector sets, with its defaults.
package protocol DialectSettings: Equatable, Sendable {
  /// The dialect's name, which stands before the paths of settings for it alone.
  static var dialect: String { get }
  /// Every setting the dialect uses, in the order those for it alone are documented.
  static var uses: [SettingUse<Self>] { get }
  /// What holds where nobody sets anything.
  init()
}

/// A dialect that settings decide about.
///
/// A new one is a folder with a type like this, and its line in `Dialects`.
package protocol ConfigurableDialect: ExplainableDialect, GuardableDialect, AnnotatableDialect {
  associatedtype OperatorSettings: DialectSettings
  /// Whose annotations they are: `Talend's injector`.
  static var injector: String { get }
  /// What stands before the slash in the annotations, unless a setting says otherwise.
  static var prefix: String { get }
  /// True where another dialect is not spoken beside it, as its pods are this one's.
  static func replaces(_ other: any ConfigurableDialect.Type, with settings: OperatorSettings) -> Bool
  /// The dialect with these settings.
  init(_ operatorSettings: OperatorSettings, _ options: DialectOptions)
}

extension ConfigurableDialect {
  /// Every other dialect is spoken beside it unless it says otherwise.
  package static func replaces(_ other: any ConfigurableDialect.Type, with settings: OperatorSettings) -> Bool { false }
}

/// What decides about injections beside the settings.
package struct DialectOptions: Sendable {
  /// True for what the webhook would do and nothing else.
  package let isExact: Bool
  /// The configuration of a webhook, to be used in place of what is built in.
  package let webhook: (any WebhookContents)?
  /// False where nobody said where Vault is, so that the built-in address holds.
  package var choosesAddress = true
  /// What is known of images.
  package var images = ImageCatalog()
  /// True where it is the one dialect that is spoken, as the command line asks for it.
  package var isAlone = false

  package init(isExact: Bool, webhook: (any WebhookContents)? = nil) {
    (self.isExact, self.webhook) = (isExact, webhook)
  }
}

/// What the webhook of a dialect was configured with; the dialect knows its own.
package protocol WebhookContents: Sendable {}

/// A setting as one dialect has it.
package struct DialectSetting: Sendable {
  /// The dialect's name.
  package let dialect: String
  /// The path in `CommonSettings`; nil for a setting that is the dialect's alone.
  package let common: String?
  /// The row that sets it for this dialect alone.
  package let own: Setting
  /// What holds where nobody sets anything, as `own` spells it.
  package let builtIn: Value
  /// True where the dialect says something of its own about a common setting.
  package let hasRow: Bool
  /// True where it shapes containers whose place the configuration of a webhook can take.
  package let shapesBuiltInContainers: Bool
  /// The value for this dialect alone that means the same as a common one.
  package let ownValue: @Sendable (Value) -> Value
}

extension DialectSettings {
  /// The dialect's settings, in the order of their uses.
  static var settings: [DialectSetting] {
    let defaults = Self()
    return uses.map { use in
      DialectSetting(
        dialect: dialect, common: use.common, own: use.own ?? row(for: use.common ?? ""),
        builtIn: use.read(defaults), hasRow: use.own != nil, shapesBuiltInContainers: use.shapesBuiltInContainers,
        ownValue: use.ownValue)
    }
  }

  /// The row that sets a common setting for this dialect alone.
  private static func row(for path: String) -> Setting {
    Setting(
      "\(dialect).\(path)", CommonSettings.row(at: path)?.shape ?? .text(.anything),
      "The same as \(path), for this injector's pods alone.", like: CommonSettings.row(at: path)?.example)
  }
}

/// The defaults that every dialect has.
package enum CommonDefaults {
  package static let vaultAddress = "http://vault.vault.svc:8200"
  /// The key of a certificate authority in its ConfigMap or Secret.
  static let caKey = "ca.crt"
  static let image = "hashicorp/vault:2.0.4"
  /// The image that is used where an operator names this one: an empty one means the built-in one.
  static func effectiveImage(_ image: String) -> String { image.isEmpty ? CommonDefaults.image : image }
  static let program = "vault"
  static let logLevel = "info"
  static let runAsUser = 100
  static let runAsGroup = 1000
  static let sidecars = Sidecars.auto
  /// How many seconds a native sidecar may take until the secrets are there, before it is started again.
  static let startupSeconds = 300
}
