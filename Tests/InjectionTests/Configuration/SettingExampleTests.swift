import Injection
import ManifestText
import Testing

/// The example of each setting is a value of it.
@Suite struct SettingExampleTests {
  @Test(arguments: SettingSchema.rows + SettingSchema.owned.map(\.own)) func exampleIsAccepted(
    _ setting: Setting
  ) throws {
    #expect(!setting.example.isEmpty)
    var configuration = Configuration()
    try configuration.set(assignment: "\(setting.path)=\(setting.example)")
    #expect(configuration.origin(of: setting.path) != .builtIn)
  }

  /// What is told of a setting is a configuration: written as a file, it sets just that.
  @Test(arguments: SettingSchema.rows) func fileIsOne(_ setting: Setting) throws {
    let entry = try #require(SettingReference().entries(named: setting.path).first)
    let file = try #require(entry.facts.first { $0.name == "file" })
    var configuration = Configuration()
    let text = file.lines.map { $0 + "\n" }.joined()
    try configuration.read(SourceText(name: "test.yaml", bytes: Array(text.utf8)))
    #expect(configuration.origin(of: setting.path) != .builtIn)
  }
}
