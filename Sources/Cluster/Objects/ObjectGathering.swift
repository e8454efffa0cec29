package import Output
package import Injection
package import ManifestText

/// Injects inputs, and gathers their objects.
package struct ObjectGathering {
  private let pipeline: DocumentPipeline

  package init(_ transform: any DocumentTransform) {
    pipeline = DocumentPipeline(transform: transform, scope: .everyInput)
  }

  /// The objects of one input, injected; none where anything of it is refused.
  package func objects(of source: SourceText) -> [ClusterObject] {
    var collector = ObjectCollector()
    let result = pipeline.run(source, into: &collector) { _ in }
    return result.isRefused ? [] : collector.objects
  }

  /// The objects of one input that was read, and the report tells what became of each.
  package func objects(of source: SourceText, _ report: inout Report) -> [ClusterObject] {
    var collector = ObjectCollector()
    report.add(ReportEntry(pipeline.run(source, into: &collector) { _ in }, of: source))
    return collector.objects
  }
}
