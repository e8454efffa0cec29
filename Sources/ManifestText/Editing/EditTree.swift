/// What becomes of a value and of the values inside it: the model a plan's edits are collected in.
///
/// A tree mirrors the document it was planned against; nodes it does not mention stay as they are.
public struct EditTree: Equatable, Sendable {
  /// New elements of a list, in front of the element that has this index in the document as it was read.
  package struct Insertion: Equatable, Sendable {
    package let index: Int
    package var values: [Value]
  }

  /// One step down to something that changes.
  package struct Child: Equatable, Sendable {
    package let step: Path.Step
    package var tree: EditTree
  }

  /// What takes the place of the whole value, or stands where there was none.
  package var replacement: Value?
  /// The text that takes the place of the whole value: one it had before.
  var restoration: FormerText?
  /// True where the value goes, and with it its key or its place in the list.
  var isRemoved = false
  /// The key an entry of a map gets in place of its own.
  package var newKey: String?
  /// New elements, by ascending index.
  package var insertions: [Insertion] = []
  /// What changes further down: entries of a map in the order they were planned, elements of a list by index.
  package private(set) var children: [Child] = []
  /// Where the children under a key are, once they are many.
  private var keys: NameIndex?

  /// A tree that changes nothing.
  public init() {}

  /// True where nothing changes.
  public var isEmpty: Bool { self == EditTree() }

  /// What changes beside the key; nil where that is nothing.
  var ofValue: EditTree? {
    guard newKey != nil else { return self }
    var tree = self
    tree.newKey = nil
    return tree.isEmpty ? nil : tree
  }
}

extension EditTree {
  /// The tree at the end of these steps; nil where nothing changes there.
  package func subtree(at steps: ArraySlice<Path.Step>) -> EditTree? {
    guard let step = steps.first else { return self }
    let (place, isKnown) = place(of: step)
    return isKnown ? children[place].tree.subtree(at: steps.dropFirst()) : nil
  }

  func child(_ step: Path.Step) -> EditTree? {
    let (place, isKnown) = place(of: step)
    return isKnown ? children[place].tree : nil
  }

  /// Where a child is; nil where there is none.
  func place(ofChild step: Path.Step) -> Int? {
    let (place, isKnown) = place(of: step)
    return isKnown ? place : nil
  }

  /// Where a child is or, if there is none, where it belongs.
  private func place(of step: Path.Step) -> (place: Int, isKnown: Bool) {
    guard case .index(let index) = step else { return place(ofKey: step) }
    var (low, high) = (0, children.count)
    while low < high {
      let middle = (low + high) / 2
      if case .index(let other) = children[middle].step, other < index { low = middle + 1 } else { high = middle }
    }
    return (low, low < children.count && children[low].step == step)
  }

  private func place(ofKey step: Path.Step) -> (place: Int, isKnown: Bool) {
    guard case .key(let key) = step else { return (children.count, false) }
    let known = if let keys { keys.place(of: key) } else { children.firstIndex(ofKey: key) }
    return (known ?? children.count, known != nil)
  }

  /// Changes the tree at the end of these steps, making it where there is none.
  mutating func update(at steps: ArraySlice<Path.Step>, _ change: (inout EditTree) -> Void) {
    guard let step = steps.first else { return change(&self) }
    let (place, isKnown) = place(of: step)
    if !isKnown {
      let child = Child(step: step, tree: EditTree())
      if place == children.count { children.append(child) } else { children.insert(child, at: place) }
      if case .key(let key) = step { index(key, at: place) }
    }
    children[place].tree.update(at: steps.dropFirst(), change)
  }

  private mutating func index(_ key: String, at place: Int) {
    guard keys == nil else { return _ = keys?.insert(key, at: place) }
    guard children.count > EditTree.few else { return }
    keys = NameIndex(children.compactMap { if case .key(let key) = $0.step { key } else { nil } })
  }

  /// Adds another tree's changes, which are in other places.
  mutating func add(_ other: EditTree) {
    guard !isEmpty else { return self = other }
    for child in other.children { update(at: [child.step]) { $0.add(child.tree) } }
  }

  /// Adds elements in front of an index, after those that are already planned there.
  mutating func insert(_ values: [Value], at index: Int) {
    if let known = insertions.firstIndex(where: { $0.index == index }) {
      insertions[known].values += values
    } else {
      let place = insertions.firstIndex { $0.index > index } ?? insertions.count
      insertions.insert(Insertion(index: index, values: values), at: place)
    }
  }

