internal import ManifestText

/// Digests as records of the first version hold them.
///
/// They leave out defaults by their keys alone and count everything else as it is spelt, so that a value is looked for
/// in the spellings it can have had before an API server rewrote it.
struct FirstDigest {
  private let value: Value
  /// What a record of the first version has of the value as it is.
  let digest: RecordedDigest

  init(_ value: Value) {
    self.value = value
    digest = RecordedDigest(Digest(bare: FirstDigest.normalized(value)))
  }

  /// True where a record of the first version means this value, in this spelling or another.
  func matches(_ recorded: RecordedDigest) -> Bool {
    if digest == recorded { return true }
    return FirstDigest.spellings(of: value).contains {
      RecordedDigest(Digest(bare: FirstDigest.normalized($0))) == recorded
    }
  }
}

// MARK: Defaults

extension FirstDigest {
  private static let defaults: [String: Value] = [
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "resources": [:],
    "securityContext": [:], "protocol": "TCP", "scheme": "HTTP", "timeoutSeconds": 1, "periodSeconds": 10,
    "successThreshold": 1, "failureThreshold": 3, "defaultMode": 420,
  ]

  /// A value without the members that say what holds without them.
  static func normalized(_ value: Value) -> Value {
    switch value {
    case .array(let elements): .array(elements.map(normalized))
    case .object(let members):
      .object(
        members.filter { !isDefault($0, among: members) }
          .map { Value.Member(key: $0.key, value: normalized($0.value)) })
    default: value
    }
  }

  private static func isDefault(_ member: Value.Member, among members: [Value.Member]) -> Bool {
    switch member.key {
    case "imagePullPolicy":
      let image = members.first { $0.key == "image" }?.value.string
      return image.map(ServerDefaults.pullPolicy) == member.value
    case "apiVersion": return member.value == "v1" && members.contains { $0.key == "fieldPath" }
    default: return defaults[member.key] == member.value
    }
  }
}

// MARK: Spellings

extension FirstDigest {
  /// What a container from a cluster can have been before: admission's mount was not there, variables without a value
  /// had an empty one, and amounts were spelt otherwise.
  private static func spellings(of value: Value) -> [Value] {
    let bare = withoutAdmission(value)
    return [bare, withEmptyValues(bare)].flatMap { container in
      resources(container["resources"]).map { resources in
        var spelling = container
        if let resources { spelling["resources"] = resources }
        return spelling
      }
    }
  }

  private static func withoutAdmission(_ container: Value) -> Value {
    guard let mounts = container["volumeMounts"]?.array else { return container }
    var container = container
    container["volumeMounts"] = .array(mounts.filter { !$0.isAdmittedMount })
    return container
  }

  private static func withEmptyValues(_ container: Value) -> Value {
    guard let variables = container["env"]?.array else { return container }
    var container = container
    container["env"] = .array(
      variables.map { variable in
        guard variable["value"] == nil, variable["valueFrom"] == nil else { return variable }
        var variable = variable
        variable["value"] = ""
        return variable
      })
    return container
  }

  /// The resources a container can have asked for; groups without an amount were written, and are gone.
  private static func resources(_ stored: Value?) -> [Value?] {
    let groups = ["limits", "requests"]
    guard (stored?.members ?? []).allSatisfy({ groups.contains($0.key) }) else { return [stored] }
    let choices: [(String, [Value?])] = groups.map { group in
      (group, stored?[group].map(amounts) ?? [nil, [:]])
    }
    return combinations([:], choices)
  }

  /// Every choice of spellings for a group's amounts; no injection has more than three.
  private static func amounts(_ stored: Value) -> [Value?] {
    combinations(stored, (stored.members ?? []).prefix(3).map { ($0.key, spellings(ofAmount: $0.value)) })
  }

  /// An object with every combination of its members' values.
  private static func combinations(_ object: Value, _ choices: [(key: String, values: [Value?])]) -> [Value] {
    choices.reduce([object]) { objects, choice in
      objects.flatMap { object in
        choice.values.map { value in
          var object = object
          object[choice.key] = value
          return object
        }
      }
    }
  }

  /// An amount in the spellings people choose: `500m` is `0.5` as well, `1` is `1000m`, and `1Gi` is `1024Mi`.
  private static func spellings(ofAmount stored: Value) -> [Value?] {
    guard let text = stored.string else { return [stored] }
    let suffix = text.drop { $0.isNumber }
    guard let number = Int(text.dropLast(suffix.count)), number < 1 << 40 else { return [stored] }
    return [stored] + others(number, String(suffix)).map(Value.string)
  }

  private static func others(_ number: Int, _ suffix: String) -> [String] {
    switch suffix {
    case "": ["\(number * 1000)m", "\(number).0"]
    case "m": [fraction(number)]
    case "Gi": ["\(number * 1024)Mi"]
    case "Mi": ["\(number * 1024)Ki"] + (number == 512 ? ["0.5Gi"] : [])
    default: []
    }
  }

  /// Thousandths as a decimal fraction.
  private static func fraction(_ thousandths: Int) -> String {
    var digits = String(thousandths % 1000 + 1000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(thousandths / 1000).\(digits)"
  }
}
