package import ManifestText

extension Rule {
  /// The example that fails as a whole manifest; nil for a fault.
  package var failingManifest: String? { examples.map { RuleExample($0.fails, of: self).manifest } }

  /// The example that passes as a whole manifest; nil for a fault.
  package var passingManifest: String? { examples.map { RuleExample($0.passes, of: self).manifest } }
}

/// A rule's example, which may be nothing but the annotations of an ordinary pod.
private struct RuleExample {
  private let text: String
  /// The dialect whose prefix goes before the keys; nil where the example has them in full.
  private let dialect: (any Dialect)?

  init(_ text: String, of rule: Rule) {
    self.text = text
    dialect = Dialects.all.first { $0.name == rule.dialect }.map {
      $0.init(Configuration(), DialectOptions(isExact: false))
    }
  }

  /// The whole manifest.
  var manifest: String {
    if ["apiVersion:", "kind:", "---"].contains(where: text.hasPrefix) { return text + "\n" }
    return """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        selector:
          matchLabels: {app: web}
        template:
          metadata:
            labels: {app: web, com.talend.application: web, com.talend.service: api}
            annotations:
      \(annotations.map { $0.isEmpty ? "" : "        " + $0 }.joined(separator: "\n"))
          spec:
            containers:
            - name: web
              image: example.org/web

      """
  }

  /// The annotations with their prefix, and first the one without which nothing is asked for.
  private var annotations: [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      dialect.map { Self.isKey(line) ? $0.annotations.fullKey(String(line)) : String(line) } ?? String(line)
    }
    guard let key = dialect?.requestKey, !lines.contains(where: { $0.hasPrefix(key + ":") }) else { return lines }
    return ["\(key): \"true\""] + lines
  }

  /// True for a line that begins with a key which has no prefix yet; further lines of a value are indented.
  private static func isKey(_ line: Substring) -> Bool {
    guard let first = line.utf8.first, first != ASCII.space else { return false }
    return !line.prefix { $0 != ":" }.contains("/")
  }
}
