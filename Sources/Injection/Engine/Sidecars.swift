/// How an agent runs beside the application.
package enum Sidecars: String, Equatable, Sendable, CaseIterable {
  /// As one of the pod's containers, as the webhooks do it.
  case container
  /// As an init container with `restartPolicy: Always`.
  case native
}
