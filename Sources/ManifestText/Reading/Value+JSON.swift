extension Value {
  /// Reads a JSON text; nil where it is none.
  package init?(json bytes: [UInt8]) {
    do throws(Diagnostic) {
      let document = try JSONReader.read(bytes.indices, of: SourceText(name: "text", bytes: bytes))
      guard let root = document.root else { return nil }
      self = try document.value(of: root)
    } catch {
      return nil
    }
  }
}
