public import ManifestText
public import Workloads

/// Plans the injection into every pod of a document.
///
/// What this program injected before is taken out first and injected again, with the configuration in force.
public struct Injector: DocumentTransform {
  private let scope: InjectionScope
  private let isStrict: Bool

  /// Brings the dialects and the known kinds together.
  ///
  /// Objects that name no namespace are taken to be in `namespace`, and in `default` where that is nil. Objects
  /// outside of the selection stay as they are. A strict injector refuses annotations that no injector reads.
  public init(
    dialects: [any Dialect], kinds: WorkloadKinds = WorkloadKinds(), namespace: String? = nil,
    selection: Selection = .everything, isStrict: Bool = false
  ) {
    scope = InjectionScope(dialects: dialects, kinds: kinds, namespace: namespace, selection: selection)
    self.isStrict = isStrict
  }

  /// True where documents may ask for injection, or have annotations there is something to say about; false lets them be
  /// copied without being parsed.
  public func mayConcern(_ range: Range<Int>, of source: SourceText) -> Bool { scope.mayConcern(range, of: source) }

  /// Plans a document: what changes, and what became of each object.
  ///
  /// Where any object is refused, nothing of the document may be written.
  public func plan(for document: Document) -> DocumentPlan {
    do throws(Diagnostic) {
      let planner = InjectionPlanner(scope, document, isStrict: isStrict)
      let draft = try planner.draft()
      guard draft.foundRecords else { return try planner.plan(draft) }
      let refresh = Refresh(of: document, in: scope) { (document, settled, former) throws(Diagnostic) in
        let planner = InjectionPlanner(scope, document, isStrict: isStrict, settled: settled, former: former)
        return try planner.plan(planner.draft())
      }
      return try refresh.plan()
    } catch {
      return .refused(document, error)
    }
  }

  /// What a document without the annotations' text holds: nothing of it changes, and nothing is refused.
  public func overview(of document: Document) -> DocumentPlan { scope.overview(of: document) }
}
