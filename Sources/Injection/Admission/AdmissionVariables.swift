internal import ManifestText

/// The variables of a policy, each told by those before it.
///
/// The API server evaluates a variable when it is first asked for, and once.
package struct AdmissionVariables: Equatable, Sendable {
  /// In order.
  package private(set) var all: [NamedExpression] = []

  package init() {}

  /// Adds a variable; what stands for it in expressions.
  @discardableResult
  package mutating func add(_ name: String, _ expression: String) -> String {
    precondition(!all.contains { $0.name == name }, "two variables are called \(name)")
    all.append(NamedExpression(name, expression))
    return AdmissionVariables.reference + name
  }

  /// Those that some expressions use, and those that these use.
  package func used(by expressions: [String]) -> [NamedExpression] {
    var used: Set<String> = []
    func use(_ expression: String) {
      for piece in AdmissionVariables.pieces(of: expression) {
        guard let name = piece.variable, used.insert(name).inserted else { continue }
        use(self.expression(of: name))
      }
    }
    expressions.forEach(use)
    return all.filter { used.contains($0.name) }
  }

  /// A condition without variables, which the conditions of a match cannot have: each is bound to a name by a list
  /// with nothing else in it.
  package func bound(_ condition: String) -> String {
    let used = used(by: [condition])
    var text = ""
    for variable in used { text += "[\(unbound(variable.expression))].all(\(variable.name),\n" }
    return text + unbound(condition) + String(repeating: ")", count: used.count)
  }

  /// An expression in which variables stand by their names alone.
  private func unbound(_ expression: String) -> String {
    ByteText.pieces(of: expression, around: AdmissionVariables.reference).joined()
  }

  private func expression(of name: String) -> String {
    guard let variable = all.first(where: { $0.name == name }) else {
      preconditionFailure("there is no variable \(name)")
    }
    return variable.expression
  }

  private static let reference = "variables."

  /// The text between variables, and the variables.
  private static func pieces(of expression: String) -> [(text: String, variable: String?)] {
    let pieces = ByteText.pieces(of: expression, around: reference)
    var result: [(String, String?)] = [(pieces[0], nil)]
    for piece in pieces.dropFirst() {
      let name = piece.utf8.prefix { ASCII.isLetter($0) || ASCII.isDigit($0) }
      result.append(("", String(decoding: name, as: UTF8.self)))
      result.append((String(decoding: piece.utf8.dropFirst(name.count), as: UTF8.self), nil))
    }
    return result
  }
}
