internal import ManifestText

/// The record as the text of an annotation: its version, clauses, what is needed beside them as JSON, and a digest of all
/// that at the end, with `;` between them.
///
///     3;s;p(v+S:L8pqr7,D:iVCMpv;c(/B:cGtnGj;app,proxy(m+S:qc79V1)));bZodbA
///
/// | clause | what was injected at this place |
/// |---|---|
/// | `s` | the status annotation, with the value that every injection gives it |
/// | `step=digest` | an entry of a map |
/// | `step+elements` | an entry whose value is a list of these elements, each `name:digest` or, without a name, `digest` |
/// | `step@elements` | an entry whose value is a map with these entries |
/// | `step!=digest`, `step!+…`, `step!@…` | a value in place of another, which the JSON tells of, in order |
/// | `/elements`, `~elements` | elements of a list, in front of all others and behind them |
/// | `step,step(clauses)` | what was injected further down; the same in each of these elements |
///
/// A step is a key, an element's name, or `#` and its number. What most pods have is one letter (`RecordSyntax`).
/// Nothing in the clauses has to be quoted in YAML or JSON.
extension InjectionRecord {
  /// Why a text is not a record.
  enum Fault: Error, Equatable {
    /// It was not written by this program, or changed since.
    case damaged
    /// It is of a version that is not known here.
    case unknownVersion(String)
  }

  /// The text, in a pod whose status annotation has this key.
  func text(statusKey: String) -> String {
    var writer = RecordWriter()
    writer.raw("\(Version.current.rawValue)")
    let pod = self.pod.withoutStatus(statusKey)
    if pod != nil { writer.raw(";s") }
    var clauses = RecordWriter()
    clauses.part(pod ?? self.pod)
    if !clauses.output.isEmpty { writer.raw(";", clauses.output) }
    let supplements = self.supplements(clauses.replaced)
    if supplements != [:] {
      writer.raw(";", JSONWriter.escapingDollars(before: [ASCII.openBrace], in: JSONWriter.compact(supplements)))
    }
    return String(decoding: writer.output + ";".utf8 + RecordedDigest(bytes: writer.output).text, as: UTF8.self)
  }

  /// Reads a text of any version.
  /// - Throws: A `Fault` where it is not as it was written.
  init(text: String, statusKey: String) throws(Fault) {
    if text.utf8.first == ASCII.openBrace {
      try self.init(json: text)
    } else {
      try self.init(clauses: Array(text.utf8), statusKey)
    }
  }

  private init(clauses bytes: [UInt8], _ statusKey: String) throws(Fault) {
    let body = bytes.dropLast(RecordedDigest.length + 1)
    guard body.count < bytes.count, bytes[body.count] == RecordSyntax.separator,
      RecordedDigest(text: bytes.suffix(RecordedDigest.length)) == RecordedDigest(bytes: body)
    else { throw .damaged }
    let number = body.prefix { ASCII.isDigit($0) }
    guard number.elementsEqual("\(Version.current.rawValue)".utf8) else {
      throw number.isEmpty ? .damaged : .unknownVersion(String(decoding: number, as: UTF8.self))
    }
    self.init()
    let start = ByteText.firstIndex(of: Array(";{".utf8), in: bytes, 0..<body.count)
    let supplements = start.map { Value(json: Array(body[($0 + 1)...])) } ?? [:]
    guard let supplements else { throw .damaged }
    try readSupplements(supplements)
    var reader = RecordReader(
      body[number.count..<(start ?? body.count)], formers: supplements["former"]?.array ?? [])
    pod = try reader.pod(statusKey)
  }
}
