internal import ManifestText
internal import Output
internal import Platform

/// What a preflight found, for people: a block for each pod, with a line for each check.
struct PreflightText {
  private var page: Page
  private let marks: CheckMarks

  init(for stream: PreflightSettings.Stream) {
    page = Page(for: stream.descriptor)
    marks = CheckMarks(for: stream.descriptor)
  }

  /// Adds a pod's block: its remedies stand under what they are for, each once.
  mutating func add(_ result: PreflightResult) {
    let pod = result.pod
    page.line("\(page.styled("\(pod.name)", .strong)) in \(pod.namespace), \(pod.source.name)")
    var told: Set<String> = []
    for check in result.checks {
      switch check.outcome {
      case .passed(let text): line(marks.passed, .success, "\(check.subject): \(text)")
      case .untold(let text): line(marks.untold, .warning, "\(check.subject): \(text)")
      case .failed(let diagnostic):
        line(marks.failed, .error, "\(check.subject): \(diagnostic.message)")
        if let hint = diagnostic.hint, told.insert(hint).inserted {
          page.wrapped("\(hint)", after: "    \(page.styled("hint:", .note)) ", then: "      ", width: 10)
        }
      }
    }
    page.line()
  }

  private mutating func line(_ mark: String, _ style: Console.Style, _ text: String) {
    page.wrapped(text, after: "  \(page.styled("\(mark)", style)) ", then: "    ", width: 4)
  }

  /// Adds what it comes to for all pods.
  mutating func addSummary(_ results: [PreflightResult]) {
    guard !results.isEmpty else { return }
    let parts = PreflightResult.Verdict.allCases.compactMap { verdict -> String? in
      let count = results.count { $0.verdict == verdict }
      guard count > 0 else { return nil }
      let (pods, theirs) = ("\(count) pod\(count == 1 ? "" : "s")", count == 1 ? "its" : "their")
      switch verdict {
      case .yes: return "\(pods) would get \(theirs) secrets"
      case .no: return "\(pods) would not get \(theirs) secrets"
      case .untold: return "it cannot be told whether \(pods) would get \(theirs) secrets"
      }
    }
    page.line("\(parts.joined(separator: ", "))")
  }

  /// Prints it.
  func print(on stream: PreflightSettings.Stream, _ report: inout Report) {
    guard stream == .output else { return report.show(page) }
    var output = OutputBuffer()
    output.append(page.text)
    do throws(OutputError) {
      try output.write()
    } catch {
      report.fail(error)
    }
  }
}

/// The signs in front of checks, in characters that the terminal has.
struct CheckMarks {
  let passed: String
  let failed: String
  let untold: String

  static let unicode = CheckMarks(passed: "✓", failed: "✗", untold: "?")
  static let ascii = CheckMarks(passed: "+", failed: "x", untold: "?")

  private init(passed: String, failed: String, untold: String) {
    (self.passed, self.failed, self.untold) = (passed, failed, untold)
  }

  /// The signs for a stream: ASCII where the locale has no more, or the terminal is none to speak of.
  init(for descriptor: FileDescriptor) {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(Environment.nonEmpty).first?.lowercased()
    let isTerminal = descriptor.isTerminal
    let speaksUnicode = locale.map { ByteText.holds($0, "utf-8") || ByteText.holds($0, "utf8") } ?? !isTerminal
    let isDumb = isTerminal && Environment.value("TERM") == "dumb"
    self = speaksUnicode && !isDumb ? CheckMarks.unicode : CheckMarks.ascii
  }
}

extension PreflightSettings.Stream {
  fileprivate var descriptor: FileDescriptor { self == .output ? .standardOutput : .standardError }
}
