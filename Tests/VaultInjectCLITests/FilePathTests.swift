import Platform
import Testing

/// Each name has one text, and each text leads back to its name.
@Suite struct FilePathTests {
  @Test(arguments: [
    [0x61], [0xE9], [0x61, 0xFF, 0xFE, 0x62], [0xC3, 0xA9], [0xC3], [0xE2, 0x82], [0xF4, 0x8F, 0xBF, 0xA9],
    [0xF4, 0x8F, 0xBE, 0x7F],
    [0xF4, 0x8F, 0xBD, 0xBF], [0xF0, 0x9F, 0x98, 0x80], [0xED, 0xA0, 0x80], [0x80, 0xBF], [0xC0, 0xAF], [],
  ])
  func bytesComeBack(_ bytes: [UInt8]) { #expect(FilePath.bytes(of: FilePath.text(bytes)) == bytes) }

  @Test func everyPairComesBack() {
    var texts: Set<[UInt8]> = []
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let text = FilePath.text([first, second])
        #expect(FilePath.bytes(of: text) == [first, second])
        texts.insert(Array(text.utf8))
      }
    }
    #expect(texts.count == 1 << 16)
  }

  @Test func textStaysText() {
    #expect(FilePath.text(Array("d/caf\u{E9} \u{1F600}.yaml".utf8)) == "d/caf\u{E9} \u{1F600}.yaml")
  }

  @Test func otherBytesAreShownEscaped() {
    #expect(FilePath.shown(FilePath.text([0x63, 0xE9, 0x0A])) == "c\\xE9\n")
    #expect(FilePath.shown(FilePath.text([0xF4, 0x8F, 0xBF, 0xA9])) == "\\xF4\\x8F\\xBF\\xA9")
  }
}
