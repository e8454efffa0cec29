package import Injection
package import ManifestText

/// Tells what decided something, with the place where that is said.
package struct Provenance {
  /// What decided, and where that stands.
  struct Words {
    /// An annotation's key, a setting's path, or a few words.
    let name: String
    /// Where it is written; nil for what is written nowhere.
    let place: String?

    /// The same without the name of the file that everything else is in, too.
    var short: String
  }

  private let configuration: Configuration
  private let lines: LineIndex

  /// Tells places in a source by its lines, and where the settings of a configuration come from.
  package init(_ configuration: Configuration, _ lines: LineIndex) {
    (self.configuration, self.lines) = (configuration, lines)
  }

  func location(of range: Range<Int>) -> Location { lines.location(of: range.lowerBound) }

  /// What decided something in a dialect's story.
  func words(_ source: Decision.Source, in dialect: String) -> Words {
    switch source {
    case .annotation(let key, let range): return words(key, at: range)
    case .label(let key): return words("the label \(key)", at: nil)
    case .field(let path, let range): return words(path, at: range)
    case .setting(let path):
      let (name, origin) = configuration.provenance(of: path, in: dialect)
      return Words(name: "the setting \(name)", place: "\(origin)", short: "the setting \(name), \(origin)")
    case .webhook: return words("the webhook's configuration", at: nil)
    case .usual(let text): return words(text, at: nil)
    }
  }

  private func words(_ name: String, at range: Range<Int>?) -> Words {
    guard let range else { return Words(name: name, place: nil, short: name) }
    let location = location(of: range)
    return Words(name: name, place: "\(location)", short: "\(name), \(location.line):\(location.column)")
  }
}
