import Injection
import ManifestText
import Testing

/// The table of settings against the values it is about.
@Suite struct ConfigurationSchemaTests {
  /// Every stored property has a row; a row for each number of a nested set of resources.
  @Test func everyPropertyHasARow() {
    var expected = 0
    for child in Mirror(reflecting: TalendSettings()).children {
      let parts = Mirror(reflecting: child.value)
      expected += parts.displayStyle == .struct && !parts.children.isEmpty && !(child.value is String)
        ? parts.children.count : 1
    }
    #expect(SettingSchema.rows.count == expected)
    #expect(Set(SettingSchema.rows.map(\.path)).count == expected)
  }
}
