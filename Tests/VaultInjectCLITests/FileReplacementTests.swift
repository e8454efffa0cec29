import Foundation
import Platform
import TestSupport
import Testing
import Output

@Suite struct FileReplacementTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try OpenFile.contents(of: path), as: UTF8.self)
  }

  /// Replaces a file as a rewriting command does; `meanwhile` happens before the last step.
  private func replace(_ path: String, by new: String = "new", meanwhile: () throws -> Void = {}) throws {
    let read = try OpenFile.read(path)
    var replacement = try FileReplacement(of: path, readAs: read.status)
    defer { replacement.discard() }
    try replacement.write(Array(new.utf8)[...])
    replacement.beginFlush()
    try replacement.flush()
    try meanwhile()
    _ = try replacement.commit(replacing: read.bytes)
  }

  @Test func contentIsReplacedAndTheRestStays() throws {
    let path = try folder.write("a.yaml", "old content, longer")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let link = try folder.link("l.yaml", to: "a.yaml")
    try replace(link)
    #expect(try text(path) == "new")
    #expect(try mode(path) == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "a.yaml")
    #expect(try names() == ["a.yaml", "l.yaml"])
    FileReplacement.flushFolders(of: [path])
  }

  @Test func abandonedReplacementLeavesNothing() throws {
    let path = try folder.write("a.yaml", "old")
    var replacement = try FileReplacement(of: path, readAs: try FileStatus(of: path))
    try replacement.write(Array("half".utf8)[...])
    replacement.discard()
    replacement.discard()
    #expect(try text(path) == "old")
    #expect(try names() == ["a.yaml"])
  }

  @Test func fileThatSomebodyElseChangedStaysAsTheyMadeIt() throws {
    let path = folder.path("a.yaml")
    let changes: [(String, () throws -> Void)] = [
      (
        "longer",
        {
          try folder.write("n", "longer one"); rename(folder.path("n"), path)
        }
      ),
      (
        "same size",
        {
          try folder.write("n", "OLD"); rename(folder.path("n"), path)
        }
      ),
      ("in place", { try text(path).appending("!").write(toFile: path, atomically: false, encoding: .utf8) }),
      ("permissions", { chmod(path, 0o600) }),
      ("touched", { utimes(path, nil) }),
    ]
    for (name, change) in changes {
      try folder.write("a.yaml", "old")
      var theirs = ""
      #expect(throws: WriteFailure.changedMeanwhile, "\(name)") {
        try replace(path) {
          try change()
          theirs = try text(path)
        }
      }
      #expect(try text(path) == theirs, "\(name)")
      #expect(try names() == ["a.yaml"], "\(name)")
    }
  }

  /// What the system tells of the file is as it was; only its content shows that it is another.
  @Test func changeThatTheClockDoesNotShow() throws {
    let path = try folder.write("a.yaml", "old")
    let read = try OpenFile.read(path)
    var replacement = try FileReplacement(of: path, readAs: read.status)
    try replacement.write(Array("new".utf8)[...])
    #expect(throws: WriteFailure.changedMeanwhile) { try replacement.commit(replacing: Array("odl".utf8)) }
    #expect(try text(path) == "old")
    #expect(try names() == ["a.yaml"])
  }

  @Test func fileThatIsGone() throws {
    let path = try folder.write("a.yaml", "old")
    #expect(throws: WriteFailure.system(.noSuchFile)) {
      try replace(path) { try FileManager.default.removeItem(atPath: path) }
    }
    #expect(try names() == [])
  }

  @Test func readOnlyFileAndFolder() throws {
    let path = try folder.write("a.yaml", "old")
    chmod(path, 0o444)
    #expect(throws: WriteFailure.readOnlyFile) { try replace(path) }
    chmod(path, 0o644)
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    #expect(throws: WriteFailure.readOnlyFolder) { try replace(path) }
    #expect(try text(path) == "old")
    #expect(try names() == ["a.yaml"])
  }

  @Test func fileOfTheSystemsOwn() throws {
    let status = try FileStatus(of: "/proc/self/status")
    #expect(throws: WriteFailure.self) { _ = try FileReplacement(of: "/proc/self/status", readAs: status) }
  }

  @Test func otherNameOfAFileIsJoinedToItAgain() throws {
    let path = try folder.write("a.yaml", "old")
    try FileManager.default.linkItem(atPath: path, toPath: folder.path("b.yaml"))
    let read = try OpenFile.read(folder.path("b.yaml"))
    #expect(read.status.linkCount == 2)
    try replace(path)
    #expect(try text(folder.path("b.yaml")) == "old")
    var replacement = try FileReplacement(of: folder.path("b.yaml"), readAs: read.status, by: path)
    let identity = try replacement.commit(replacing: read.bytes)
    #expect(try FileStatus(of: path).identity == identity)
    #expect(try FileStatus(of: folder.path("b.yaml")) == FileStatus(of: path))
    #expect(try text(path) == "new")
    #expect(try names() == ["a.yaml", "b.yaml"])
  }

  @Test func messages() {
    func text(_ failure: WriteFailure) -> [String?] {
      let diagnostic = OutputError("x.yaml", failure).diagnostic
      return [diagnostic.message, diagnostic.hint]
    }
    #expect(
      text(.changedMeanwhile) == [
        "x.yaml could not be written: somebody changed it since it was read",
        "it was left as it is now; run the command again",
      ])
    #expect(
      text(.ownerNotKept) == [
        "x.yaml could not be written: it belongs to another user or group, which only root could give a new file to",
        "leave -i out, and write the result yourself",
      ])
  }
}
