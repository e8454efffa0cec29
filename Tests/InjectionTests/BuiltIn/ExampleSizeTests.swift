import Foundation
import Injection
import ManifestText
import TestSupport
import Testing

/// What a reviewer has to read of an injection.
@Suite struct ExampleSizeTests {
  /// Lines and bytes that an example gains at most; the record, which is for this program alone, counts as one line.
  @Test(arguments: [
    ("deployment.yaml", 110, 3800), ("job.yaml", 110, 3800), ("approle.yaml", 105, 3800), ("proxy.yaml", 90, 3800),
  ])
  func gainsLittle(_ name: String, _ lines: Int, _ bytes: Int) throws {
    let path = "../../examples/\(name)"
    let original = try Fixtures.source(path).bytes
    let dialects = Dialects.all.map { $0.init(Configuration(), DialectOptions(isExact: false)) }
    let injected = Laws(dialects: dialects).transformed(original, by: Injector(dialects: dialects), path)
    #expect(self.lines(injected).count - self.lines(original).count <= lines)
    let record = self.lines(injected).first { $0.contains("/injection: ") } ?? ""
    #expect(!record.isEmpty)
    #expect(injected.count - record.utf8.count - 1 - original.count <= bytes)
  }

  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n")
  }

  /// Nothing that only a generic container needs: a variable to be filled in, or a volume that nothing mounts.
  @Test(arguments: Sidecars.allCases) func holdsNothingWithoutUse(_ sidecars: Sidecars) throws {
    var settings = TalendSettings()
    settings.sidecars = sidecars
    let dialects = [TalendDialect(TalendDialect.Settings(settings, isExact: false))]
    let folder = Fixtures.folder.appending(path: "../../examples").standardized
    let names = try Fixtures.manifests(in: folder)
    for name in names.sorted() {
      let source = try Fixtures.source("../../examples/\(name)")
      for piece in try DocumentStream(source) {
        let document = try Document(piece, of: source)
        let plan = Injector(dialects: dialects).plan(for: document)
        guard !plan.isEmpty else { continue }
        let result = try plan.result()
        let value = try result.value(of: #require(result.root))
        #expect(!String(decoding: JSONWriter.compact(value), as: UTF8.self).contains("VSI_"), "\(name)")
        for pod in pods(of: value) { checkVolumes(of: pod, name) }
      }
    }
  }

  private func checkVolumes(of spec: Value, _ name: String) {
    let containers = (spec["initContainers"]?.array ?? []) + (spec["containers"]?.array ?? [])
    let mounted = containers.flatMap { $0["volumeMounts"]?.array ?? [] }.compactMap { $0["name"]?.string }
    for volume in (spec["volumes"]?.array ?? []).compactMap({ $0["name"]?.string }) where volume.hasPrefix("tvsi-") {
      #expect(mounted.contains(volume), "\(name): \(volume)")
    }
    if containers.contains(where: { $0["name"] == "tvsi-job-babysitter" }) { return }
    #expect(!mounted.contains("tvsi-shared"), "\(name)")
  }

  /// Every map with containers, wherever it is.
  private func pods(of value: Value) -> [Value] {
    switch value {
    case .object(let members): (value["containers"] == nil ? [] : [value]) + members.flatMap { pods(of: $0.value) }
    case .array(let elements): elements.flatMap(pods)
    default: []
    }
  }
}
