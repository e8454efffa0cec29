/// A dialect whose pods the API server can be told to refuse where their agents are missing.
package protocol GuardableDialect: Dialect {
  /// What a guard knows of it.
  var guardFacts: GuardFacts { get }
}
