package import ManifestText

/// The place a value was written: what to call it, and where it stands in its file.
struct SettingPlace {
  /// `vault.address` in a file, `--set vault.address` or `--vault-addr` on the command line.
  let name: String
  /// Nil on the command line.
  var range: Range<Int>?
}

/// What is said about configurations that cannot be used.
extension Diagnostic {
  static func unfitSetting(_ fault: SettingFault, _ shape: SettingShape, at place: SettingPlace) -> Diagnostic {
    switch fault {
    case .wrongKind(let kind):
      let quoting = shape.takesText && kind == "a boolean" ? "; put it in quotes" : ""
      return setting(place, "cannot be \(kind)", "it has to be \(shape.expectation)\(quoting)")
    case .empty, .unfit(""):
      return setting(place, "is empty", "it has to be \(shape.expectation)")
    case .emptyName:
      return setting(place, "has an empty name among others", "it has to be \(shape.expectation)")
    case .credentials:
      var finding = setting(
        place, "holds a user name or password, which every reader of the manifests would see",
        "leave out what stands before the @")
      finding.hidesText = true
      return finding
    case .unfit(let text):
      let nearest = shape.nearest(to: text).map { "did you mean \($0)? " } ?? ""
      return setting(place, "cannot be `\(text)`", nearest + "it has to be \(shape.expectation)")
    case .nameTwice(let name):
      return setting(place, "names `\(name)` twice", "write one of the two: \(shape.onlyOne)")
    case .unknownRules(let names, let range):
      return notIgnorable(names, in: SettingPlace(name: "`\(place.name)`", range: range ?? place.range))
    }
  }

  /// What an option is to ignore are no rules about what manifests say.
  package static func notIgnorable(_ names: [String], in option: String) -> Diagnostic {
    notIgnorable(names, in: SettingPlace(name: option))
  }

  private static func notIgnorable(_ names: [String], in place: SettingPlace) -> Diagnostic {
    let meant = names.compactMap { NearestName.nearest(to: $0, among: Rule.ignorable.map(\.id)) }.map { "`\($0)`" }
    let what = names.count == 1 ? "which is not a rule" : "which are not rules"
    return Diagnostic(
      rule: .invalidSetting,
      message: "\(place.name) names \(names.map { "`\($0)`" }.inSentence), \(what) that can be ignored",
      hint: (meant.isEmpty ? "" : "did you mean \(meant.inSentence)? ") + "`explain rule` lists the rules there are",
      range: place.range)
  }

  static func unknownSetting(_ path: String, at place: SettingPlace) -> Diagnostic {
    let hint = SettingsFile.place(of: path) ?? useless(path) ?? meant(by: path)
    return Diagnostic(
      rule: .unknownSetting, message: path.isEmpty ? "a setting has to have a name" : "there is no setting `\(path)`",
      hint: hint ?? "`config export` prints every setting there is", range: place.range)
  }

