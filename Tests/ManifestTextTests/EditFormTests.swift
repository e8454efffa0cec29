import ManifestText
import Testing

/// Which edits count as one to those who ask libyaml about a text.
@Suite struct EditFormTests {
  private static let text = Array("a: b\n".utf8)

  private static func form(of inserted: String) -> EditForm {
    EditForm(of: TextEdit(text.count..<text.count, Array(inserted.utf8)), in: text)
  }

  @Test(arguments: [
    ("name: web\n", "name: payments-api.v2\n"), ("- a: secret/team/x\n", "- b1: y\n"),
    ("a: \"b\\nc\"\n", "a: \"bb\\ncc\"\n"), ("a: |-\n  echo\n", "b: |-\n  exec\n"), ("a: Zm9v=\n", "a: Zm9vYmFy\n"),
  ])
  func sameForm(_ one: String, _ other: String) {
    #expect(Self.form(of: one) == Self.form(of: other))
  }

  @Test(arguments: [
    ("name: web\n", "name: 'web'\n"), ("name: web\n", " name: web\n"), ("name: web\n", "name: web"),
    ("name: a b\n", "name: ab\n"), ("name: a:b\n", "name: ab\n"), ("name: -\n", "name: a\n"), ("- a\n", "-a\n"),
    ("a: \"\\nb\"\n", "a: \"\\xb\"\n"), ("a: |\n", "a: |2\n"), ("a: |2\n", "a: |4\n"), ("a: b #c\n", "a: b#c\n"),
    ("a: é\n", "a: e\n"), ("", "a"),
  ])
  func anotherForm(_ one: String, _ other: String) {
    #expect(Self.form(of: one) != Self.form(of: other))
  }

  /// What goes belongs to the form as much as what comes.
  @Test func whatGoes() {
    let removal = EditForm(of: TextEdit(0..<5, []), in: Self.text)
    #expect(removal != EditForm(of: TextEdit(0..<4, []), in: Self.text))
    #expect(removal == EditForm(of: TextEdit(0..<6, []), in: Array("cc: d\n".utf8)))
    #expect(removal != EditForm(of: TextEdit(0..<0, Self.text), in: Self.text))
  }
}
