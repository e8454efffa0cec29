internal import Cluster
internal import ManifestText
internal import Output
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
  private(set) var isOpen = true
  /// How many bytes were taken since it was asked whether somebody does.
  private var unasked = 0

  mutating func begin(_ inputs: [Input]) throws(Fault) {
    for input in inputs where !input.isUnusable && input.path == nil {
      throw Fault(.usage, .notAFile(input.name))
    }
    inputsToCome = inputs.contains(where: \.isMissing) ? 0 : inputs.count
    folders = Folder.holding(inputs.compactMap(\.path))
    TerminationSignals.hold()
    ask()
  }

  func renderer() -> DocumentRenderer { DocumentRenderer(format: nil) }

  mutating func take(_ delivered: Delivered, _ report: inout Report) {
    inputsToCome -= 1
    let item = item(delivered)
    batch.add(item)
    if batch.isFull { settle(&report) }
    // Asked after each file that stays as it is, this was a twentieth of a run over many.
    unasked += item.former.count + 1024
    if item.replacement != nil || unasked >= 1 << 16 { ask() }
  }

  private mutating func ask() { (isOpen, unasked) = (!TerminationSignals.isPending, 0) }

  mutating func finish(_ report: inout Report) {
    settle(&report)
    batch.finish()
    ask()
    if isOpen { for folder in folders { Leftovers.clear(in: folder) } }
    for file in files.all where file.newIdentity != nil && file.otherNames > 0 {
      report.add(.otherNamesLeft(file.otherNames), name: file.name)
    }
    if inputsToCome > 0, !isOpen { report.fail(.unwritable, .rewritingInterrupted) }
  }

  /// What is to be done about an input, with its new content written beside the file.
  private mutating func item(_ delivered: Delivered) -> RewriteBatch.Item {
    var item = RewriteBatch.Item(entry: delivered.entry, former: delivered.input.source.bytes)
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
    _ delivered: Delivered, _ status: FileStatus
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
      rule: .usage, message: "\(name) is not a file that could be rewritten in place",
      hint: "leave -i out to print the result")
  }

  static let nothingRewritten = Diagnostic(
    rule: .nothingRewritten, message: "no file was rewritten: all that are named have to exist")

  static func otherNamesLeft(_ count: Int) -> Diagnostic {
    let names =
      count == 1
      ? "another name of this file (a hard link) still leads"
      : "\(count) other names of this file (hard links) still lead"
    return Diagnostic(
      rule: .hardLink, message: "\(names) to the old content",
      hint: "name all of them in one run, and they stay one file")
  }

  static let rewritingInterrupted = Diagnostic(
    rule: .interrupted, message: "interrupted: files that are not named above are as they were")
}

/// Files whose new contents have been written beside them, and inputs that wait for those.
///
/// The new contents of a batch go to the disk together, which takes hardly longer than one of them alone; only then
/// do they take the places of the old ones.
struct RewriteBatch {
  /// What is to be done for an input when its turn comes.
  enum Work {
    case nothing
    case replacement(FileReplacement, of: FileStatus)
    /// The input is a file that was met before, perhaps under a name of its own.
    case otherName(FileStatus)
  }

  /// An input and what there is to say about it.
  struct Item {
    var entry: ReportEntry
    /// The content that it was read with.
    let former: [UInt8]
    var work = Work.nothing
    /// What changes in the file, to be printed once it has.
    var diff: OutputBuffer?
  }

  private var items: [Item] = []
  private var replacementCount = 0
  private var size = 0
  /// The folders of replaced files, with one such file each.
  private var folders: [ExactText: String] = [:]

  /// True where nothing is gained by waiting longer.
  var isFull: Bool { replacementCount == 0 || replacementCount >= 64 || size >= 8 << 20 }

  mutating func add(_ item: Item) {
    if item.replacement != nil { replacementCount += 1 }
    size += item.former.count
    items.append(item)
  }

  /// Puts every new content in its place, and hands the items back with what came of each.
  mutating func settle(_ files: inout SameFiles) -> [Item] {
    var settled = items
    (items, replacementCount, size) = ([], 0, 0)
    if !FileReplacement.flushTogether(settled.compactMap(\.replacement)) {
      for item in settled { item.replacement?.beginFlush() }
      for index in settled.indices { settled[index].flush() }
    }
    for index in settled.indices where settled[index].finish(&files) {
      let name = settled[index].entry.name ?? ""
      folders[ExactText(String(name[..<(name.lastIndex(of: "/") ?? name.startIndex)]))] = name
    }
    return settled
  }

  /// Makes sure that files keep their new contents, after the last of them was settled.
  func finish() {
    FileReplacement.flushFolders(of: Array(folders.values))
  }
}

extension RewriteBatch.Item {
  fileprivate var replacement: FileReplacement? {
    if case .replacement(let replacement, _) = work { replacement } else { nil }
  }

  /// Waits until the new content is on the disk.
  fileprivate mutating func flush() {
    guard case .replacement(var replacement, _) = work else { return }
    do throws(SystemError) {
      try replacement.flush()
    } catch {
      replacement.discard()
      work = .nothing
      entry.fail(.system(error))
    }
  }

  /// Does what is to be done; true where a name leads to another file than before.
  fileprivate mutating func finish(_ files: inout SameFiles) -> Bool {
    do throws(WriteFailure) {
      switch work {
      case .nothing: return false
      case .replacement(var replacement, let status):
        files.rewritten(status.identity, as: try replacement.commit(replacing: former))
        entry.fate = .rewritten
        return true
      case .otherName(let status): return try join(files[status.identity], status, &files)
      }
    } catch {
      entry.fail(error)
      return false
    }
  }

  /// Lets a name that still leads to the old content lead to the new one too; a symbolic link does by itself.
  private func join(
    _ file: SameFiles.File?, _ status: FileStatus, _ files: inout SameFiles
  ) throws(WriteFailure) -> Bool {
    guard let file, let newIdentity = file.newIdentity, let name = entry.name,
      (try? FileStatus(of: name))?.identity != newIdentity
    else { return false }
    var replacement = try FileReplacement(of: name, readAs: status, by: file.name)
    _ = try replacement.commit(replacing: former)
    files.joined(status.identity)
    return true
  }
}
