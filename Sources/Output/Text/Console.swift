package import Platform

/// Standard error as a person sees it: lines, colour where it is supported, and one line of progress that comes and
/// goes.
///
/// On a terminal each line appears at once; elsewhere lines are gathered and written together. What cannot be written
/// is dropped: nothing could report it.
package struct Console: ~Copyable {
  /// What a text means, from which its colour follows.
  package enum Style: Sendable {
    case error, warning, note, success, faint, strong
  }

  private let descriptor: FileDescriptor
  private let now: () -> Int
  private let width: Int
  private var pending: [UInt8] = []
  private var progressIsShown = false
  private var nextProgress: Int

  /// Whether somebody is watching.
  package let isTerminal: Bool
  /// Whether `styled` colours anything.
  package let usesColor: Bool

  /// A console on standard error, as the terminal at its end and the user want it.
  package init() {
    let descriptor = FileDescriptor.standardError
    self.init(
      descriptor: descriptor, isTerminal: descriptor.isTerminal, usesColor: ColorChoice.allows(on: descriptor))
  }

  /// A console with all that it would find out by itself.
  package init(
    descriptor: FileDescriptor, isTerminal: Bool, usesColor: Bool,
    now: @escaping () -> Int = { MonotonicClock.milliseconds }
  ) {
    self.descriptor = descriptor
    self.isTerminal = isTerminal
    self.now = now
    self.usesColor = usesColor
    width = descriptor.terminalWidth ?? 80
    // Work that is done at once needs no progress.
    nextProgress = now() + 300
  }

  deinit {
    try? descriptor.write(pending)
  }

  /// Shows a line, which may hold several.
  package mutating func line(_ text: ShownText) {
    eraseProgress()
    pending.append(contentsOf: text.line.utf8)
    pending.append(UInt8(ascii: "\n"))
    if isTerminal || pending.count >= 64 << 10 { flush() }
  }

  /// How wide lines may be; nil where nobody watches, and lines are as long as what they say.
  package var columns: Int? { isTerminal ? width : nil }

  /// Shows how far the work is, in place of what this showed before.
  ///
  /// Does nothing where nobody watches, and nothing more than ten times a second; the text is made only to be shown.
  package mutating func progress(_ text: @autoclosure () -> ShownText) {
    guard isTerminal, now() >= nextProgress else { return }
    nextProgress = now() + 100
    eraseProgress()
    // One column stays free: filling the last one makes some terminals begin a new line.
    pending.append(contentsOf: text().line.prefix(width - 1).utf8)
    progressIsShown = true
    flush()
  }

  /// Takes the progress line away.
  package mutating func endProgress() {
    eraseProgress()
    flush()
  }

  /// Writes what has been gathered; call it before the process is ended by force.
  package mutating func flush() {
    try? descriptor.write(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// The text in the colour of its meaning, or as it is where colours do not show.
  package func styled(_ text: ShownText, _ style: Style) -> ShownText {
    usesColor ? style.applied(to: text) : text
  }

  private mutating func eraseProgress() {
    guard progressIsShown else { return }
    pending.append(contentsOf: "\r\u{1B}[K".utf8)
    progressIsShown = false
  }
}

extension Console.Style {
  /// The text in this colour.
  func applied(to text: ShownText) -> ShownText { "\u{1B}[\(code)m\(text)\u{1B}[0m" }

  /// What turns the colour on, on every terminal.
  var opening: String { "\u{1B}[\(code)m" }

  /// What turns every colour off.
  static let closing = "\u{1B}[0m"

  /// The number terminals know the colour by.
  private var code: Int {
    switch self {
    case .error: 31
    case .warning: 33
    case .note: 36
    case .success: 32
    case .faint: 2
    case .strong: 1
    }
  }
}
