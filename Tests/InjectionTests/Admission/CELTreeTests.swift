import ManifestText
import Testing

@testable import Injection

/// Values that are told in part when a pod is admitted: how they are read from answers, put together, and spelt.
@Suite struct CELTreeTests {
  private static let marks = [
    CELMark("ROLE", "variables.role"), CELMark("FILE", "variables.files", .list),
    CELMark("PROBE", "variables.probe", .value),
  ]

  private func tree(_ value: Value) -> CELTree { CELTree(value, Self.marks) }

  private func text(_ text: String) -> CELTree { tree(.string(text)) }

  private func answers(_ conditions: Set<String>) -> CELAnswers {
    var answers = CELAnswers()
    answers.texts = ["variables.role": "r"]
    answers.lists = ["variables.files": ["a", "b"]]
    answers.values = ["variables.probe": 1]
    answers.conditions = conditions
    return answers
  }

  // MARK: Marks

  @Test func marksBecomeExpressions() {
    let tree = tree(["command": ["sh", "-ROLE-", "FILE"], "probe": "PROBE", "count": 3, "role": "ROLE"])
    #expect(
      tree.value(answers([])) == ["command": ["sh", "-r-", "a", "b"], "probe": 1, "count": 3, "role": "r"])
    #expect(
      tree.expression() == """
        {
          'command': dyn(['sh', '-' + variables.role + '-'] + variables.files),
          'probe': dyn(variables.probe),
          'count': dyn(3),
          'role': dyn(variables.role)
        }
        """)
  }

  @Test func marksInARowAreOneList() {
    #expect(tree(["a", "FILE", "FILE"]) == tree(["a", "FILE"]))
    #expect(tree(["FILE"]).expression() == "variables.files")
  }

  @Test func whatIsNotAnsweredGivesNothing() {
    #expect(text("a ROLE").value(CELAnswers()) == nil)
    #expect(tree(["a": ["FILE"]]).value(CELAnswers()) == nil)
    #expect(tree("PROBE").value(CELAnswers()) == nil)
  }

  @Test func emptyValues() {
    #expect(tree("").expression() == "''")
    #expect(tree([]).expression() == "[]")
    #expect(tree([:]).expression() == "{}")
  }

  // MARK: With and without

  private func expectBoth(_ with: Value, _ without: Value, _ expression: String? = nil, line: Int = #line) {
    let tree = tree(with).having("c", without: tree(without))
    #expect(tree.value(answers(["c"])) == self.tree(with).value(answers([])), "line \(line)")
    #expect(tree.value(answers([])) == self.tree(without).value(answers([])), "line \(line)")
    if let expression { #expect(tree.expression() == expression, "line \(line)") }
  }

  @Test func entriesAndElementsThatAreThereOrNot() {
    expectBoth(
      ["a": "1", "b": "2"], ["a": "1"], "{'a': dyn('1'), ?'b': c ? optional.of(dyn('2')) : optional.none()}")
    expectBoth(["a", "b", "c"], ["a", "c"], "['a'] + (c ? ['b'] : []) + ['c']")
    expectBoth([["a": 1], ["b": 2]], [["b": 2]], "(c ? [dyn({'a': dyn(1)})] : []) + [dyn({'b': dyn(2)})]")
  }

  @Test func whatIsDeepInside() {
    expectBoth(["a": ["b": ["x ROLE", "y"]]], ["a": ["b": ["x ROLE", "z"]]])
    expectBoth([["n": "1", "m": ["x", "y"]]], [["n": "1", "m": ["y"]]])
  }

  @Test func whatHasNothingInCommonIsEither() {
    expectBoth(["a": "x"], ["b": "y"], "(c\n  ? {'a': 'x'}\n  : {'b': 'y'})")
    expectBoth("a", 1, "(c\n  ? 'a'\n  : 1)")
    expectBoth(["a", "b"], ["c"])
    expectBoth("abc", "abd")
    expectBoth("short", "longer text")
    expectBoth(["FILE", "x"], ["x", "FILE"])
  }

  @Test func theSameIsTheSame() {
    #expect(tree(["a": "ROLE"]).having("c", without: tree(["a": "ROLE"])) == tree(["a": "ROLE"]))
  }

  /// A piece may be cut out in several places; it is by whole lines where it can be.
  @Test func textIsCutByLines() {
    expectBoth(
      "a {\n  x\n  command = ROLE\n  y\n}\n", "a {\n  x\n  y\n}\n",
      """
      [
        'a {\\n',
        '  x\\n',
        (c ? '  command = ' + variables.role + '\\n' : ''),
        '  y\\n',
        '}\\n'
      ].join()
      """)
    expectBoth("aaa", "aa")
    expectBoth("ROLE", "")
    expectBoth("xROLEROLE", "xROLE")
  }

  @Test func severalConditions() {
    func needs(_ first: Bool, _ second: Bool) -> Value {
      .string("begin\n" + (first ? "first ROLE\n" : "") + (second ? "second\n" : "") + "end\n")
    }
    let tree = tree(needs(true, true)).having("a", without: tree(needs(false, true)))
      .having("b", without: tree(needs(true, false)))
    for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
      let conditions = Set((first ? ["a"] : []) + (second ? ["b"] : []))
      #expect(tree.value(answers(conditions)) == self.tree(needs(first, second)).value(answers([])))
    }
  }

  @Test func conditionsOfOneElementAddUp() {
    let full: Value = ["a", "b"]
    let tree = tree(full).having("x", without: tree(["b"])).having("y || z", without: tree(["b"]))
    #expect(tree.expression() == "(x && (y || z) ? ['a'] : []) + ['b']")
    #expect(tree.value(answers(["x"])) == ["b"])
    #expect(tree.value(answers(["x", "y || z"])) == ["a", "b"])
  }

  // MARK: Layout

  @Test func longListsAndTextsHaveALineForEach() {
    let long = String(repeating: "x", count: 60)
    #expect(tree([.string(long), .string(long)]).expression() == "[\n  '\(long)',\n  '\(long)'\n]")
    #expect(text("a\nb").expression() == "'a\\n' + 'b'")
    #expect(text("a\nb\nc\nd\ne").expression() == "[\n  'a\\n',\n  'b\\n',\n  'c\\n',\n  'd\\n',\n  'e'\n].join()")
    #expect(
      tree(["k": [.string("FILE"), .string(long + long)]]).expression()
        == "{\n  'k': dyn(variables.files\n    + [\n        '\(long + long)'\n      ])\n}")
  }
}
