package import ManifestText

/// The selector of a workload's pods, as requests spell it.
package enum PodSelector {
  /// The text of a selector; nil where it selects everything, or cannot be read.
  package static func text(_ selector: Value) -> String? {
    let isPlain = selector["matchLabels"] == nil && selector["matchExpressions"] == nil
    let labels = isPlain ? selector.members : selector["matchLabels"]?.members
    var terms = (labels ?? []).compactMap { member in member.value.string.map { "\(member.key)=\($0)" } }
    for expression in selector["matchExpressions"]?.array ?? [] {
      guard let term = term(expression) else { return nil }
      terms.append(term)
    }
    return terms.isEmpty ? nil : terms.joined(separator: ",")
  }

  private static func term(_ expression: Value) -> String? {
    guard let key = expression["key"]?.string else { return nil }
    let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: ",")
    return switch expression["operator"]?.string {
    case "In": "\(key) in (\(values))"
    case "NotIn": "\(key) notin (\(values))"
    case "Exists": key
    case "DoesNotExist": "!\(key)"
    default: nil
    }
  }
}
