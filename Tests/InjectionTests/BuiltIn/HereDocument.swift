import Injection
import ManifestText

/// What a container's script writes into its program's configuration file.
struct HereDocument {
  /// With its last line feed.
  let text: String
  /// The line that ends it.
  let mark: String

  /// Nil where the container runs no such script.
  init?(of container: Value) {
    guard let script = container["command"]?.array?.last?.string, let start = script.range(of: ".hcl <<'"),
      let end = script.range(of: "'\n", range: start.upperBound..<script.endIndex)
    else { return nil }
    let mark = String(script[start.upperBound..<end.lowerBound])
    let lines = script[end.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    text = lines.prefix { $0 != mark }.map { $0 + "\n" }.joined()
    self.mark = mark
  }
}
