internal import Injection
internal import ManifestText
internal import Output
internal import Workloads

/// What a run is to explain, and in which form.
struct ExplainPlan {
  let configurations: Configurations
  /// The namespace of objects that name none; nil where the command line has none.
  let namespace: String?
  let selection: Selection
  let inputs: TransformPlan.Inputs
  let format: StoryFormat
}

/// Explains each object of the inputs, and prints it when all of them have been read.
struct ExplainRun: ~Copyable {
  private let plan: ExplainPlan
  private var writer: any StoryWriter
  private var report: Report
  private var isEmpty = true

  init(_ plan: ExplainPlan, report: consuming Report) {
    self.plan = plan
    self.report = report
    writer = plan.format.writer()
  }

  /// The whole run: how it ended, and what is to be printed; nil where there is nothing.
  consuming func all() -> (ending: Ending, text: String?) {
    do throws(Fault) {
      var inputs = try ConfiguredInputs(plan.inputs, plan.configurations, &report)
      while let (source, loaded) = inputs.next(&report) {
        report.noteRead(source)
        explain(source, with: loaded)
      }
    } catch {
      report.fail(error)
    }
    let isHeldBack = report.waitsForSelection
    if isHeldBack, !isEmpty { report.tellOfSelectionBesideRefusal() }
    report.settleSelection()
    if isEmpty, report.failure == nil { report.add(.nothingToExplain) }
    let ending = report.finish()
    return (ending, isHeldBack || isEmpty && plan.format != .json ? nil : writer.text)
  }

  private mutating func explain(_ source: SourceText, with loaded: LoadedConfiguration) {
    let explainer = loaded.explainer(namespace: plan.namespace, selection: plan.selection).informed(by: source)
    // What pods ask of Vault, a preflight asks as well.
    let reader = loaded.accessReader(namespace: plan.namespace, selection: plan.selection).informed(by: source)
    let lines = LineIndex(source)
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        for (story, access) in zip(explainer.explain(document), reader.read(document)) where story.isWorthTelling {
          let configuration = loaded.configuration(inNamespace: story.namespace)
          writer.add(story.asking(access.pods), Provenance(configuration, lines))
          isEmpty = false
        }
      }
    } catch {
      report.fail(.refused, error, in: source)
    }
  }
}

extension ObjectStory {
  /// False for what makes no pods and says nothing of injection, and for what the selection leaves out.
  fileprivate var isWorthTelling: Bool {
    switch plan.outcome {
    case .unchanged(.notAWorkload): !plan.findings.isEmpty
    case .unchanged(.notSelected): false
    default: true
    }
  }
}

extension Diagnostic {
  fileprivate static let nothingToExplain = Diagnostic(
    rule: .nothingToExplain, message: "there is nothing to explain: no object makes pods, or is selected")
}
