import Injection
import ManifestText
import Testing

/// The table of settings against the values it is about.
@Suite struct ConfigurationSchemaTests {
  /// The stored properties of a value, those of nested structures in their place.
  static func properties(of value: Any, _ name: String = "") -> [(name: String, value: String)] {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .struct, !mirror.children.isEmpty, !(value is String) else {
      return [(name, "\(value)")]
    }
    return mirror.children.flatMap { properties(of: $0.value, "\(name).\($0.label ?? "")") }
  }

  /// A value that is accepted, and is not the built-in one.
  static func otherValue(_ setting: Setting) -> String {
    switch setting.shape {
    case .text(let rule): otherText(rule)
    case .choice(let choices): choices.last { !$0.isEmpty && .string($0) != builtIn(setting) } ?? ""
    case .suggestion(let words): words[1]
    case .boolean:
      ConfigurationText.view(Configuration()).contains(" \(setting.keys.last ?? ""): true ") ? "false" : "true"
    case .integer(let range): String(range.lowerBound + 7)
    case .optionalInteger, .id: "off"
    case .list: "one,another"
    case .rules: "plain-http,no-agent"
    case .imageConfigs: "images,shop:1=shop.json"
    case .entrypoints: #"checkout=["/other", "it's"]"#
    }
  }

  private static func builtIn(_ setting: Setting) -> Value {
    SettingSchema.owned.first { $0.own == setting }?.builtIn ?? SettingSchema.builtIn(setting.path)
  }

  private static func otherText(_ rule: TextRule) -> String {
    switch rule {
    case .address: "https://other.example.com:8200"
    case .duration: "17s"
    case .permissions, .optionalPermissions: "0600"
    case .quantity, .optionalQuantity: "77Mi"
    case .anything, .nonEmpty, .image, .optionalImage, .authPath, .fileName, .key, .annotationPrefix: "other"
    }
  }

  /// A configuration in which nothing is as it is built in.
  static func everythingSet() throws -> Configuration {
    var configuration = Configuration()
    for row in SettingSchema.rows {
      try configuration.set(assignment: "\(row.path)=\(otherValue(row))")
    }
    try configuration.set(podPaths: ["example.com/Widget=spec.template", "Thing=."])
    return configuration
  }

  @Test func everyPropertyHasARowOfItsOwn() throws {
    let defaults = Configuration().values
    let others = try Self.everythingSet().values
    let talend = try unset(Self.properties(of: defaults.talend), Self.properties(of: others.talend))
    let hashicorp = try unset(Self.properties(of: defaults.hashicorp), Self.properties(of: others.hashicorp))
    #expect(talend == TalendSettings.uses.count)
    let openbao = try unset(
      Self.properties(of: defaults.openbao.agents), Self.properties(of: others.openbao.agents))
    #expect(hashicorp == HashiCorpSettings.uses.count)
    #expect(openbao + 1 == OpenBaoSettings.uses.count)
    #expect(CommonSettings.rows.count { SettingSchema.users(of: $0.path).count > 1 } == Self.sharedCount)
  }

  /// The settings that several dialects mean the same by.
  private static let sharedCount = 36

  private func unset(_ defaults: [(name: String, value: String)], _ others: [(name: String, value: String)]) throws
    -> Int
  {
    for (before, after) in zip(defaults, others) {
      #expect(before.value != after.value, "no row of SettingSchema sets \(before.name)")
    }
    return defaults.count
  }

  /// What holds for the one dialect must hold for the other, also where nobody sets anything, or else be documented.
  @Test func sharedSettingsHaveOneDefaultOrSeveralRows() {
    for setting in SettingSchema.owned where setting.builtIn != SettingSchema.builtIn(setting.common ?? "") {
      #expect(SettingSchema.rows.contains(setting.own), "\(setting.own.path)")
    }
  }