  /// How many elements are planned in front of an element or at its place.
  func insertedCount(through index: Int) -> Int {
    insertions.reduce(0) { $1.index <= index ? $0 + $1.values.count : $0 }
  }
}

/// What is planned so far for one place of a document, and on the way to it.
struct PlannedPlace {
  /// The outermost whole value that is planned above the place, and how many steps lead to it; nil where none is.
  private(set) var above: (depth: Int, value: Value)?
  /// What changes at the place itself; nil where nothing does.
  private(set) var tree: EditTree?
  /// The steps to the place once the elements in front of it are in.
  private(set) var steps: [Path.Step] = []

  init(at path: Path, in tree: EditTree) {
    steps.reserveCapacity(path.steps.count + 1)
    descend(path.steps[...], in: tree)
  }

  private mutating func descend(_ path: ArraySlice<Path.Step>, in current: EditTree) {
    guard let step = path.first else { return tree = current }
    if above == nil, let value = current.replacement { above = (steps.count, value) }
    if case .index(let index) = step {
      steps.append(.index(index + current.insertedCount(through: index)))
    } else {
      steps.append(step)
    }
    guard let place = current.place(ofChild: step) else { return steps += path.dropFirst() }
    let children = current.children.span
    descend(path.dropFirst(), in: children[place].tree)
  }
}

extension EditTree {
  /// The value with every change of this tree made.
  public func applied(to value: Value) -> Value {
    if let replacement { return replacement }
    if let restoration { return restoration.value ?? .null }
    switch value {
    case .array(let elements): return .array(applied(toElements: elements))
    case .object(let members): return .object(applied(toMembers: members))
    default: return value
    }
  }

  private func applied(toElements elements: [Value]) -> [Value] {
    var result: [Value] = []
    for index in 0...elements.count {
      for insertion in insertions where insertion.index == index { result += insertion.values }
      guard index < elements.count else { break }
      guard let child = child(.index(index)) else {
        result.append(elements[index])
        continue
      }
      if !child.isRemoved { result.append(child.applied(to: elements[index])) }
    }
    return result
  }

  private func applied(toMembers members: [Value.Member]) -> [Value.Member] {
    var result: [Value.Member] = []
    var found = NameIndex()
    for member in members {
      guard found.insert(member.key, at: 0), let child = child(.key(member.key)) else {
        result.append(member)
        continue
      }
      guard !child.isRemoved else { continue }
      result.append(Value.Member(key: child.newKey ?? member.key, value: child.applied(to: member.value)))
    }
    for child in children {
      guard case .key(let key) = child.step, found.place(of: key) == nil else { continue }
      result.append(Value.Member(key: key, value: child.tree.replacement ?? .null))
    }
    return result
  }

  /// True where one of the children goes.
  var removesChildren: Bool { children.contains { $0.tree.isRemoved } }

  /// Which child says what becomes of an entry of a map; nil where that stays as it is.
  func place(keyed key: NodeID, in document: Document) -> Int? {
    guard children.count <= EditTree.few else { return place(ofChild: .key(document.text(of: key))) }
    let lent = children.span
    for index in lent.indices {
      if case .key(let name) = lent[index].step, document.isText(key, equalTo: name) { return index }
    }
    return nil
  }

  /// Up to so many children, comparing keys where they stand is faster than making texts of them.
  private static let few = 12

  /// The entries a map gains: those it does not have itself.
  ///
  /// An entry that it had through a merge key is written out with its changes.
  func additions(to map: NodeID, in document: Document) throws(Diagnostic) -> [Value.Member] {
    var members: [Value.Member] = []
    let own = children.count > EditTree.few ? document.ownKeys(of: map) : nil
    for index in children.indices {
      guard case .key(let key) = children[index].step, own?.contains(key) != true else { continue }
      let entry = try document.entry(key, in: map)
      if children[index].tree.isRemoved { continue }
      if let entry, !entry.isMerged { continue }
      let old = try entry.map { (entry) throws(Diagnostic) in try document.value(of: entry.value) } ?? .null
      members.append(Value.Member(key: key, value: children[index].tree.applied(to: old)))
    }
    return members
  }
}

extension [EditTree.Child] {
  fileprivate func firstIndex(ofKey key: String) -> Int? {
    let lent = span
    for index in lent.indices {
      if case .key(let name) = lent[index].step, ByteText.isEqual(name, key) { return index }
    }
    return nil
  }
}
