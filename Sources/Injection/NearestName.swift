/// Guesses which name was meant by one that does not exist.
package enum NearestName {
  /// The nearest of the known names; nil where none is near.
  package static func of(_ name: String, among known: [String]) -> String? {
    let limit = max(2, name.utf8.count / 3)
    let nearest = known.map { (name: $0, distance: distance(Array(name.utf8), Array($0.utf8))) }
      .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= limit else { return nil }
    return nearest.name
  }

  /// How many bytes have to be inserted, deleted or replaced to make one name of the other (Levenshtein).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
