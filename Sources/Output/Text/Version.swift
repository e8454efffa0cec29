internal import CBuild

/// The version of this program.
package enum Version {
  package static let number = "0.2.0"
  /// What `version` prints: the commit as well, where the one who built it said which.
  package static let text = "kubectl-vault-inject \(number)" + (commit.isEmpty ? "" : " (\(commit))")

  private static let commit = unsafe String(cString: vault_inject_commit())
}
