internal import ArgumentParser
internal import Injection

/// What happens with the result.
struct OutputOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Convert: yaml, json, name or patch. Formats are kept otherwise.")
  var output: OutputFormat?

  @Flag(name: [.short, .long], help: "Rewrite the files in place.")
  var inPlace = false

  @Flag(help: "Write nothing; exit with 1 where something would change.")
  var check = false

  func validate() throws {
    if inPlace, output != nil { throw ValidationError("-o converts what is printed; it does not go with -i") }
    if inPlace, check { throw ValidationError("--check writes nothing; it does not go with -i") }
  }

  /// True where all that was read is printed, and the report tells of all of it.
  var prints: Bool { !inPlace && !check }

  /// Takes the inputs through a transform to where these options say; the exit code says what came of it.
  func run(_ transform: any DocumentTransform, on inputs: InputResolver, report: consuming Report) -> ExitCode {
    if inPlace { return run(transform, on: inputs, to: Rewriting(), report) }
    if check { return run(transform, on: inputs, to: Comparison(), report) }
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
