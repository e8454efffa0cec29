/// How workloads are waited for once they are applied.
package struct WaitSettings: Equatable, Sendable {
  /// How long to wait at most; 0 looks once.
  var milliseconds: Int
  /// What the containers of Vault's agents are called, of which it is told what they do.
  package var agents: Set<String> = []

  /// How many objects are watched at once; more are read instead.
  private(set) var mostWatches = 50

  /// Keeps watches to what may be under way at once.
  package mutating func limit(toWatches count: Int) { mostWatches = min(mostWatches, count) }

  package init(milliseconds: Int) { self.milliseconds = milliseconds }
}
