package import ManifestText
internal import Workloads

/// A field as the API server names it: `spec.containers[0].image`, `.spec.containers[name="web"].image`.
///
/// Keys may hold dots, so the text is only understood together with the object it is about.
package enum FieldPath {
  /// The path of the field in an object, as far as the object has it.
  ///
  /// Some answers leave out which element of a list is meant: the first one that is wrong then, or the first one.
  package static func path(
    _ field: String, in object: Value, whereWrong isWrong: (Value) -> Bool = { _ in true }
  ) -> Path {
    var rest = field[...]
    var value = object
    var path = Path()
    while !rest.isEmpty {
      if let elements = value.array, rest.first != "[" {
        let found = inAnElement(String(rest), of: elements, whereWrong: isWrong)
        return found.map { path.appending($0) } ?? path
      }
      guard let step = step(&rest, in: value) else { break }
      path = Path(path.steps + [step.step])
      value = step.value
    }
    return path
  }

  /// The path from a list to a field of one of its elements; nil where none has it.
  private static func inAnElement(
    _ field: String, of elements: [Value], whereWrong isWrong: (Value) -> Bool
  ) -> Path? {
    let paths = elements.enumerated().compactMap { index, element -> (path: Path, isWrong: Bool)? in
      let path = path(field, in: element, whereWrong: isWrong)
      guard isWhole(path, field), let value = element.value(at: path) else { return nil }
      return (Path([.index(index)]).appending(path), isWrong(value))
    }
    return (paths.first(where: \.isWrong) ?? paths.first)?.path
  }

  private static func step(_ rest: inout Substring, in value: Value) -> (step: Path.Step, value: Value)? {
    if rest.first == ".", rest.count > 1 { rest.removeFirst() }
    switch value {
    case .object(let members):
      guard let member = member(of: members, at: &rest) else { return nil }
      return (.key(member.key), member.value)
    case .array(let elements):
      guard let selector = brackets(&rest), let index = index(selector, in: elements) else { return nil }
      return (.index(index), elements[index])
    default: return nil
    }
  }

  /// The member with the longest key that the text begins with.
  private static func member(of members: [Value.Member], at rest: inout Substring) -> Value.Member? {
    if rest.first == "[" {
      guard let key = brackets(&rest) else { return nil }
      return members.first { $0.key == key }
    }
    let matching = members.filter { member in
      guard !member.key.isEmpty, rest.hasPrefix(member.key) else { return false }
      let next = rest.dropFirst(member.key.count).first
      return next == nil || next == "." || next == "["
    }
    guard let member = matching.max(by: { $0.key.count < $1.key.count }) else { return nil }
    rest = rest.dropFirst(member.key.count)
    return member
  }

  /// The text between brackets at the front; quotes may contain brackets.
  private static func brackets(_ rest: inout Substring) -> String? {
    guard rest.first == "[" else { return nil }
    var isQuoted = false
    for index in rest.indices.dropFirst() {
      if rest[index] == "\"" { isQuoted.toggle() }
      guard rest[index] == "]", !isQuoted else { continue }
      let inside = String(rest[rest.index(after: rest.startIndex)..<index])
      rest = rest[rest.index(after: index)...]
      return inside
    }
    return nil
  }

  private static func index(_ selector: String, in elements: [Value]) -> Int? {
    if let index = Int(selector) { return elements.indices.contains(index) ? index : nil }
    return elements.firstIndex { element in
      selector.split(separator: ",").allSatisfy { condition in
        guard let equals = condition.firstIndex(of: "=") else { return false }
        let key = String(condition[..<equals])
        let wanted = String(condition[condition.index(after: equals)...])
        return text(key.isEmpty ? element : element[key]) == wanted
      }
    }
  }

  private static func text(_ value: Value?) -> String? {
    value.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) }
  }
}

extension ClusterObject {
  /// The place in the input of a field that the server names.
  package struct FieldPlace: Equatable {
    /// The field, or the nearest thing around it.
    package let range: Range<Int>
    /// True where the field itself is there; false where only what is around it is.
    package let isExact: Bool
    /// True where the field was injected.
    package let isInjected: Bool
    /// The field's value; nil where the field is not there.
    package var value: Value?
  }

  /// Looks a field up: in the object as it was sent, and from there in the input.
  ///
  /// With a type, it is looked for where a value is of another type, should the server not say in which element.
  package func place(of field: String, ofType type: String? = nil) -> FieldPlace {
    let path = FieldPath.path(field, in: body) { value in type.map { value.kindName != "a \($0)" } ?? true }
    var (node, key): (NodeID, NodeID?) = (manifest.node, nil)
    var value = body
    for step in path.steps {
      guard let next = value.child(step) else { break }
      guard let found = originalNode(step, below: node, sent: value) else {
        return FieldPlace(
          range: shown(node, key), isExact: false, isInjected: true,
          value: FieldPath.isWhole(path, field) ? body.value(at: path) : nil)
      }
      key = if case .key(let name) = step { (try? document.entry(name, in: node))??.key } else { nil }
      (node, value) = (found, next)
    }
    let isWhole = FieldPath.isWhole(path, field)
    return FieldPlace(
      range: shown(node, key), isExact: isWhole && node != manifest.node, isInjected: false,
      value: isWhole ? value : nil)
  }

  /// The node of the input that a step leads to; elements that were shifted are found by their names.
  private func originalNode(_ step: Path.Step, below node: NodeID, sent: Value) -> NodeID? {
    switch step {
    case .key(let key): return (try? document.value(key, in: node)) ?? nil
    case .index(let index):
      let items = Array(document.items(of: node))
      let elements = sent.array ?? []
      guard items.count != elements.count else { return items.indices.contains(index) ? items[index] : nil }
      let element = elements[index]
      for key in ["name", "mountPath", "containerPort", "key"] {
        guard let wanted = element[key] else { continue }
        return items.first { item in
          guard let value = (try? document.value(key, in: item)) ?? nil else { return false }
          return (try? document.value(of: value)) == wanted
        }
      }
      return items.first { (try? document.value(of: $0)) == element }
    }
  }

  /// A collection is pointed at by its key, or where it begins.
  private func shown(_ node: NodeID, _ key: NodeID?) -> Range<Int> {
    guard document.isMapping(node) || document.isSequence(node) else { return document.range(of: node) }
    if let key { return document.range(of: key) }
    let start = document.range(of: node).lowerBound
    return start..<start + 1
  }
}

extension FieldPath {
  /// True where a path reaches the field it was looked up for.
  static func isWhole(_ path: Path, _ field: String) -> Bool {
    guard let last = path.steps.last else { return false }
    switch last {
    case .key(let key): return field.hasSuffix(key) || field.hasSuffix("[\(key)]")
    case .index: return field.hasSuffix("]")
    }
  }
}

extension Value {
  /// The value that a path leads to; nil where it leads nowhere.
  func value(at path: Path) -> Value? {
    path.steps.reduce(self as Value?) { $0?.child($1) }
  }

  /// The value one step further down; nil where there is none.
  func child(_ step: Path.Step) -> Value? {
    switch step {
    case .key(let key): self[key]
    case .index(let index): array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }
}
