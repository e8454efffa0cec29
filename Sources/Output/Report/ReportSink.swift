internal import ManifestText
internal import Platform

/// Where the report goes, line by line.
protocol ReportSink: ~Copyable {
  /// Takes a line, which may hold several.
  mutating func line(_ text: ShownText)

  /// The text in the colour of its meaning, where colours show.
  borrowing func styled(_ text: ShownText, _ style: Console.Style) -> ShownText
}

extension Console: ReportSink {}

extension ReportSink where Self: ~Copyable {
  /// Takes a value as a line of JSON.
  mutating func json(_ value: Value) {
    line(ShownText(json: value))
  }
}

/// A file that takes the report in the place of standard error, all of it at the end.
struct ReportFile: ReportSink {
  let path: String
  private let descriptor: FileDescriptor
  private let isNew: Bool
  private var text = OutputBuffer()

  /// Opens the file, or makes it; what is in it stays until the report is written.
  init(_ path: String) throws(OutputError) {
    self.path = path
    do throws(SystemError) {
      (descriptor, isNew) = try FileDescriptor.openingForWriting(path)
    } catch {
      throw OutputError(path, error)
    }
  }

  mutating func line(_ text: ShownText) {
    self.text.append(text.line)
    self.text.append("\n")
  }

  func styled(_ text: ShownText, _ style: Console.Style) -> ShownText { text }

  /// Whether the file is one of these, where the report would destroy what it is about.
  func isOne(of paths: some Sequence<String>) -> Bool {
    guard let own = try? descriptor.status(), own.kind == .file else { return false }
    return paths.contains { (try? FileStatus(of: $0))?.identity == own.identity }
  }

  /// Writes the report.
  mutating func finish() throws(OutputError) {
    defer { descriptor.close() }
    descriptor.empty()
    try text.write(to: descriptor, named: path)
  }

  /// Leaves the file as it was.
  func abandon() {
    descriptor.close()
    if isNew { FileDescriptor.remove(path) }
  }
}
