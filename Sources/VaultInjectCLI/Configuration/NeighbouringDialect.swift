internal import Injection
internal import ManifestText
internal import Output

/// The dialect in which the manifests ask that stand beside those that ask for nothing yet.
struct NeighbouringDialect {
  /// Nil where none ask, or some in another than the others.
  let name: String?

  /// Looks at the files of a run and, where none of them tells, at the repository that the first is in.
  init(_ configurations: Configurations, _ resolver: InputResolver) {
    let dialects = configurations.base.annotatableDialects
    guard configurations.base.dialect == nil, let inputs = try? resolver.resolve() else {
      name = nil
      return
    }
    func spoken(in inputs: [Input]) -> [Set<String>] {
      inputs.filter { $0.path != nil }.compactMap { try? $0.load() }.map {
        Set(Annotator.dialects(dialects, askedIn: $0))
      }
    }
    var found = spoken(in: inputs).reduce(into: Set()) { $0.formUnion($1) }
    if found.isEmpty, let root = configurations.repository(of: resolver.place) {
      let others = (try? InputResolver(folder: root, isRecursive: true).resolve()) ?? []
      found = spoken(in: others).reduce(into: Set()) { $0.formUnion($1) }
    }
    name = found.count == 1 ? found.first : nil
  }
}
