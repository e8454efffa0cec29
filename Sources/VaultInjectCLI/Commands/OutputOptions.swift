internal import Output
internal import ArgumentParser
internal import Injection
internal import Workloads

/// What happens with the result.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Convert: yaml, json, name or patch, or show the diff. Formats are kept otherwise.", valueName: "format"))
  var output: OutputFormat?

  @Flag(name: [.short, .long], help: "Rewrite the files in place; files that need not change are not touched.")
  var inPlace = false

  @Flag(help: "Write nothing, and exit with 1 where a file would change; the report names them.")
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
      Pass over Helm charts, kustomizations and YAML that is not Kubernetes, without a word; with -i, --check or \
      --diff on any files of a repository.
      """)
  var hook = false

  func validate() throws {
    if inPlace, output != nil {
      throw ValidationError(
        "-o converts what is printed; it does not go with -i",
        hint: "leave -o out to rewrite the files, which keep their form, or -i to print the result")
    }
    if inPlace, check {
      throw ValidationError(
        "--check writes nothing; it does not go with -i",
        hint: "leave --check out to rewrite the files, or -i to be told which would change")
    }
    if check, output != nil {
      throw ValidationError(
        "-o converts what is printed; --check prints nothing",
        hint: "leave --check out to print the result, or -o to be told which files would change")
    }
    if diff, output != nil, output != .diff {
      throw ValidationError(
        "-o converts what is printed; --diff prints changes",
        hint: "leave --diff out to print the result, or -o to see what changes")
    }
    if hook, prints {
      throw ValidationError(
        "--hook goes with -i, --check or --diff",
        hint: "add -i to rewrite the files, or --check or --diff to see whether they would change")
    }
  }

  /// True where all that was read is printed, and the report tells of all of it.
  var prints: Bool { !inPlace && !check && !showsDiff }

  private var showsDiff: Bool { diff || output == .diff }

  /// True where what was read is printed in the form it was read in.
  var keepsForm: Bool { prints && output == nil }

  /// What a run over inputs is to do, with the results going where these options say.
  ///
  /// Where the result is all that is asked for, files without an annotation are passed over; `wantsAccount` asks for more.
  func plan(
    _ transforms: InputTransforms, on inputs: TransformPlan.Inputs, wantsAccount: Bool, kinds: WorkloadKinds
  ) -> TransformPlan {
    TransformPlan(
      transforms: transforms, inputs: inputs, scope: prints || wantsAccount ? .everyInput : .concernedInputs,
      filter: hook ? RepositoryFilter(kinds: kinds) : nil, destination: destination)
  }

  private var destination: any Delivery {
    if inPlace { return Rewriting(showsDiff: showsDiff) }
    if check || showsDiff { return Comparison(showsDiff: showsDiff) }
    return Printing(format: output)
  }
}

extension OutputFormat: ExpressibleByArgument {}
