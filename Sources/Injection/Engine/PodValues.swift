internal import ManifestText

/// Parts of pods that every injection is made of.
extension Value {
  /// An environment variable.
  static func variable(_ name: String, _ value: String) -> Value {
    ["name": .string(name), "value": .string(value)]
  }

  /// A reference to a field of the pod, with the version the API server would fill in.
  static func field(_ path: String) -> Value { ["apiVersion": "v1", "fieldPath": .string(path)] }

  /// A volume mounted in a container.
  static func mount(_ volume: String, _ path: String, readOnly: Bool = false) -> Value {
    var mount: Value = ["name": .string(volume), "mountPath": .string(path)]
    if readOnly { mount["readOnly"] = true }
    return mount
  }
}
