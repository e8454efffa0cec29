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
    case .choice(let choices): choices[1] == "IfNotPresent" ? "Never" : choices[1]
    case .suggestion(let words): words[1]
    case .boolean:
      ConfigurationText.view(Configuration()).contains(" \(setting.keys.last ?? ""): true ") ? "false" : "true"
    case .integer(let range): String(range.lowerBound + 7)
    case .optionalInteger, .id: "off"
    case .list: "one,another"
    }
  }

  private static func otherText(_ rule: TextRule) -> String {
    switch rule {
    case .address: "https://other.example.com:8200"
    case .duration: "17s"
    case .permissions: "0600"
    case .quantity, .optionalQuantity: "77Mi"
    case .anything, .nonEmpty, .image, .optionalImage, .authPath, .fileName, .annotationPrefix: "other"
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
    let own = SettingSchema.rows.count { $0.path.hasPrefix("hashicorp.") }
    #expect(SettingSchema.rows.count == talend + own)
    #expect(hashicorp == own + Self.sharedCount)
  }

  /// The settings that both dialects mean the same by.
  private static let sharedCount = 13

  private func unset(_ defaults: [(name: String, value: String)], _ others: [(name: String, value: String)]) throws
    -> Int
  {
    for (before, after) in zip(defaults, others) {
      #expect(before.value != after.value, "no row of SettingSchema sets \(before.name)")
    }
    return defaults.count
  }

  /// What is read from the one dialect's settings must hold for the other, also where nobody sets anything.
  @Test func sharedSettingsHaveOneDefault() {
    let talend = Dictionary(uniqueKeysWithValues: Self.properties(of: TalendSettings()).map { ($0.name, $0.value) })
    let shared = Self.properties(of: HashiCorpSettings()).filter { talend[$0.name] != nil }
    let owned = [".tokenExpirationSeconds", ".runAsUser", ".runAsGroup"]
    for property in shared where !owned.contains(property.name) {
      #expect(talend[property.name] == property.value, "\(property.name)")
    }
    #expect(shared.count == Self.sharedCount + owned.count)
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
      #expect(error.hint == "did you mean \(expected)?")
    }
  }
}
