internal import ManifestText

/// The annotations of every dialect, to be looked up: by full key, by the key alone, or by the key of a family's member.
package struct AnnotationReference: Reference {
  package let noun = "annotation"
  private let readers: [Reader]
  private let guess: AnnotationGuess

  /// A dialect's annotations, and whose they are.
  private struct Reader {
    let injector: String
    let schema: AnnotationSchema

    init(_ dialect: any ConfigurableDialect.Type, _ configuration: Configuration) {
      injector = dialect.injector
      schema = dialect.init(configuration, DialectOptions(isExact: false)).annotations
    }

    /// The row and, of a family, the name that a key has at its end; nil for a key that is no annotation here.
    func found(_ key: String) -> (row: AnnotationSchema.Row, name: String?)? {
      // A family can be named by its row or by what its keys begin with.
      if let row = schema.rows.first(where: { $0.key == key || $0.stem == key || $0.stem == key + "-" }) {
        return (row, nil)
      }
      guard let row = schema.row(key) else { return nil }
      return (row, row.stem.flatMap { ByteText.rest(of: key, after: $0) })
    }
  }

  /// Knows the annotations under the prefixes in force.
  package init(_ configuration: Configuration = Configuration()) {
    readers = Dialects.all.map { Reader($0, configuration) }
    guess = AnnotationGuess(readers.map(\.schema))
  }

  package var list: ReferenceList {
    ReferenceList(
      groups: readers.map { reader in
        let lines = reader.schema.rows.map { ReferenceList.Line(name: $0.key, summary: $0.summary) }
        return ReferenceList.Group(title: "\(reader.schema.fullKey(""))", lines: lines)
      })
  }

  /// Every name that can be looked up, with what it is.
  package var names: [(name: String, summary: String)] {
    readers.flatMap { reader in reader.schema.rows.map { (reader.schema.fullKey($0.key), $0.summary) } }
  }

  package func entries(named name: String) -> [ReferenceEntry] {
    let found = readers.compactMap { reader in
      AnnotationReference.key(name, in: reader.schema).flatMap(reader.found).map { (reader, $0.row, $0.name) }
    }
    return found.map { reader, row, name in
      var entry = entry(row, named: name, of: reader)
      // Where all injectors have it under this name, each stands beside the other.
      if found.count < readers.count { entry.facts += counterparts(of: row, reader) }
      return entry
    }
  }

  /// The key without its prefix; nil for one with another prefix.
  private static func key(_ name: String, in schema: AnnotationSchema) -> String? {
    guard name.contains("/") else { return name }
    return ByteText.rest(of: name, after: schema.fullKey(""))
  }

  package func nearest(to name: String) -> [String] {
    if let slash = name.firstIndex(of: "/") {
      let key = String(name[name.index(after: slash)...])
      if let schema = readers.map(\.schema).first(where: { $0.prefix == name[..<slash] }) {
        return guess.nearest(to: key, in: schema)
      }
      return guess.nearest(toForeign: name).map { [$0] } ?? nearest(to: key)
    }
    return readers.flatMap { guess.nearest(to: name, in: $0.schema) }
      .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
  }

  // MARK: Entries

  private func entry(_ row: AnnotationSchema.Row, named name: String?, of reader: Reader) -> ReferenceEntry {
    let schema = reader.schema
    var entry = ReferenceEntry(schema.fullKey(row.key), owner: reader.injector, row.summary)
    if let placeholder = row.placeholder {
      entry.facts.append(AnnotationReference.family(placeholder, name))
    }
    entry.facts.append(ReferenceEntry.Fact("accepted", row.accepted))
    entry.facts.append(fallback(of: row))
    if let meaning = row.meaningOfEmpty { entry.facts.append(ReferenceEntry.Fact("empty", meaning)) }
    if !row.conditions.isEmpty { entry.facts.append(ReferenceEntry.Fact("conditions", all: row.conditions)) }
    if let example = row.example {
      let key = schema.fullKey(row.key(of: name ?? row.exampleName))
      let line = "\(key): \(YAMLWriter.inline(.string(example)))"
      entry.facts.append(
        ReferenceEntry.Fact(
          "example", lines: [line], value: .object([.init(key: key, value: .string(example))]), isCode: true))
    }
    return entry
  }

  private static func family(_ placeholder: String, _ name: String?) -> ReferenceEntry.Fact {
    let meaning =
      placeholder == "NAME"
      ? "the secret's name, the same in all its annotations" : "the parameter's name"
    return ReferenceEntry.Fact(placeholder, "\(meaning)\(name.map { "; `\($0)` here" } ?? "")")
  }

  /// What holds without the annotation; where a setting decides, with the value that is built in.
  private func fallback(of row: AnnotationSchema.Row) -> ReferenceEntry.Fact {
    guard let path = row.setting, let setting = SettingReference.setting(at: path) else {
      return ReferenceEntry.Fact("default", row.fallback)
    }
    let value = SettingReference.spelled(setting.builtIn)
    return ReferenceEntry.Fact(
      "default", row.fallback + (value.isEmpty ? ", which is not set" : ", built in: `\(value)`"))
  }

  /// How the same is said to the other injectors.
  private func counterparts(of row: AnnotationSchema.Row, _ reader: Reader) -> [ReferenceEntry.Fact] {
    let others = readers.filter { $0.schema.prefix != reader.schema.prefix }
    let found = others.map { ($0, AnnotationReference.counterpart(of: row, in: reader.schema, $0.schema)) }
    let lines = found.map { other, row in
      row.map { "\(other.schema.fullKey($0.key)): \($0.summary)" } ?? "\(other.injector) has nothing like it"
    }
    let keys = found.compactMap { other, row in row.map { Value.string(other.schema.fullKey($0.key)) } }
    return [ReferenceEntry.Fact("elsewhere", lines: lines, value: .array(keys))]
  }

  private static func counterpart(
    of row: AnnotationSchema.Row, in schema: AnnotationSchema, _ other: AnnotationSchema
  ) -> AnnotationSchema.Row? {
    let own = schema.misnomers.filter { $0.value == row.key && other.has($0.key) }.keys.min()
    let translated = other.misnomers[row.key] ?? own
    return other.rows.first { $0.key == translated ?? row.key }
  }
}

extension AnnotationSchema {
  fileprivate func has(_ key: String) -> Bool { rows.contains { $0.key == key } }
}
