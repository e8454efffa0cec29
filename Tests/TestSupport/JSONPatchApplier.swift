import ManifestText

/// JSON Patch as RFC 6902 has it, written apart from the code under test.
public enum JSONPatchApplier {
  /// An operation that cannot be carried out.
  public struct Failure: Error { let operation: PatchOperation }

  /// The value with the operations carried out in order.
  public static func apply(_ operations: [PatchOperation], to value: Value) throws -> Value {
    var value = value
    for operation in operations {
      guard let next = apply(operation, operation.path.steps[...], to: value) else {
        throw Failure(operation: operation)
      }
      value = next
    }
    return value
  }

  private static func apply(_ operation: PatchOperation, _ steps: ArraySlice<Path.Step>, to value: Value) -> Value? {
    guard let step = steps.first else { return operation.value }
    let isLast = steps.count == 1
    switch (step, value) {
    case (.key(let key), .object(let members)):
      var object = Value.object(members)
      if isLast {
        if operation.kind != .add, object[key] == nil { return nil }
        object[key] = operation.kind == .remove ? nil : operation.value
        return object
      }
      guard let inner = object[key], let changed = apply(operation, steps.dropFirst(), to: inner) else { return nil }
      object[key] = changed
      return object
    case (.key("-"), .array(let elements)) where isLast && operation.kind == .add:
      return .array(elements + [operation.value])
    case (.index(let index), .array(var elements)):
      if isLast, operation.kind == .add {
        guard index <= elements.count else { return nil }
        elements.insert(operation.value, at: index)
        return .array(elements)
      }
      guard index < elements.count else { return nil }
      if isLast, operation.kind == .remove {
        elements.remove(at: index)
        return .array(elements)
      }
      guard let changed = apply(operation, steps.dropFirst(), to: elements[index]) else { return nil }
      elements[index] = changed
      return .array(elements)
    default: return nil
    }
  }
}
