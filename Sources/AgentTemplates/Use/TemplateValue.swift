/// What is known of a value when a template is gone through.
enum TemplateValue: Equatable, Sendable {
  case unknown
  /// Go's nil, which the outermost dot is.
  case nothing
  case text(String)
  /// A number or a truth, and Go's type for it; nil where that does not matter.
  case constant(type: String?)
  /// What is at the end of these names in the answer of a call, by its place among the reads.
  case answer(Int, [String])
}

/// The variables of a template while it is gone through.
struct TemplateVariables {
  private var names: [String] = []
  private var places: [String: [Int]] = [:]
  private var values: [TemplateValue] = []

  /// The place to go back to.
  var mark: Int { names.count }

  mutating func declare(_ name: String, _ value: TemplateValue) {
    places[name, default: []].append(names.count)
    names.append(name)
    values.append(value)
  }

  mutating func reset(to mark: Int) {
    while names.count > mark {
      places[names.removeLast()]?.removeLast()
      values.removeLast()
    }
  }

  /// The variable's value; nil where there is none of this name.
  subscript(_ name: String) -> TemplateValue? {
    get { places[name]?.last.map { values[$0] } }
    set { if let place = places[name]?.last, let newValue { values[place] = newValue } }
  }

  /// How many variables were declared before the one of this name.
  func place(of name: String) -> Int? { places[name]?.last }
}
