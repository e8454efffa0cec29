/// The value of one `-f`: names between commas, as kubectl takes them.
package enum FilenameList {
  /// The names of a value; a name in double quotes may hold commas, and `""` stands for a quote in it.
  package static func names(in value: String) -> [String] {
    let comma = UInt8(ascii: ",")
    guard value.utf8.contains(comma) || value.utf8.first == quote else { return [value] }
    var names: [String] = []
    var rest = Array(value.utf8)[...]
    while true {
      names.append(String(decoding: takeName(from: &rest), as: UTF8.self))
      guard rest.first == comma else { return names }
      rest.removeFirst()
    }
  }

  private static let quote = UInt8(ascii: "\"")

  /// Takes one name from the front, up to a comma outside of quotes.
  private static func takeName(from rest: inout ArraySlice<UInt8>) -> [UInt8] {
    var name: [UInt8] = []
    var isQuoted = false
    if rest.first == quote {
      isQuoted = true
      rest.removeFirst()
    }
    while let byte = rest.first, isQuoted || byte != UInt8(ascii: ",") {
      rest.removeFirst()
      guard isQuoted, byte == quote else {
        name.append(byte)
        continue
      }
      isQuoted = rest.first == quote
      if isQuoted { name.append(rest.removeFirst()) }
    }
    return name
  }
}
