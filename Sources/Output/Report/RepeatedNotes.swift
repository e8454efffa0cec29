internal import ManifestText

/// The notes of a run that say again what was said before: of those of one rule with one remedy the first is told in
/// full, and the others by their places alone.
struct RepeatedNotes {
  /// How many places are named.
  private static let mostPlaces = 5

  /// The further notes of one rule with one remedy.
  private struct Row {
    let rule: Rule
    let hint: String?
    var places: [String] = []
    var count = 0
  }

  /// One for each note that was told, in their order.
  private var rows: [Row] = []

  /// True for a note that says what another one has said; it is told at the end.
  mutating func holdsBack(_ diagnostic: Diagnostic, at place: String) -> Bool {
    guard diagnostic.severity == .note, diagnostic.rule.isIgnorable else { return false }
    guard let index = rows.firstIndex(where: { $0.rule === diagnostic.rule && $0.hint == diagnostic.hint }) else {
      rows.append(Row(rule: diagnostic.rule, hint: diagnostic.hint))
      return false
    }
    rows[index].count += 1
    if rows[index].places.count < RepeatedNotes.mostPlaces { rows[index].places.append(place) }
    return true
  }

  /// A line for those that were held back with each.
  func lines<Sink: ReportSink & ~Copyable>(_ sink: borrowing Sink) -> [ShownText] {
    rows.filter { $0.count > 0 }.map { row in
      let places = row.places.listed(first: RepeatedNotes.mostPlaces, of: row.count)
      let text: ShownText = """
        \(sink.styled("note:", .note)) found in \(RunSummary.number(row.count, "other place")) as well [\(row.rule.id)]: \
        \(places) (-v tells each in full)
        """
      return text.wrapped(columns: sink.columns, indent: 4)
    }
  }
}