  static func settingNameIsNoText(_ found: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .unknownSetting, message: "the name of a setting has to be plain text, and this is \(found)",
      hint: "write the name alone, without `?` and brackets", range: range)
  }

  /// What may have been meant; of a group also what is in it.
  private static func meant(by path: String) -> String? {
    let members = SettingSchema.members(beginningWith: path)
    if !members.isEmpty { return "did you mean \(members.joined(separator: ", or "))?" }
    return SettingSchema.nearest(to: path).map { nearest in
      let keys = SettingSchema.keys(of: nearest)
      return "did you mean \(nearest)?" + (keys.isEmpty ? "" : " Its settings are \(keys.joined(separator: ", "))")
    }
  }

  /// A setting that this dialect has no use for.
  private static func useless(_ path: String) -> String? {
    guard let found = SettingSchema.unused(path) else { return nil }
    let users = found.users.inSentence
    return "only \(users) uses `\(found.common)`; \(found.by.injector) has nothing like it"
  }

  /// A group has a value, or is to be set as a whole.
  static func groupOfSettings(_ path: String, found: String?, at place: SettingPlace) -> Diagnostic {
    let keys = SettingSchema.keys(of: path).joined(separator: ", ")
    guard let found else {
      return setting(place, "is a group of settings", "set one of them: \(keys)")
    }
    return setting(place, "cannot be \(found)", "it has to be a map; its keys are \(keys)")
  }

  private static func setting(_ place: SettingPlace, _ message: String, _ hint: String) -> Diagnostic {
    Diagnostic(rule: .invalidSetting, message: "`\(place.name)` \(message)", hint: hint, range: place.range)
  }

  // MARK: Files

  static func notAConfiguration(_ found: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "a configuration is a map of settings, and this is \(found)",
      hint: "`config export` prints a file to start from", range: range)
  }

  static func manifestAsConfiguration(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration, message: "this is a Kubernetes manifest, not a configuration",
      hint:
        "`config export` prints a file to start from; the injector's ConfigMap goes with --webhook-config",
      range: range)
  }

  /// A function or plugin was configured with an object that is of no use to it.
  static func noSettingsIn(_ kind: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration,
      message: kind.isEmpty
        ? "an object without a kind holds no settings" : "an object of kind \(kind) holds no settings",
      hint: """
        it has to be a ConfigMap with settings in its data, such as vault.address, or a \(Configuration.objectKind.kind) \
        (apiVersion \(Configuration.objectKind.apiVersion)) with them in its spec, as in a configuration file
        """, range: range)
  }

  /// A setting beside `spec`, where nobody would look at it.
  static func settingOutsideSpec(_ name: String, range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration,
      message: "`\(name)` stands beside the settings of this \(Configuration.objectKind.kind), which are in `spec`",
      hint: "indent it below `spec:`", range: range)
  }

  static func podPathsInConfigMap(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "a ConfigMap does not reach into podPaths",
      hint:
        "use the kind \(Configuration.objectKind.kind) of \(Configuration.objectKind.apiVersion), with them in `spec`",
      range: range)
  }

  static func secondConfiguration(range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .invalidConfiguration,
      message: "a second document begins here, and a configuration is only one",
      hint: "put the settings into the first document", range: range)
  }

  // MARK: The command line

  static func missingEqualsSign(_ option: String, _ text: String, form: String) -> Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: text.isEmpty ? "the value of \(option) is empty" : "`\(option) \(text)` has no =",
      hint: "write \(option) \(form)")
  }

  static var podPathsBySet: Diagnostic {
    Diagnostic(
      rule: .invalidSetting, message: "`--set` does not reach into podPaths",
      hint: "use --pod-path GROUP/KIND=PATH")
  }

  /// Each with the name it was set under; where one is a dialect's own, the other is to be unset for that dialect.
  static func twoCertificateAuthorities(_ settings: [(setting: DialectSetting, name: String?)]) -> Diagnostic {
    let names = settings.map { $0.name ?? $0.setting.own.path }
    let common = settings.filter { $0.name == $0.setting.common }
    let hint = common.count == 1 ? "set \(common[0].setting.own.path) to \"\"" : "set one of them to \"\""
    return Diagnostic(
      rule: .invalidSetting, message: "`\(names.joined(separator: "` and `"))` are both set", hint: hint)
  }

  /// Settings that shape containers which the webhook's own configuration brings.
  static func settingsWithoutEffect(_ settings: [(path: String, origin: Configuration.Origin)]) -> Diagnostic {
    let names = settings.map { "`\($0.path)` (\($0.origin))" }.joined(separator: ", ")
    return Diagnostic(
      rule: .settingWithoutEffect,
      message: "\(names) \(settings.count == 1 ? "has" : "have") no effect on what --webhook-config injects",
      hint: "the containers are those of the webhook's configuration: change them there")
  }

  /// A setting that another one keeps from having an effect.
  static func settingWithoutEffect(
    _ path: String, _ origin: Configuration.Origin, _ reason: String, _ hint: String
  ) -> Diagnostic {
    Diagnostic(
      rule: .settingWithoutEffect, message: "`\(path)` (\(origin)) has no effect \(reason)", hint: hint)
  }

  /// A setting that asks for what the webhook does not make.
  static func withoutEffectBesideExact(
    _ path: String, _ origin: Configuration.Origin, _ hint: String
  ) -> Diagnostic {
    Diagnostic(
      rule: .settingWithoutEffect,
      message: "`\(path)` (\(origin)) has no effect together with --exact", hint: hint)
  }

  /// An option that says something to another dialect than the one that is read.
  static func settingOfAnotherDialect(
    _ path: String, _ origin: Configuration.Origin, of users: [String], beside name: String
  ) -> Diagnostic {
    Diagnostic(
      rule: .settingWithoutEffect,
      message: "`\(path)` (\(origin)) has no effect together with --dialect \(name)",
      hint: "only \(Dialects.injectors(of: users).inSentence) uses it")
  }

  /// What there is to say once a run where pods are injected that ask Vault at an address nobody chose.
  package static func builtInAddress(_ addresses: [String]) -> Diagnostic {
    let ones = addresses.count == 1 ? "one" : "ones"
    return Diagnostic(
      rule: .builtInAddress,
      message: "no address of Vault is set, so pods use the built-in \(ones), \(addresses.listed(first: 4))",
      hint: "set vault.address in .vault-inject.yaml, or give --vault-addr, even where the built-in one is right")
  }

  // MARK: Pod paths

  static func podPath(_ fault: PodPathSetting.Fault, at place: SettingPlace) -> Diagnostic {
    switch fault {
    case .kind(let name):
      setting(
        place, "cannot be for `\(name)`",
        "kinds are written GROUP/KIND, such as example.com/Widget, and KIND alone in the core group")
    case .version(let name, let group, let kind):
      setting(place, "cannot be for `\(name)`", "leave the version out: \(group)/\(kind)")
    case .path(let path):
      setting(
        place, "cannot be `\(path)`",
        "a path is written spec.template or spec.tasks[*].template; . is the object itself")
    case .index(let path):
      setting(place, "cannot be `\(path)`", "every element of a list is meant, written [*]")
    }
  }

  static func podPathsKind(_ found: String, of name: String?, at place: SettingPlace) -> Diagnostic {
    guard name != nil else {
      return setting(
        place, "cannot be \(found)", "it has to be a map from GROUP/KIND to the path of its pod template")
    }
    return setting(
      place, "cannot be \(found)", "it has to be a path such as spec.template, or a list of paths")
  }
}

extension SettingShape {
  /// True where a word such as `yes` has to be quoted to be what was meant.
  fileprivate var takesText: Bool {
    switch self {
    case .text, .choice, .suggestion: true
    case .boolean, .integer, .optionalInteger, .id, .list, .rules, .entrypoints, .imageConfigs: false
    }
  }

  /// Why one name is told of once.
  fileprivate var onlyOne: String {
    self == .imageConfigs ? "an image has one configuration" : "a container has one program to start"
  }

  fileprivate func nearest(to text: String) -> String? {
    switch self {
    case .choice(let choices): NearestName.nearest(to: text, among: choices)
    case .boolean: NearestName.nearest(to: text, among: ["true", "false"])
    case .text, .suggestion, .integer, .optionalInteger, .id, .list, .rules, .entrypoints, .imageConfigs: nil
    }
  }
}
