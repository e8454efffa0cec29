package import ManifestText

extension Configuration {
  /// Sets one setting as `--set PATH=VALUE` says.
  /// - Throws: A `Diagnostic` where there is no `=`, no such setting, or no such value of it.
  package mutating func set(assignment: String) throws(Diagnostic) {
    guard let (path, value) = Configuration.parts(of: assignment) else {
      throw .missingEqualsSign("--set", assignment, form: "PATH=VALUE, such as vault.namespace=team-a")
    }
    let place = SettingPlace(name: "--set \(path)")
    guard let setting = SettingSchema.setting(at: path) else {
      if path == SettingSchema.podPaths || path.hasPrefix("\(SettingSchema.podPaths).") {
        throw .podPathsBySet
      }
      if SettingSchema.isGroup(path) { throw .groupOfSettings(path, found: nil, at: place) }
      throw .unknownSetting(path, at: place)
    }
    try set(setting, to: value, at: place, from: .option("--set"))
  }

  /// Sets one setting through an option of its own, such as `--vault-addr`.
  /// - Throws: A `Diagnostic` where the value is none of the setting's.
  package mutating func set(_ path: String, to text: String, option: String) throws(Diagnostic) {
    guard let setting = SettingSchema.setting(at: path) else {
      throw .unknownSetting(path, at: SettingPlace(name: option))
    }
    try set(setting, to: text, at: SettingPlace(name: option), from: .option(option))
  }

  /// Tells what images start as `--entrypoint CONTAINER=JSON` says, beside what is set of other containers.
  /// - Throws: A `Diagnostic` for an option that cannot be read.
  package mutating func set(entrypoints options: [String]) throws(Diagnostic) {
    let place = SettingPlace(name: "--entrypoint")
    for option in options where Entrypoint.parsed(option) == nil {
      throw .unfitSetting(.unfit(option), .entrypoints, at: place)
    }
    try Configuration.refuseNameTwice(in: options, .entrypoints, at: place)
    add(options, to: "entrypoints", from: .option("--entrypoint"))
  }

  /// Tells of images as `--image-config [IMAGE=]PATH` says, beside what is set of others.
  /// - Throws: A `Diagnostic` for an option that cannot be read.
  package mutating func set(imageConfigs options: [String]) throws(Diagnostic) {
    let place = SettingPlace(name: "--image-config")
    for option in options where ImageEntry(option) == nil {
      throw .unfitSetting(.unfit(option), .imageConfigs, at: place)
    }
    try Configuration.refuseNameTwice(in: options, .imageConfigs, at: place)
    add(options, to: "imageConfigs", from: .option("--image-config"))
  }

  private static func refuseNameTwice(
    in options: [String], _ shape: SettingShape, at place: SettingPlace
  ) throws(Diagnostic) {
    if let name = shape.nameTwice(in: options) { throw .unfitSetting(.nameTwice(name), shape, at: place) }
  }

  /// Adds to the end of a list that is a common setting.
  private mutating func add(_ entries: [String], to path: String, from origin: Origin) {
    guard let row = CommonSettings.row(at: path), let setting = SettingSchema.setting(at: path) else { return }
    let present = value(of: row).array?.compactMap(\.string) ?? []
    set(setting, to: .array((present + entries).map(Value.string)), from: origin)
  }

  private mutating func set(
    _ setting: NamedSetting, to text: String, at place: SettingPlace, from origin: Origin
  ) throws(Diagnostic) {
    do throws(SettingFault) {
      set(setting, to: try setting.shape.value(of: text), from: origin)
    } catch {
      throw .unfitSetting(error, setting.shape, at: place)
    }
  }

  /// Tells further kinds as `--pod-path GROUP/KIND=PATH` says; a kind named twice has two pod templates.
  /// - Throws: A `Diagnostic` for the first option that cannot be read.
  package mutating func set(podPaths options: [String]) throws(Diagnostic) {
    let place = SettingPlace(name: "--pod-path")
    var settings: [PodPathSetting] = []
    for option in options {
      guard let (name, path) = Configuration.parts(of: option) else {
        throw .missingEqualsSign(
          "--pod-path", option, form: "GROUP/KIND=PATH, such as example.com/Widget=spec.template")
      }
      do throws(PodPathSetting.Fault) {
        try Configuration.add(path, of: name, to: &settings)
      } catch {
        throw .podPath(error, at: place)
      }
    }
    for setting in settings { set(setting, from: .option("--pod-path")) }
  }

  private static func add(
    _ path: String, of name: String, to settings: inout [PodPathSetting]
  ) throws(PodPathSetting.Fault) {
    let setting = try PodPathSetting(name: name)
    let index = settings.firstIndex { $0.name == setting.name }
    if index == nil { settings.append(setting) }
    try settings[index ?? settings.count - 1].append(path: path)
  }

  private static func parts(of assignment: String) -> (name: String, value: String)? {
    guard let sign = assignment.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return (String(assignment[..<sign]), String(assignment[assignment.utf8.index(after: sign)...]))
  }
}

