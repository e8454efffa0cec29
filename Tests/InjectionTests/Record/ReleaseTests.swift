import Foundation
import Injection
import ManifestText
import TestSupport
import Testing

/// What releases before this one injected is undone to the byte, and refreshed in one step.
///
/// Fixtures/releases keeps for each release its examples and what it made of them: `NAME[.SETTING].injected.yaml`.
@Suite struct ReleaseTests {
  struct Recording: Sendable, CustomStringConvertible {
    /// The path below Fixtures.
    let description: String
    /// What it was made of.
    let original: String
    /// `container`, `native`, `consul-template`, or nothing for the settings nobody set.
    let setting: String

    init?(_ path: String) {
      guard let mark = path.range(of: ".injected.") else { return nil }
      let parts = path[..<mark.lowerBound].components(separatedBy: "/")
      let name = (parts.last ?? "").components(separatedBy: ".")
      description = "releases/\(path)"
      original = "releases/" + (parts.dropLast() + ["\(name[0]).\(path[mark.upperBound...])"]).joined(separator: "/")
      setting = name.dropFirst().joined()
    }

    static let all: [Recording] = {
      let folder = Fixtures.folder.appending(path: "releases").path
      return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
        .compactMap { Recording($0) }
    }()
  }

  private func laws(_ setting: String) throws -> Laws {
    var configuration = Configuration()
    if !setting.isEmpty {
      let name = Sidecars(rawValue: setting) == nil ? "renderer" : "sidecars"
      try configuration.set(assignment: "\(name)=\(setting)")
    }
    return Laws(dialects: Dialects.all.map { $0.init(configuration, DialectOptions(isExact: false)) })
  }

  @Test func everyRecordingIsThere() { #expect(Recording.all.count >= 24) }

  /// With `--exact`, without a webhook's configuration, nothing is made for the pod, and nothing changes.
  @Test(arguments: [
    ("approle", "yaml", ""), ("deployment", "yaml", ""), ("deployment", "yaml", "consul-template"), ("job", "yaml", ""),
    ("pod", "json", ""), ("proxy", "yaml", ""), ("static-env", "yaml", ""),
  ])
  func exactInjectionStaysTheSame(_ name: String, _ ending: String, _ renderer: String) throws {
    var settings = TalendSettings()
    settings.renderer = TalendSettings.Renderer(rawValue: renderer) ?? settings.renderer
    let laws = Laws(dialects: [TalendDialect(TalendDialect.Settings(settings, isExact: true))])
    let path = "releases/0.1/\(name)"
    let recorded = "\(path).\(renderer.isEmpty ? "exact" : "exact-\(renderer)").\(ending)"
    let injector = Injector(dialects: laws.dialects, policy: FindingPolicy(isExact: true))
    let original = try Fixtures.source("\(path).\(ending)").bytes
    expectSame(laws.transformed(original, by: injector, recorded), try Fixtures.source(recorded).bytes, recorded)
  }

  @Test(arguments: Recording.all) func isUndoneAndRefreshed(_ recording: Recording) throws {
    let laws = try laws(recording.setting)
    let original = try Fixtures.source(recording.original).bytes
    let injected = try Fixtures.source(recording.description).bytes
    let uninjector = Uninjector(dialects: laws.dialects)
    expectSame(laws.transformed(injected, by: uninjector, recording.description), original, "undone")
    let injector = Injector(dialects: laws.dialects)
    let refreshed = laws.transformed(injected, by: injector, recording.description)
    expectSame(refreshed, laws.transformed(original, by: injector, recording.original), "refreshed")
    expectSame(laws.transformed(refreshed, by: injector, recording.description), refreshed, "refreshed again")
  }
}
