/// A program that a kubeconfig names to get credentials from.
struct ExecPlugin: Sendable {
  /// Whether the program may ask the user.
  enum InteractiveMode: String, CaseIterable {
    case never = "Never"
    case ifAvailable = "IfAvailable"
    case always = "Always"
  }

  static let versions = ["v1", "v1beta1"].map { "client.authentication.k8s.io/\($0)" }

  /// The program, its path resolved where the kubeconfig names one.
  let command: String
  let arguments: [String]
  let environment: [ProgramCall.Variable]
  let apiVersion: String
  let interactiveMode: InteractiveMode
  let wantsCluster: Bool
  /// What the kubeconfig says about installing it, in one line that is safe for a terminal; nil where it says nothing.
  let installHint: String?
}
