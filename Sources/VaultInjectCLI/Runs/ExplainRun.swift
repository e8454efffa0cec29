internal import Cluster
internal import Injection
internal import ManifestText
internal import Output

/// What a run is to explain, and in which form.
struct ExplainPlan {
  let explainer: Explainer
  /// What reads what pods ask of Vault, and so what a preflight asks.
  let reader: AccessReader
  let loaded: LoadedConfiguration
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
      switch plan.inputs {
      case .manifests(let resolver): for input in try resolver.resolve() { explain(input) }
      case .cluster(let objects): try explain(objects)
      }
    } catch {
      report.fail(error)
    }
    if isEmpty, report.failure == nil { report.add(.nothingToExplain) }
    let ending = report.finish()
    return (ending, isEmpty && plan.format != .json ? nil : writer.text)
  }

  private mutating func explain(_ objects: LiveObjects) throws(Fault) {
    var objects = objects
    while let page = try objects.nextPage(&report) {
      for object in page { explain(object.source) }
    }
  }

  private mutating func explain(_ input: Input) {
    do throws(Fault) {
      explain(try input.load())
    } catch {
      report.fail(error)
    }
  }

  private mutating func explain(_ source: SourceText) {
    let provenance = Provenance(plan.loaded.configuration, in: source)
    let explainer = plan.explainer.informed(by: source)
    let reader = plan.reader.informed(by: source)
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        for (story, access) in zip(explainer.explain(document), reader.read(document)) where story.isWorthTelling {
          writer.add(story.asking(access.pods), provenance)
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
