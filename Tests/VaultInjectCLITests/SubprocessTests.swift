import Platform
import Testing

@Suite struct SubprocessTests {
  private func shell(_ script: String, input: [UInt8] = []) throws -> Subprocess.Outcome {
    try Subprocess("sh", ["-c", script], input: input).run()
  }

  @Test func bothStreamsAndTheExitCode() throws {
    let outcome = try shell("echo out; echo err >&2; exit 7")
    #expect(outcome.output == Array("out\n".utf8))
    #expect(outcome.errors == Array("err\n".utf8))
    #expect(outcome.ending == .exited(7) && !outcome.succeeded)
  }

  @Test func inputReachesTheProgram() throws {
    #expect(try Subprocess("cat", [], input: Array("hello".utf8)).run().output == Array("hello".utf8))
    #expect(try Subprocess("cat", []).run().output == [])
  }

  @Test func longStreamsInAllDirections() throws {
    let input = [UInt8](repeating: 0x61, count: 3_000_000)
    let outcome = try shell("tee /dev/stderr", input: input)
    #expect(outcome.output == input)
    #expect(outcome.errors == input)
    #expect(outcome.succeeded)
  }

  @Test func programThatDoesNotReadItsInput() throws {
    let outcome = try shell(
      "exec <&-; sleep 0.1; echo done", input: [UInt8](repeating: 0x61, count: 1_000_000))
    #expect(outcome.output == Array("done\n".utf8))
    #expect(outcome.succeeded)
  }

  @Test func programKilledBySignal() throws {
    #expect(try shell("kill -9 $$").ending == .killed(signal: 9))
  }

  @Test func brokenPipesEndTheProgramAsUsual() throws {
    // Writing first makes this process ignore the signal; what it starts must not.
    let pipe = try FileDescriptor.pipe()
    try pipe.writer.write(Array("x".utf8))
    pipe.reader.close()
    pipe.writer.close()
    #expect(try shell("bash -c 'yes | head -1; echo ${PIPESTATUS[0]}'").output == Array("y\n141\n".utf8))
  }

  @Test func environmentIsInheritedAndAddedTo() throws {
    let outcome = try Subprocess(
      "sh", ["-c", "echo $GREETING $HOME; test -n \"$PATH\""],
      environment: [("GREETING", "hello"), ("HOME", "here")]
    ).run()
    #expect(outcome.output == Array("hello here\n".utf8) && outcome.succeeded)
  }

  @Test func programThatDoesNotExist() {
    #expect(throws: SystemError.noSuchFile) { try Subprocess("no-such-program-here", []).run() }
    #expect(throws: SystemError.permissionDenied) { try Subprocess("/etc/passwd", []).run() }
  }
}
