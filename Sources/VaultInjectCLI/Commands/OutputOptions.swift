internal import ArgumentParser
internal import Injection
internal import Workloads

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
  ///
  /// Where the result is all that is asked for, files without an annotation are passed over; `wantsAccount` asks for more.
  func run(
    _ transform: any DocumentTransform, on inputs: TransformInputs, wantsAccount: Bool, kinds: WorkloadKinds,
    report: consuming Report
  ) -> ExitCode {
    let run = OutputRun(
      transform: transform, inputs: inputs, scope: prints || wantsAccount ? .everyInput : .concernedInputs,
      filter: hook ? RepositoryFilter(kinds: kinds) : nil)
    if inPlace { return run.all(to: Rewriting(showsDiff: showsDiff), report) }
    if check || showsDiff { return run.all(to: Comparison(showsDiff: showsDiff), report) }
    return run.all(to: Printing(format: output), report)
  }
}

/// A run that has yet to be told where its results go.
private struct OutputRun {
  let transform: any DocumentTransform
  let inputs: TransformInputs
  let scope: DocumentPipeline.Scope
  let filter: RepositoryFilter?

  func all(to destination: some Delivery, _ report: consuming Report) -> ExitCode {
    var run = TransformRun(transform, scope: scope, filter: filter, to: destination, report: report)
    return switch inputs {
    case .manifests(let resolver): run.all(resolver)
    case .cluster(let objects): run.all(objects)
    }
  }
}
