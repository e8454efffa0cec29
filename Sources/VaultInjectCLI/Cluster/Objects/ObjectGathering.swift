package import Injection
package import ManifestText

/// Reads all inputs, injects them, and gathers their objects.
package struct ObjectGathering {
  private let pipeline: DocumentPipeline

  package init(_ transform: any DocumentTransform) {
    pipeline = DocumentPipeline(transform: transform, scope: .everyInput)
  }

  /// The objects of all inputs, in order; the report tells what became of each, and of what could not be read.
  func objects(of resolver: InputResolver, _ report: inout Report) -> [ClusterObject] {
    var collector = ObjectCollector()
    do throws(Fault) {
      for input in try resolver.resolve() { gather(input, into: &collector, &report) }
    } catch {
      report.fail(error)
    }
    return collector.objects
  }

  /// The objects of one input, injected; none where anything of it is refused.
  package func objects(of source: SourceText) -> [ClusterObject] {
    var collector = ObjectCollector()
    let result = pipeline.run(source, into: &collector) { _ in }
    return result.isRefused ? [] : collector.objects
  }

  /// The objects of one input that was read, and the report tells what became of each.
  func objects(of source: SourceText, _ report: inout Report) -> [ClusterObject] {
    var collector = ObjectCollector()
    report.add(ReportEntry(pipeline.run(source, into: &collector) { _ in }, of: source))
    return collector.objects
  }

  private func gather(_ input: Input, into collector: inout ObjectCollector, _ report: inout Report) {
    do throws(Fault) {
      let source = try input.load()
      report.add(ReportEntry(pipeline.run(source, into: &collector) { _ in }, of: source))
    } catch {
      report.fail(error)
    }
  }
}

extension InputResolver {
  /// True where standard input is read for manifests.
  var readsStandardInput: Bool {
    kustomization == nil && (filenames.flatMap(FilenameList.names) + files).contains("-")
  }
}