extension Configuration {
  /// Finds settings that do not go together.
  /// - Throws: A `Diagnostic` that names them.
  package func check() throws(Diagnostic) {
    if isBuiltIn { return }
    let authorities = ["vault.tls.caConfigMap", "vault.tls.caSecret"]
    for dialect in Dialects.all {
      let set = dialect.settings.filter { setting in
        authorities.contains(setting.common ?? "") && value(of: setting) != .string("")
      }
      if set.count == authorities.count { throw .twoCertificateAuthorities(set.map { ($0, source(of: $0)) }) }
    }
  }

  /// The warning about settings that shape nothing where the webhook's own configuration is used; nil where a user
  /// gave none of them.
  package var warningBesideWebhookConfiguration: Diagnostic? {
    let idle = idle { $0.shapesBuiltInContainers }
    return idle.isEmpty ? nil : .settingsWithoutEffect(idle)
  }

  /// The warnings about settings that ask for what no webhook makes.
  package var warningsBesideExact: [Diagnostic] {
    Configuration.unknownToWebhooks.flatMap { unknown in
      idle { setting in
        guard setting.common == unknown.setting else { return false }
        return unknown.value.map { $0 == value(of: setting) } ?? (value(of: setting) != setting.builtIn)
      }.map { setting in
        .withoutEffectBesideExact(setting.path, setting.origin, unknown.hint)
      }
    }
  }

  private static let wordsHint =
    "the webhook never asks what an image starts; write a `command`, or leave --exact out"

  /// Settings with the value that no webhook knows; nil where it knows none at all.
  private static let unknownToWebhooks: [(setting: String, value: Value?, hint: String)] = [
    (
      "sidecars", Sidecars.native.settingValue,
      "the webhook knows no native sidecars; leave --exact out to have them"
    ),
    (
      "agent.configuration", AgentConfigurationForm.text.settingValue,
      "the webhook writes it in base64; leave --exact out to have text"
    ),
    ("entrypoints", nil, wordsHint),
    ("imageConfigs", nil, wordsHint),
  ]

  /// The warnings about options of the command line that say something to other dialects only.
  ///
  /// A file is not warned about: it serves every run of a project, or several projects, whatever dialect one run is
  /// limited to, while an option is given for this run.
  package func warnings(besideDialect name: String) -> [Diagnostic] {
    idle { $0.dialect != name }.compactMap { setting in
      guard case .option = setting.origin else { return nil }
      let users = SettingSchema.ofDialects.filter { [$0.own.path, $0.common].contains(setting.path) }.map(\.dialect)
      return users.contains(name)
        ? nil : .settingOfAnotherDialect(setting.path, setting.origin, of: users, beside: name)
    }
  }

  /// The warnings about settings that others keep from having an effect.
  package var warningsBesideOthers: [Diagnostic] {
    SettingCondition.all.flatMap { condition in
      idle { setting in
        guard setting.common == condition.setting, value(of: setting) != setting.builtIn else { return false }
        return condition.isVoid { path in
          let other = SettingSchema.ofDialects.first { $0.dialect == setting.dialect && $0.common == path }
          return other.map { value(of: $0) } ?? .null
        }
      }.map { Diagnostic.settingWithoutEffect($0.path, $0.origin, condition.reason, condition.hint) }
    }
  }

  /// What was set, by the names it was set under, of the dialects' settings that a condition holds for.
  private func idle(where isIdle: (DialectSetting) -> Bool) -> [(path: String, origin: Origin)] {
    if isBuiltIn { return [] }
    let paths = SettingSchema.ofDialects.filter(isIdle).compactMap(source)
    return SettingSchema.paths.filter(paths.contains).map { ($0, origin(of: $0)) }
  }
}

/// A setting that has no effect where others are set so; the counterpart of the conditions of annotations.
private struct SettingCondition: Sendable {
  /// The common path.
  let setting: String
  /// In words that go after "has no effect".
  let reason: String
  let hint: String
  /// True where the others, read by their common paths, leave it without effect.
  let isVoid: @Sendable (_ value: (String) -> Value) -> Bool

  static let all = [
    SettingCondition(
      setting: "consulTemplate.image", reason: "without `renderer: consul-template`",
      hint: "set renderer to consul-template, or leave it out"
    ) { $0("renderer") != .string("consul-template") },
    SettingCondition(
      setting: "vault.tls.caKey", reason: "without `vault.tls.caConfigMap` or `vault.tls.caSecret`",
      hint: "name the ConfigMap or Secret that has this key"
    ) { $0("vault.tls.caConfigMap") == .string("") && $0("vault.tls.caSecret") == .string("") },
    checked("vault.tls.caConfigMap"), checked("vault.tls.caSecret"),
  ]

  private static func checked(_ setting: String) -> SettingCondition {
    SettingCondition(
      setting: setting, reason: "with `vault.tls.skipVerify`",
      hint: "leave skipVerify out, so that Vault's certificate is checked"
    ) { $0("vault.tls.skipVerify") == .bool(true) }
  }
}
