import Foundation
import TestSupport
import Testing
import Output

@Suite struct UnifiedDiffTests {
  private static func text(_ old: String, _ new: String, context: Int = 3, isColored: Bool = false) -> String {
    var output = OutputBuffer()
    UnifiedDiff(from: Array(old.utf8), to: Array(new.utf8), context: context)
      .append(to: &output, names: ("a", "b"), DiffStyle(isForPeople: isColored, isColored: isColored))
    return String(decoding: output.bytes, as: UTF8.self)
  }

  @Test func equalTexts() {
    #expect(UnifiedDiff(from: [], to: []).isEmpty)
    #expect(Self.text("a\nb\n", "a\nb\n") == "")
  }

  @Test(arguments: [
    ("", "a\n", "@@ -0,0 +1 @@\n+a\n"),
    ("a\n", "", "@@ -1 +0,0 @@\n-a\n"),
    ("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"),
    ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
    ("x\na", "y\na", "@@ -1,2 +1,2 @@\n-x\n+y\n a\n\\ No newline at end of file\n"),
    ("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"),
  ])
  func smallTexts(old: String, new: String, expected: String) {
    #expect(Self.text(old, new) == "--- a\n+++ b\n" + expected)
  }

  @Test func contextOfThreeLinesAndHunksThatTouchAreOne() {
    let lines = (1...30).map { "\($0)\n" }
    var changed = lines
    (changed[3], changed[10], changed[18]) = ("x\n", "y\n", "z\n")
    let expected = """
      --- a
      +++ b
      @@ -1,14 +1,14 @@
       1
       2
       3
      -4
      +x
       5
       6
       7
       8
       9
       10
      -11
      +y
       12
       13
       14
      @@ -16,7 +16,7 @@
       16
       17
       18
      -19
      +z
       20
       21
       22

      """
    #expect(Self.text(lines.joined(), changed.joined()) == expected)
  }

  @Test func additionsBeginWhereElementsBegin() {
    let old = "list:\n  - name: a\n    path: /a\n  - name: b\n    path: /a\n"
    let new = "list:\n  - name: a\n    path: /a\n  - name: n\n    path: /a\n  - name: b\n    path: /a\n"
    #expect(Self.text(old, new, context: 0) == "--- a\n+++ b\n@@ -3,0 +4,2 @@\n+  - name: n\n+    path: /a\n")
  }