  @Test func everyCommonSettingIsUsed() {
    for row in CommonSettings.rows { #expect(!SettingSchema.users(of: row.path).isEmpty, "\(row.path)") }
    let common = Set(CommonSettings.rows.map(\.path))
    for setting in SettingSchema.owned {
      #expect(setting.common.map(common.contains) ?? true, "\(setting.own.path)")
      #expect(setting.own.path.hasPrefix("\(setting.dialect)."), "\(setting.own.path)")
    }
  }

  /// What is set for all is what each dialect gets, and no other.
  @Test(arguments: CommonSettings.rows.indices) func commonSettingReachesEveryUser(_ index: Int) throws {
    let row = CommonSettings.rows[index]
    var common = Configuration()
    try common.set(assignment: "\(row.path)=\(Self.otherValue(row))")
    var own = Configuration()
    for setting in SettingSchema.users(of: row.path) {
      try own.set(assignment: "\(setting.dialect).\(row.path)=\(Self.otherValue(row))")
    }
    #expect(common.values == own.values && common.values != Configuration().values)
    let users = SettingSchema.users(of: row.path).filter { $0.builtIn != .string(Self.otherValue(row)) }.map(\.dialect)
    #expect((common.values.talend != TalendSettings()) == users.contains("talend"))
    #expect((common.values.hashicorp != HashiCorpSettings()) == users.contains("hashicorp"))
    #expect((common.values.openbao != OpenBaoSettings()) == users.contains("openbao"))
  }

  /// A dialect's own setting wins, whatever is set later.
  @Test(arguments: CommonSettings.rows.indices) func ownSettingWins(_ index: Int) throws {
    let row = CommonSettings.rows[index]
    for setting in SettingSchema.users(of: row.path) {
      var own = Configuration()
      try own.set(assignment: "\(setting.own.path)=\(Self.otherValue(setting.own))")
      let alone = own.values
      for other in SettingSchema.users(of: row.path) where other.dialect != setting.dialect {
        try own.set(assignment: "\(other.own.path)=\(Self.otherValue(other.own))")
      }
      let all = own.values
      let origin = own.origin(of: setting.own.path)
      try own.set(assignment: "\(row.path)=\(Self.otherValue(row))")
      #expect(own.values == all && own.origin(of: setting.own.path) == origin, "\(setting.own.path)")
      #expect(alone != Configuration().values)
    }
  }

  @Test func rowsDifferAndFormATree() {
    let paths = SettingSchema.rows.map(\.path)
    #expect(Set(paths).count == paths.count)
    for path in paths { #expect(!paths.contains { $0.hasPrefix(path + ".") }, "\(path) is a group too") }
  }

  /// Uncommenting depends on it: keys begin with a small letter, sentences do not.
  @Test(arguments: SettingSchema.rows.indices) func rowIsDocumented(_ index: Int) {
    let row = SettingSchema.rows[index]
    #expect(row.summary.first?.isUppercase == true && row.summary.last == ".", "\(row.path)")
    #expect(row.keys.allSatisfy { $0.first?.isLowercase == true }, "\(row.path)")
  }

  @Test(arguments: [
    ("vault.adress", "vault.address"), ("adress", "vault.address"), ("loglevel", "agent.logLevel"),
    ("vualt.address", "vault.address"), ("sidecar", "sidecars"), ("podpath", "podPaths"),
    ("agent.resources.limit.cpu", "agent.resources.limits.cpu"),
    ("talend.label.service", "talend.labels.service"),
    ("approle", "auth.approle"), ("tls.skipVerify", "vault.tls.skipVerify"),
    ("kubernetes.path", "auth.kubernetes.path"),
  ]) func nearest(_ path: String, _ expected: String) {
    var configuration = Configuration()
    do {
      try configuration.set(assignment: "\(path)=x")
      Issue.record("\(path) is a setting")
    } catch {
      #expect(error.message == "there is no setting `\(path)`")
      // Of a group, what is in it follows.
      #expect(error.hint?.hasPrefix("did you mean \(expected)?") == true)
    }
  }
}

extension Configuration {
  /// Everything that is in force.
  struct Values: Equatable {
    let talend: TalendSettings
    let hashicorp: HashiCorpSettings
    let openbao: OpenBaoSettings
    let podPaths: [PodPathSetting]
  }

  var values: Values { Values(talend: settings(), hashicorp: settings(), openbao: settings(), podPaths: podPaths) }
}
