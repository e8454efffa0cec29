internal import ArgumentParser
internal import Injection
internal import ManifestText

/// Injects all inputs, one after the other, and settles how the process ends.
struct InjectRun: ~Copyable {
  /// What happens with the result.
  enum Mode { case print, inPlace, check }

  private let pipeline: InjectionPipeline
  private let mode: Mode
  private var report: Report
  private var changedCount = 0
  /// True once nobody takes what is printed.
  private var outputIsGone = false
  private var separator: DocumentSeparator

  init(_ transform: any DocumentTransform, mode: Mode, format: OutputFormat?, report: consuming Report) {
    self.mode = mode
    self.report = report
    pipeline = InjectionPipeline(
      transform: transform, format: format, scope: mode == .print ? .everyDocument : .concernedDocuments)
    separator = DocumentSeparator(isNeeded: format == nil || format == .yaml)
  }

  /// Works through the inputs; the exit code says what came of it.
  mutating func all(_ resolver: InputResolver) -> ExitCode {
    do throws(InputError) {
      for input in try resolver.resolve() where !outputIsGone { one(input) }
    } catch {
      report.fail(error)
    }
    report.finish()
    if let failure = report.failure { return failure }
    return mode == .check && changedCount > 0 ? .differencesFound : .success
  }

  private mutating func one(_ input: Input) {
    do throws(InputError) {
      let source = try input.load()
      let result = run(source)
      report.add(result, of: source)
      settle(result, input, source)
    } catch {
      report.fail(error)
    }
  }

  private mutating func run(_ source: SourceText) -> InjectionPipeline.Result {
    let pipeline = pipeline
    return pipeline.run(source) { count in
      if count & 0xFF == 0 { report.progress("\(source.name): \(count) documents") }
    }
  }

  private mutating func settle(_ result: InjectionPipeline.Result, _ input: Input, _ source: SourceText) {
    guard var output = result.output else { return }
    if result.isChanged { changedCount += 1 }
    do throws(OutputError) {
      switch mode {
      case .print: try separator.write(&output)
      case .check: if result.isChanged { report.note("\(source.name): would change") }
      case .inPlace:
        guard result.isChanged else { return }
        guard let path = input.path else { return report.fail(.usage, .notAFile(source.name)) }
        try output.replaceFile(at: path)
      }
    } catch {
      if mode == .print { outputIsGone = true }
      report.fail(error.exitCode, error.diagnostic)
    }
  }
}

extension Diagnostic {
  static func notAFile(_ name: String) -> Diagnostic {
    Diagnostic(
      rule: "usage", message: "\(name) is no file that could be rewritten in place",
      hint: "leave -i out to print the result")
  }
}
