import Foundation
import ManifestText
import Platform
import TestSupport
import Testing
import Output

@Suite struct OutputBufferTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func written(_ buffer: consuming OutputBuffer) throws -> [UInt8] {
    let path = try folder.write("out", "")
    let file = try FileDescriptor.opening(path, O_WRONLY)
    defer { file.close() }
    try buffer.write(to: file)
    #expect(buffer.isEmpty)
    return try OpenFile.contents(of: path)
  }

  @Test func piecesOfEverySizeKeepTheirOrder() throws {
    var buffer = OutputBuffer()
    var expected: [UInt8] = []
    for (index, size) in [1, 0, 100, 70_000, 3, 1 << 20, 2_500_000, 65_536, 65_535, 7].enumerated() {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }
      let middle = bytes[(size / 4)..<(size - size / 4)]
      buffer.append(bytes)
      buffer.append(middle)
      buffer.append(middle.indices, of: bytes)
      buffer.append("ü\(index)\n")
      expected += bytes + middle + middle + Array("ü\(index)\n".utf8)
    }
    #expect(buffer.count == expected.count)
    #expect(try written(buffer) == expected)
  }

  /// Texts that are alike, of which only a line or two differ, come out as if each had been copied.
  @Test func textsThatAreAlikeKeepTheirBytes() throws {
    var random = SeededGenerator(seed: 7)
    let words = ["", "a", "line that is long enough to be worth a span of its own, and a little more", "\r", "é"]
    for _ in 0..<300 {
      let input = Array(String(repeating: "0123456789 abcdefghijklmnopqrstuvwxyz\n", count: 40).utf8)
      var buffer = OutputBuffer()
      var expected: [UInt8] = []
      var text = (0..<random.pick([0, 1, 3, 12])).map { _ in random.pick(words) }
      for _ in 0..<random.pick([1, 2, 9]) {
        if !text.isEmpty, random.pick([true, false]) { text[random.pick(Array(text.indices))] = random.pick(words) }
        if random.pick([1, 2, 3, 4]) == 1 { text.append(random.pick(words)) }
        let places = (0..<3).map { _ in random.pick(Array(0...input.count)) }.sorted()
        let end = random.pick(["", "\n"])
        let edits = places.map { TextEdit($0..<$0, Array((text.joined(separator: "\n") + end).utf8)) }
        buffer.append(input.indices, of: input, editedBy: edits)
        expected += edits.applied(to: input, in: input.indices)
        #expect(edits.make(edits.applied(to: input, in: input.indices)[...], of: input, in: input.indices))
        #expect(buffer.lastByte == expected.last)
        let lastBreak = expected.lastIndex(of: 10) ?? 0
        #expect(buffer.newline == (lastBreak > 0 && expected[lastBreak - 1] == 13 ? "\r\n" : "\n"))
      }
      #expect(buffer.count == expected.count)
      #expect(buffer.bytes == expected)
      #expect(try written(buffer) == expected)
    }
  }

  @Test func editsThatMakeAnotherTextAreTold() {
    let edits = [TextEdit(1..<2, [120, 121]), TextEdit(3..<3, [122])]
    let bytes: [UInt8] = [97, 98, 99, 100]
    #expect(edits.make([97, 120, 121, 99, 122, 100], of: bytes, in: 0..<4))
    for other in [[97, 120, 121, 99, 122], [97, 120, 121, 99, 122, 100, 101], [97, 98, 99, 100], []] as [[UInt8]] {
      #expect(!edits.make(other[...], of: bytes, in: 0..<4))
    }
  }

  @Test func aByteOrderMarkIsDroppedOnce() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let long = mark + [UInt8](repeating: 97, count: 100)
    for isShared in [true, false] {
      var buffer = OutputBuffer()
      if isShared { buffer.append(long.indices, of: long) } else { buffer.append(long[...]) }
      buffer.append("b")
      buffer.dropByteOrderMark()
      buffer.dropByteOrderMark()
      #expect(buffer.count == 101)
      #expect(buffer.opening == .content)
      #expect(buffer.bytes == Array(long.dropFirst(3)) + [98])
      #expect(try written(buffer) == Array(long.dropFirst(3)) + [98])
    }
  }

  @Test func nothingIsWrittenOfNothing() throws {
    #expect(try written(OutputBuffer()) == [])
  }

  @Test func fullDisk() throws {
    var buffer = OutputBuffer()
    buffer.append("a: 1\n")
    let full = try FileDescriptor.opening("/dev/full", O_WRONLY)
    defer { full.close() }
    do {
      try buffer.write(to: full)
      Issue.record("the full disk took it")
    } catch {
      #expect(error == OutputError("standard output", .noSpaceLeft))
      #expect(error.kind == .unwritable)
      #expect(error.diagnostic.message == "standard output could not be written: No space left on device")
      #expect(error.diagnostic.hint == "the disk is full; what was written so far is incomplete")
    }
  }

  @Test func readerThatWentAway() throws {
    let pipe = try FileDescriptor.pipe()
    pipe.reader.close()
    defer { pipe.writer.close() }
    var buffer = OutputBuffer()
    buffer.append([UInt8](repeating: 0, count: 500_000))
    do {
      try buffer.write(to: pipe.writer)
      Issue.record("nobody read it")
    } catch {
      #expect(error.diagnostic.message == "standard output could not be written: Broken pipe")
      #expect(error.diagnostic.hint == "the program that reads it ended early")
      #expect(error.kind == .unwritable)
    }
  }

  @Test func closedOutput() {
    var buffer = OutputBuffer()
    buffer.append("a")
    do {
      try buffer.write(to: FileDescriptor(987))
      Issue.record("a closed stream was written to")
    } catch {
      #expect(error.diagnostic.message == "standard output could not be written: Bad file descriptor")
      #expect(error.diagnostic.hint == "it was closed when the command was started")
    }
  }

  @Test func slowReaderGetsEverything() throws {
    let bytes = [UInt8](repeating: 0x61, count: 2_000_000)
    let path = folder.path("copy")
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "sleep 0.2; cat > \(path)"]
    process.standardInput = pipe
    try process.run()
    let number = pipe.fileHandleForWriting.fileDescriptor
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    var buffer = OutputBuffer()
    buffer.append(bytes)
    try buffer.write(to: FileDescriptor(number))
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    #expect(try OpenFile.contents(of: path) == bytes)
  }
}

