internal import ManifestText

/// That an object is being deleted, and what it still waits for.
struct Deletion: Equatable {
  /// Since when, as the server has it.
  let time: String
  /// The finalizers that have to finish before it is gone.
  let finalizers: [String]

  /// Reads the deletion from the object; nil where the object is not being deleted.
  init?(of object: Value) {
    guard let time = object["metadata"]?["deletionTimestamp"]?.string else { return nil }
    self.time = time
    finalizers = object["metadata"]?["finalizers"]?.array?.compactMap(\.string) ?? []
  }

  /// `has been marked for deletion since TIME, and waits for its finalizers a, b`.
  var predicate: String {
    let names = finalizers.joined(separator: ", ")
    let waiting = finalizers.isEmpty ? "" : ", and waits for its finalizer\(finalizers.count == 1 ? "" : "s") \(names)"
    return "has been marked for deletion since \(time)\(waiting)"
  }
}
