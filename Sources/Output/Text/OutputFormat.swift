/// What standard output carries; without one, every document keeps its own format.
package enum OutputFormat: String, CaseIterable, Sendable {
  /// YAML; documents that are YAML already keep their bytes.
  case yaml
  /// JSON; documents that are JSON already keep their bytes.
  case json
  /// One line an object, such as `deployment.apps/web`.
  case name
  /// One JSON Patch (RFC 6902) an object and line.
  case patch
  /// What changes, as `--diff` shows it.
  case diff
}
