import ArgumentParser
import TestSupport
import Testing

@testable import VaultInjectCLI

/// The direct reading of a command line against the parser's, which is right by definition.
@Suite struct EverydayLineTests {
  /// The options that are read directly, by every name they have; those that are not are among the odd words.
  private static let flags = [
    "-R", "--recursive", "-i", "--in-place", "-q", "--quiet", "--check", "--diff", "--hook",
  ]
  private static let options = ["-f", "--filename", "-n", "--namespace", "-o", "--output"]
  private static let values = ["app.yaml", "a,b", "-", "", "web", "yaml", "diff", "No Name", "é\u{301}", "\u{301}"]
  private static let oddWords = [
    "-", "", "--", "---", "-qi", "-Rq", "-qq", "-iR", "-qx", "-if", "-fFILE", "-f=FILE", "-oyaml", "--check=true",
    "--filename=a", "--output=json", "-v", "-vv", "-h", "--help", "--version", "--no-check", "-1", "-\u{301}",
    "-q\u{301}", "--\u{301}check", "inject", "apply", "help", "app.yaml", "--exact", "--set", "--hidden", "-A", "-k",
    "-ψ", "-\u{301}qi", "-\u{200D}iR", "-\u{FE0F}qi",
  ]

  /// The pieces that lines are made of: each is a word or an option with a value.
  private static let pieces =
    flags.map { [$0] } + options.flatMap { option in values.map { [option, $0] } } + oddWords.map { [$0] }
    + options.map { [$0] }

  /// What the parser says: every value of the command, or that the line is not one that injects or lints.
  private static func byParser(_ words: [String]) -> String? {
    guard let command = try? Invocation.parsedByParser(words), command is InjectCommand || command is LintCommand else {
      return nil
    }
    return String(describing: command)
  }

  /// Where the direct reading gives a command, it is the parser's; where the parser refuses, so does the direct reading.
  private static func difference(_ words: [String]) -> String? {
    guard let direct = EverydayLine.command(words).map({ String(describing: $0) }) else { return nil }
    let parsed = byParser(words)
    return direct == parsed ? nil : "\(words)\n  direct: \(direct)\n  parser: \(parsed ?? "refused")"
  }

  @Test func everyPairOfPiecesIsReadAlike() {
    for first in [[]] + Self.pieces {
      for second in [[]] + Self.pieces { #expect(Self.difference(first + second) == nil) }
    }
  }

  @Test func anyOrderOfThreeOptionsIsReadAlike() {
    let everyday =
      Self.flags.map { [$0] } + [["-f", "a"], ["-f", "-"], ["-n", "web"], ["-o", "json"], ["b"], ["-qi"], ["--"]]
    for first in everyday {
      for second in everyday {
        for third in everyday { #expect(Self.difference(["inject"] + first + second + third) == nil) }
      }
    }
  }

  @Test func anyOrderOfThreeOptionsOfLintIsReadAlike() {
    let everyday =
      (Self.flags + ["b", "-qR", "-qi", "--", "--fix"]).map { [$0] } + [["-f", "a"], ["-n", "web"], ["-o", "json"]]
      + ["error", "note", "bad"].map { ["--error-on", $0] }
    for first in everyday {
      for second in everyday {
        for third in everyday { #expect(Self.difference(["lint"] + first + second + third) == nil) }
      }
    }
  }

  @Test func longLinesAreReadAlike() {
    var numbers = SeededGenerator(seed: 1)
    for _ in 0..<2_000 {
      let count = Int.random(in: 3...8, using: &numbers)
      let words = (0..<count).flatMap { _ in Self.pieces.randomElement(using: &numbers) ?? [] }
      #expect(Self.difference(words) == nil)
      #expect(Self.difference(["lint"] + words) == nil)
    }
  }

  /// Without this, a reading that leaves every line to the parser would pass.
  @Test(arguments: [
    "", "a.yaml", "-f a.yaml", "-f - -n web", "inject -f a.yaml -o json", "-i -R k8s", "-qi a b", "--check -R k8s",
    "lint", "lint -q k8s", "lint -R -f k8s --error-on never", "lint --fix a.yaml -n web",
    "--diff --hook a.yaml b.yaml", "-i --hook a.yaml", "-q -R -f k8s", "--filename a --output patch --namespace web",
  ]) func everydayLinesNeedNoParser(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let command = try #require(EverydayLine.command(words))
    #expect(String(describing: command) == Self.byParser(words))
  }

  @Test(arguments: [
    "-f", "-f -q", "-i -o json", "-n No_Name", "-o toml", "--check -i", "--hook a.yaml", "apply -f a", "-- a",
    "-f apply",
    "--exact", "-h", "--check=true", "-oyaml", "-fFILE", "help",
    "inject inject", "lint inject", "lint --error-on", "lint --error-on bad", "lint -i a", "-q lint", "lint -o json",
    "--fix a.yaml", "lint -qi a",
  ]) func otherLinesAreLeftToTheParser(line: String) {
    #expect(EverydayLine.command(line.split(separator: " ").map(String.init)) == nil)
  }
}