  @Test func colors() {
    #expect(
      Self.text("a\nb\n", "a\nc\n", isColored: true)
        == "\u{1B}[1m--- a\u{1B}[0m\n\u{1B}[1m+++ b\u{1B}[0m\n\u{1B}[36m@@ -1,2 +1,2 @@\u{1B}[0m\n a\n"
        + "\u{1B}[31m-b\u{1B}[0m\n\u{1B}[32m+c\u{1B}[0m\n")
  }

  // MARK: Against the tools that read it

  @Test(
    arguments: ["a.yaml", "with space.yaml", " leading.yaml", "tab\tand \"quote\".yaml", "sub/ünïcode\\.yaml"],
    [1, 2, 3])
  func patchAndGitTakeIt(name: String, seed: UInt64) throws {
    var random = Generator(seed: seed)
    let (old, new) = random.texts(lines: 60, alphabet: 20)
    for command in [["patch", "-s", "-p0", "-i", "../p.diff"], ["git", "apply", "-p0", "../p.diff"]] {
      let folder = try TemporaryFolder()
      try folder.write("work/\(name)", old)
      var output = OutputBuffer()
      UnifiedDiff(from: Array(old.utf8), to: Array(new.utf8))
        .append(to: &output, names: (name, name), .forPrograms)
      try Data(output.bytes).write(to: URL(fileURLWithPath: folder.path("p.diff")))
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = command
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path("work"))
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(command)")
      #expect(try String(contentsOfFile: folder.path("work/\(name)"), encoding: .utf8) == new, "\(command)")
    }
  }

  // MARK: On generated texts

  @Test(arguments: 1...300) func generatedTexts(seed: UInt64) throws {
    var random = Generator(seed: seed)
    let (old, new) = random.texts(lines: Int(seed) % 40, alphabet: 2 + Int(seed) % 9)
    let diff = Self.text(old, new, context: Int(seed) % 4)
    #expect(try applied(diff, to: old) == new)
    let changed = diff.split(separator: "\n").filter { $0.hasPrefix("+") || $0.hasPrefix("-") }.count
    #expect(max(0, changed - 2) == fewestChanges(Self.lines(old), Self.lines(new)))
  }

  /// So many changes that the search for the fewest is given up.
  @Test(arguments: [2, 50, 100_000]) func largeTexts(alphabet: Int) throws {
    var random = Generator(seed: 7)
    let (old, _) = random.texts(lines: 6000, alphabet: alphabet)
    let (new, _) = random.texts(lines: 6000, alphabet: alphabet)
    let mixed = Self.lines(old).enumerated().map { $0.offset % 3 == 0 ? "  inserted\n" + $0.element : $0.element }
    for new in [new, mixed.joined()] {
      #expect(try applied(Self.text(old, new), to: old) == new)
    }
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
    if let last = lines.popLast(), last != "\n" { lines.append(String(last.dropLast())) }
    return lines
  }

  /// Does what a diff says, in the plainest way, checking every line it names.
  private func applied(_ diff: String, to text: String) throws -> String {
    let old = Self.lines(text)
    var position = 0
    var result: [String] = []
    let diffLines = Self.lines(diff).dropFirst(2)
    for (index, line) in zip(diffLines.indices, diffLines) {
      if line.hasPrefix("@@") {
        let numbers = line.dropFirst(4).prefix { $0 != " " }.split(separator: ",").compactMap { Int($0) }
        let start = numbers.count > 1 && numbers[1] == 0 ? numbers[0] : numbers[0] - 1
        try #require(position <= start && start <= old.count)
        result += old[position..<start]
        position = start
      } else if !line.hasPrefix("\\") {
        let isEnded = index + 1 >= diffLines.endIndex || !diffLines[index + 1].hasPrefix("\\")
        let content = String(isEnded ? line.dropFirst() : line.dropFirst().dropLast())
        if !line.hasPrefix("+") {
          try #require(position < old.count)
          #expect(old[position] == content)
          position += 1
        }
        if !line.hasPrefix("-") { result.append(content) }
      }
    }
    return (result + old[position...]).joined()
  }

  private func fewestChanges(_ old: [String], _ new: [String]) -> Int {
    var row = Array(0...new.count)
    for (i, line) in old.enumerated() {
      var next = [i + 1]
      for (j, other) in new.enumerated() {
        next.append(line == other ? row[j] : min(row[j + 1], next[j]) + 1)
      }
      row = next
    }
    return row[new.count]
  }
}

/// Numbers that are the same on every run.
private struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  /// A text, and the same with some lines taken away, added and replaced.
  mutating func texts(lines count: Int, alphabet: Int) -> (old: String, new: String) {
    let old = (0..<count).map { _ in line(alphabet) }
    var new: [String] = []
    for text in old {
      switch Int.random(in: 0..<10, using: &self) {
      case 0: break
      case 1: new += [line(alphabet), text]
      case 2: new.append(line(alphabet))
      default: new.append(text)
      }
    }
    return (ended(old), ended(new))
  }

  private mutating func line(_ alphabet: Int) -> String {
    let number = Int.random(in: 0..<alphabet, using: &self)
    return String(repeating: " ", count: number % 3) + "line \(number)"
  }

  private mutating func ended(_ lines: [String]) -> String {
    lines.joined(separator: "\n") + (lines.isEmpty || Bool.random(using: &self) ? "" : "\n")
  }
}
