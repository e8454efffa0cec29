internal import ArgumentParser
internal import Injection

/// What happens with the result.
struct OutputOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Convert: yaml, json, name or patch. Formats are kept otherwise.")
  var output: OutputFormat?

  @Flag(name: [.short, .long], help: "Rewrite the files in place; files that need not change are not touched.")
  var inPlace = false

  @Flag(help: "Write nothing; name the files that would change, and exit with 1 where there are any.")
  var check = false

  @Flag(
    help: """
      Show what changes instead of the result; exit with 1 where something would. With -i the files are rewritten, too.
      """)
  var diff = false

  func validate() throws {
    if inPlace, output != nil { throw ValidationError("-o converts what is printed; it does not go with -i") }
    if inPlace, check { throw ValidationError("--check writes nothing; it does not go with -i") }
    if check, output != nil { throw ValidationError("-o converts what is printed; --check prints nothing") }
    if diff, output != nil { throw ValidationError("-o converts what is printed; --diff prints changes") }
  }

  /// True where all that was read is printed, and the report tells of all of it.
  var prints: Bool { !inPlace && !check && !diff }

  /// Takes the inputs through a transform to where these options say; the exit code says what came of it.
  func run(_ transform: any DocumentTransform, on inputs: InputResolver, report: consuming Report) -> ExitCode {
    if inPlace { return run(transform, on: inputs, to: Rewriting(showsDiff: diff), report) }
    if check || diff {
      return run(transform, on: inputs, to: Comparison(namesInputs: check, showsDiff: diff), report)
    }
    return run(transform, on: inputs, to: Printing(format: output), report)
  }

  private func run(
    _ transform: any DocumentTransform, on inputs: InputResolver, to destination: some Delivery,
    _ report: consuming Report
  ) -> ExitCode {
    var run = TransformRun(transform, to: destination, report: report)
    return run.all(inputs)
  }
}
