import Injection
import Testing

/// Names of images, and the entries that tell where their configurations are.
@Suite struct ImageReferenceTests {
  static let hash = String(repeating: "0a", count: 32)

  @Test(arguments: [
    ("nginx", "docker.io/library/nginx:latest"),
    ("nginx:1.27", "docker.io/library/nginx:1.27"),
    ("team/app", "docker.io/team/app:latest"),
    ("docker.io/nginx", "docker.io/library/nginx:latest"),
    ("index.docker.io/team/app:1", "docker.io/team/app:1"),
    ("localhost/app", "localhost/app:latest"),
    ("localhost:5000/app:1", "localhost:5000/app:1"),
    ("quay.io/team/group/app:v1.2_3-x", "quay.io/team/group/app:v1.2_3-x"),
    ("[::1]:5000/app", "[::1]:5000/app:latest"),
    ("registry/app:1", "docker.io/registry/app:1"),
    ("app@sha256:\(hash)", "docker.io/library/app@sha256:\(hash)"),
    ("app:1@sha256:\(hash)", "docker.io/library/app@sha256:\(hash)"),
  ])
  func namesInFull(_ text: String, _ full: String) { #expect(ImageReference(text)?.text == full) }

  @Test(arguments: [
    "", ":", "/", "App", "a b", "a//b", "app:", "app:-1", "app:1:2", "app@", "app@sha256:12", "app@md5:\(hash)",
    "app@sha256:\(hash.uppercased())", "./app", "../app", "app/", "a\nb", "größe", "-a", "a.",
    String(repeating: "a", count: 1025), "a:" + String(repeating: "t", count: 129),
  ])
  func whatNamesNoImage(_ text: String) { #expect(ImageReference(text) == nil) }

  @Test(arguments: [
    "sha256:../../etc/passwd", "sha256:\(String(repeating: "/", count: 64))", "sha256:\(hash)/..", "sha256\(hash)",
    "sha512:\(hash)", "sha256:\(hash):x",
  ])
  func noDigestLeadsOutOfAFolder(_ text: String) { #expect(ImageDigest(text) == nil) }

  @Test(
    arguments: [
      ("images", nil, "images"), ("./a=b", nil, "./a=b"), ("shop:1=shop.json", "docker.io/library/shop:1", "shop.json"),
      ("shop=a=b", "docker.io/library/shop:latest", "a=b"), ("/A=b", nil, "/A=b"),
    ] as [(String, String?, String)])
  func entries(_ text: String, _ image: String?, _ path: String) {
    let entry = ImageEntry(text)
    #expect(entry?.image?.text == image)
    #expect(entry?.path == path)
    #expect(ImageEntry.text(text) { "x/\($0)" } == text.dropLast(path.count) + "x/\(path)")
  }

  @Test(arguments: ["", "=", "=x", "shop=", "a\nb"])
  func whatIsNoEntry(_ text: String) { #expect(ImageEntry(text) == nil) }

  /// What Kubernetes makes of `command`, as its own function for it does.
  private func expanded(_ text: String) -> String {
    var bytes = Array(text.utf8)[...]
    var result: [UInt8] = []
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "$"), let next = bytes.first else {
        result.append(byte)
        continue
      }
      if next == UInt8(ascii: "(") {
        result += Array("EXPANDED".utf8)
      } else if next == UInt8(ascii: "$") {
        result.append(next)
      } else {
        result += [byte, next]
      }
      bytes = bytes.dropFirst()
    }
    return String(decoding: result, as: UTF8.self)
  }

  @Test(arguments: [
    "", "$", "$$", "$$$", "$(A)", "$$(A)", "$$$(A)", "a $HOME ${B} $1", "$($(A))", "größe $$é$", "$a$$b$(",
  ])
  func wordsOfImagesStayWhatTheyAre(_ word: String) { #expect(expanded(Entrypoint.escaped(word)) == word) }
}
