internal import Synchronization

/// What an edit takes away and puts in its place, when any word is as good as another.
///
/// How YAML is read depends on punctuation and white space, and on where words stand between them, but not on which
/// words these are. Texts with edits of the same forms are therefore read alike, however they are named.
package struct EditForm: Hashable, Sendable {
  private let digest: UInt64

  /// Looks at an edit of these bytes.
  package init(of edit: TextEdit, in bytes: [UInt8]) {
    var digest = Digest()
    digest.add(bytes[edit.range])
    // No text holds this byte.
    digest.add([0xFF])
    digest.add(edit.text[...])
    self.digest = digest.value
  }

  /// FNV-1a over a text, of which each word and each run of spaces counts as one.
  private struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: ArraySlice<UInt8>) {
      unsafe text.withUnsafeBufferPointer { text in
        unsafe EditForm.kinds.withUnsafeBufferPointer { kinds in
          var (index, last) = (0, UInt8(0))
          while index < text.count {
            let byte = unsafe text[index]
            index += 1
            if byte == ASCII.space {
              let start = index
              while index < text.count, unsafe text[index] == ASCII.space { index += 1 }
              mix(UInt64(index - start) << 8 | UInt64(byte))
            } else if unsafe kinds[Int(byte)] == .begins && !EditForm.tellsWhatFollows(last) {
              while index < text.count, unsafe kinds[Int(text[index])] != .other { index += 1 }
              mix(UInt64(UInt8(ascii: "a")))
            } else {
              mix(UInt64(byte))
            }
            last = byte
          }
        }
      }
    }

    private mutating func mix(_ unit: UInt64) { value = (value ^ unit) &* 0x100_0000_01B3 }
  }

  /// What a byte is to words.
  private enum Kind: UInt8 {
    /// A letter or digit.
    case begins
    /// What has no meaning within a word: names, paths, versions and Base64 are words as well.
    case goesOn
    case other
  }

  private static let kinds = ByteText.table([ASCII.alphanumerics: Kind.begins, "-.+/_=": .goesOn], usual: .other)

  /// True for a byte after which letters and digits have a meaning: in an escape, in the header of a block scalar.
  private static func tellsWhatFollows(_ byte: UInt8) -> Bool {
    byte == ASCII.backslash || byte == ASCII.pipe || byte == ASCII.greaterThan
  }
}

extension EditForm {
  /// The forms with which libyaml and `PlainReader` were seen to read a text alike, in this run of the program.
  private static let proven = Mutex<Set<EditForm>>([])

  /// True where both readers were seen to agree about all of these.
  static func areProven(_ forms: [EditForm]) -> Bool {
    proven.withLock { proven in forms.allSatisfy(proven.contains) }
  }

  /// Notes that both readers agree about these.
  static func prove(_ forms: [EditForm]) {
    proven.withLock { $0.formUnion(forms) }
  }
}