@Suite struct ConsoleTests {
  private final class Clock {
    var now = 0
  }

  private let folder: TemporaryFolder
  private let clock = Clock()

  init() throws {
    folder = try TemporaryFolder()
  }

  /// What a console writes while `use` works with it.
  private func shown(
    terminal: Bool, color: Bool = false, _ use: (inout Console) -> Void
  ) throws -> String {
    let path = try folder.write("err", "")
    let file = try FileDescriptor.opening(path, O_WRONLY)
    defer { file.close() }
    let clock = clock
    do {
      var console = Console(descriptor: file, isTerminal: terminal, usesColor: color, now: { clock.now })
      use(&console)
    }
    return String(decoding: try OpenFile.contents(of: path), as: UTF8.self)
  }

  @Test func linesAreLines() throws {
    #expect(
      try shown(terminal: false) { console in
        console.line("one")
        console.line("two")
      } == "one\ntwo\n")
  }

  @Test func stylesAreColours() throws {
    #expect(try shown(terminal: true, color: true) { $0.line($0.styled("x", .error)) } == "\u{1B}[31mx\u{1B}[0m\n")
    #expect(try shown(terminal: true) { $0.line($0.styled("x", .error)) } == "x\n")
  }

  @Test(arguments: [
    ([:], true, false), (["NO_COLOR": "1"], false, false), (["NO_COLOR": ""], true, false),
    (["TERM": "dumb"], false, false), (["CLICOLOR": "0"], false, false), (["CLICOLOR_FORCE": "1"], true, true),
    (["CLICOLOR_FORCE": "0"], true, false), (["FORCE_COLOR": "1", "TERM": "dumb"], true, true),
    (["FORCE_COLOR": "0"], false, false), (["FORCE_COLOR": "1", "NO_COLOR": "1"], false, false),
  ])
  func theEnvironmentChoosesColour(_ variables: [String: String], _ atTerminal: Bool, _ elsewhere: Bool) {
    let environment = ["TERM": "xterm"].merging(variables) { $1 }
    #expect(ColorChoice.auto.allows(isTerminal: true) { environment[$0] } == atTerminal)
    #expect(ColorChoice.auto.allows(isTerminal: false) { environment[$0] } == elsewhere)
    #expect(ColorChoice.always.allows(isTerminal: false) { environment[$0] })
    #expect(!ColorChoice.never.allows(isTerminal: true) { environment[$0] })
  }

  @Test(arguments: [
    ("one two three", "one two/  three"),
    ("say `a b c d e f` x", "say/  `a b c d e f`/  x"),
    ("fix: kubectl apply -f x; then", "fix:/  kubectl apply -f x;/  then"),
    ("it's kept: a b", "it's kept:/  a b"),
    ("write --set PATH=VALUE now", "write/  --set PATH=VALUE/  now"),
    ("quote it: a.b/c: \"x\"; d", "quote it:/  a.b/c: \"x\";/  d"),
    ("\u{1B}[31mred\u{1B}[0m two three", "\u{1B}[31mred\u{1B}[0m two/  three"),
  ])
  func linesBreakBetweenWordsOnly(_ text: String, _ wrapped: String) {
    #expect(WrappedText(text, columns: 10, indent: 2).lines.joined(separator: "/") == wrapped)
  }

  @Test func progressComesLateSeldomAndGoes() throws {
    let erase = "\r\u{1B}[K"
    let text = try shown(terminal: true) { console in
      for milliseconds in stride(from: 0, through: 600, by: 50) {
        clock.now = milliseconds
        console.progress("at \(milliseconds)")
      }
      console.line("said")
      clock.now = 700
      console.progress("at 700")
      console.endProgress()
      console.endProgress()
    }
    #expect(text == "at 300\(erase)at 400\(erase)at 500\(erase)at 600\(erase)said\nat 700\(erase)")
  }

  @Test func progressFitsTheLine() throws {
    let text = try shown(terminal: true) { console in
      clock.now = 1000
      console.progress(ShownText(of: String(repeating: "x", count: 200)))
    }
    #expect(text.count == 79)
  }

  @Test func noProgressWithoutATerminal() throws {
    #expect(
      try shown(terminal: false) { console in
        clock.now = 1000
        console.progress("x")
        console.endProgress()
      } == "")
  }

  @Test func readerThatWentAwayIsNoCrash() throws {
    let pipe = try FileDescriptor.pipe()
    pipe.reader.close()
    defer { pipe.writer.close() }
    var console = Console(descriptor: pipe.writer, isTerminal: true, usesColor: true)
    console.line("x")
  }
}
