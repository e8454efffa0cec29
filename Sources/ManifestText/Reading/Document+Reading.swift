extension Document {
  /// Reads one document of a stream.
  ///
  /// A document that begins with `{` is read as JSON, as kubectl does; where it is no JSON but is YAML in
  /// flow style, it is taken for that, unless its file's name ends in `.json`.
  /// - Throws: A `Diagnostic` that points at the first byte that cannot be read.
  public init(_ piece: DocumentStream.Piece, of source: SourceText) throws(Diagnostic) {
    guard piece.mayBeJSON else {
      self = try YAMLReader.read(piece.range, of: source)
      return
    }
    do throws(Diagnostic) {
      self = try JSONReader.read(piece.range, of: source)
    } catch {
      guard !source.isNamedJSON, let yaml = Document.flowStyleYAML(piece.range, of: source) else { throw error }
      self = yaml
    }
  }

  private static func flowStyleYAML(_ range: Range<Int>, of source: SourceText) -> Document? {
    do throws(Diagnostic) {
      return try YAMLReader.read(range, of: source)
    } catch {
      return nil
    }
  }
}

extension SourceText {
  fileprivate var isNamedJSON: Bool { name.utf8.suffix(5).elementsEqual(".json".utf8) }
}

extension Document {
  /// True for JSON before which there is nothing but white space: no `---`, no byte order mark.
  package var isBareJSON: Bool {
    guard format == .json, let root else { return false }
    return source.bytes[range.lowerBound..<self.range(of: root).lowerBound].allSatisfy(ASCII.isWhite)
  }
}
