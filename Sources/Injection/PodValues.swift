internal import ManifestText

/// Parts of pods that every injection is made of.
extension Value {
  /// An environment variable.
  static func variable(_ name: String, _ value: String) -> Value {
    ["name": .string(name), "value": .string(value)]
  }

  /// A volume mounted in a container.
  static func mount(_ volume: String, _ path: String, readOnly: Bool = false) -> Value {
    var mount: Value = ["name": .string(volume), "mountPath": .string(path)]
    if readOnly { mount["readOnly"] = true }
    return mount
  }
}
