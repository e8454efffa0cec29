/// What decides about the pods of objects: the dialects with their settings, and what becomes of what they find.
package struct InjectionTerms: Sendable {
  /// In the order they are asked.
  package let dialects: [any Dialect]
  /// Which findings refuse an object, and which are ignored.
  package let policy: FindingPolicy
  /// What decides in place of these about the objects of some namespaces.
  package let namespaced: [String: InjectionTerms]

  /// Terms that hold in every namespace but those that have their own.
  package init(
    dialects: [any Dialect], policy: FindingPolicy = FindingPolicy(), namespaced: [String: InjectionTerms] = [:]
  ) {
    (self.dialects, self.policy, self.namespaced) = (dialects, policy, namespaced)
  }

  /// The same for another thread, with dialects of its own.
  func unshared() -> InjectionTerms {
    InjectionTerms(
      dialects: dialects.map { $0.unshared() }, policy: policy, namespaced: namespaced.mapValues { $0.unshared() })
  }

  /// The dialects of all namespaces.
  var allDialects: [any Dialect] { dialects + namespaced.values.flatMap(\.allDialects) }
}
