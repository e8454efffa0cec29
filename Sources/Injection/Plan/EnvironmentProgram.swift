package import ManifestText

/// The program that starts applications with secrets in their environment, where their images have no shell for a script.
package enum EnvironmentProgram {
  /// What it is called in its image, and in the pod where nothing else is said.
  package static let name = "vaultinjector-env"

  /// The command of the container that brings it.
  package static func installation(at path: String) -> [Value] { [.string("/\(name)"), "--install", .string(path)] }
}
