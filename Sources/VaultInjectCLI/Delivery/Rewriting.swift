internal import Output
internal import ManifestText
internal import Platform

/// Writes results back to the files they came from; files that need not change are not touched.
struct Rewriting: Delivery {
  let needsEveryInput = true
  private let diffs: DiffPrinter?
  private var files = SameFiles()
  private var batch = RewriteBatch()
  private var inputsToCome = 0
  /// The folders of the inputs, where killed processes may have left something.
  private var folders: [String] = []

  /// Rewrites files, and shows what changes in them where that is asked for.
  init(showsDiff: Bool) { diffs = showsDiff ? DiffPrinter() : nil }

  /// False once somebody wants the process to end.
  var isOpen: Bool { !TerminationSignals.isPending }

  mutating func begin(_ inputs: [Input]) throws(Fault) {
    for input in inputs where !input.isUnusable && input.path == nil {
      throw Fault(.usage, .notAFile(input.name))
    }
    inputsToCome = inputs.contains(where: \.isMissing) ? 0 : inputs.count
    folders = Folder.holding(inputs.lazy.compactMap(\.path))
    TerminationSignals.hold()
  }

  func sink() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered<DocumentRenderer>, _ report: inout Report) {
    inputsToCome -= 1
    batch.add(item(delivered))
    if batch.isFull { settle(&report) }
  }

  mutating func finish(_ report: inout Report) {
    settle(&report)
    batch.finish()
    if isOpen { for folder in folders { Leftovers.clear(in: folder) } }
    for file in files.all where file.newIdentity != nil && file.otherNames > 0 {
      report.add(.otherNamesLeft(file.otherNames), name: file.name)
    }
    if inputsToCome > 0, !isOpen { report.fail(.unwritable, .interrupted) }
  }

  /// What is to be done about an input, with its new content written beside the file.
  private mutating func item(_ delivered: Delivered<DocumentRenderer>) -> RewriteBatch.Item {
    var item = RewriteBatch.Item(entry: delivered.entry)
    guard let status = delivered.input.status else { return item }
    if let first = files.note(item.entry, status) {
      item.entry.repeats(first)
      item.work = .otherName(status)
    } else if item.entry.isChanged {
      do throws(WriteFailure) {
        item.work = .replacement(try replacement(delivered, status), of: status)
        item.diff = diffs?.diff(delivered)
      } catch {
        item.entry.fail(error)
      }
    }
    return item
  }

  private func replacement(
    _ delivered: Delivered<DocumentRenderer>, _ status: FileStatus
  ) throws(WriteFailure) -> FileReplacement {
    var replacement = try FileReplacement(of: delivered.input.source.name, readAs: status)
    do throws(SystemError) {
      var output = delivered.sink.output
      try output.write(to: replacement)
    } catch {
      replacement.discard()
      throw .system(error)
    }
    return replacement
  }

  private mutating func settle(_ report: inout Report) {
    for item in batch.settle(&files) {
      report.add(item.entry)
      if item.entry.fate == .rewritten, let diff = item.diff { _ = diffs?.print(diff, &report) }
    }
  }
}

extension Diagnostic {
  static func notAFile(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: "usage", message: "\(name) is no file that could be rewritten in place",
      hint: "leave -i out to print the result")
  }

  static let nothingRewritten = Diagnostic(
    .note, rule: "nothing-rewritten", message: "no file was rewritten: all that are named have to exist")

  static func otherNamesLeft(_ count: Int) -> Diagnostic {
    let names =
      count == 1
      ? "another name of this file (a hard link) still leads"
      : "\(count) other names of this file (hard links) still lead"
    return Diagnostic(
      .warning, rule: "hard-link", message: "\(names) to the old content",
      hint: "name all of them in one run, and they stay one file")
  }

  static let interrupted = Diagnostic(
    rule: "interrupted", message: "interrupted: files that are not named above are as they were")
}
