internal import ArgumentParser
internal import Injection

/// What happens with the result.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long], help: "Convert: yaml, json, name or patch, or show the diff. Formats are kept otherwise.")
  var output: OutputFormat?

  @Flag(name: [.short, .long], help: "Rewrite the files in place; files that need not change are not touched.")
  var inPlace = false

  @Flag(help: "Write nothing; name the files that would change, and exit with 1 where there are any.")
  var check = false

  @Flag(
    help: """
      Show what would change, and exit with 1 where something would; with -i the files are rewritten, and show what \
      changes in them.
      """)
  var diff = false

  /// A flag, though pre-commit sets PRE_COMMIT=1: what a command does should be seen where it is written, and a
  /// person who runs it in another hook, or by hand from one, should get what they are used to.
  @Flag(
    help: """
      With -i, --check or --diff on any files of a repository: pass over Helm charts, kustomizations and YAML that is \
      not Kubernetes, without a word.
      """)
  var hook = false

  func validate() throws {
    if inPlace, output != nil { throw ValidationError("-o converts what is printed; it does not go with -i") }
    if inPlace, check { throw ValidationError("--check writes nothing; it does not go with -i") }
    if check, output != nil { throw ValidationError("-o converts what is printed; --check prints nothing") }
    if diff, output != nil, output != .diff {
      throw ValidationError("-o converts what is printed; --diff prints changes")
    }
    if hook, prints { throw ValidationError("--hook goes with -i, --check or --diff") }
  }

  /// True where all that was read is printed, and the report tells of all of it.
  var prints: Bool { !inPlace && !check && !showsDiff }

  private var showsDiff: Bool { diff || output == .diff }

  /// True where what was read is printed in the form it was read in.
  var keepsForm: Bool { prints && output == nil }

  /// Takes the inputs through a transform to where these options say; the exit code says what came of it.
  func run(
    _ transform: any DocumentTransform, on inputs: TransformInputs, _ filter: RepositoryFilter?,
    report: consuming Report
  ) -> ExitCode {
    if inPlace { return run(transform, on: inputs, filter, to: Rewriting(showsDiff: showsDiff), report) }
    if check || showsDiff { return run(transform, on: inputs, filter, to: Comparison(showsDiff: showsDiff), report) }
    return run(transform, on: inputs, filter, to: Printing(format: output), report)
  }

  private func run(
    _ transform: any DocumentTransform, on inputs: TransformInputs, _ filter: RepositoryFilter?,
    to destination: some Delivery, _ report: consuming Report
  ) -> ExitCode {
    var run = TransformRun(transform, filter: filter, to: destination, report: report)
    return switch inputs {
    case .manifests(let resolver): run.all(resolver)
    case .cluster(let objects): run.all(objects)
    }
  }
}
