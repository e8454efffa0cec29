import Foundation
import KubernetesAPI
import Platform
import TestSupport
import Testing
import Output
import VaultInjectCLI

/// Keeps what an input says beside its text.
private final class Notes {
  var lines: [String] = []
}

/// Whether there is a kubectl for what `-k` asks it.
private let needsKubectl: ConditionTrait = .enabled(
  if: Host.process(readsManifests: false).program("kubectl") != nil, "needs kubectl")

@Suite struct InputLoaderTests {
  private let folder: TemporaryFolder
  private let notes = Notes()
  private var loader = InputLoader()

  init() throws {
    folder = try TemporaryFolder()
    let notes = notes
    loader.note = { notes.lines.append($0.line) }
    loader.fetch.pauseMilliseconds = 5
  }

  private func load(_ resolver: InputResolver) throws -> String {
    let inputs = try resolver.resolve()
    #expect(inputs.count == 1)
    return String(decoding: try inputs[0].load(with: loader).bytes, as: UTF8.self)
  }

  private func complaint(_ resolver: InputResolver) throws -> (text: String, exitCode: Int32) {
    let inputs = try resolver.resolve()
    let input = try #require(inputs.count == 1 ? inputs[0] : nil)
    do {
      _ = try input.load(with: loader)
      return ("nothing", 0)
    } catch {
      return (error.description.replacing(folder.path, with: "T"), Failure.exitCode(of: error.kind))
    }
  }

  // MARK: Files

  @Test(arguments: [0, 1, 4095, 4096, 65536, 3_000_000]) func fileOfAnySize(_ size: Int) throws {
    let text = String(repeating: "0123456789abcdef", count: size / 16 + 1).prefix(size)
    let path = try folder.write("a.yaml", String(text))
    #expect(try load(InputResolver(files: [path])) == text)
  }

  @Test func fileThatDoesNotKnowItsLength() throws {
    #expect(try load(InputResolver(files: ["/proc/self/status"])).hasPrefix("Name:"))
    #expect(try load(InputResolver(files: ["/dev/null"])) == "")
  }

  @Test func fileRemovedInTheMeantime() throws {
    let path = try folder.write("a.yaml", "")
    let input = try InputResolver(files: [path]).resolve()[0]
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: Fault.self) { try input.load() }
  }

  @Test func unreadableFile() throws {
    // A process's memory opens, and refuses to be read at its start.
    #expect(
      try complaint(InputResolver(files: ["/proc/self/mem"])) == (
        "/proc/self/mem: cannot be read: Input/output error", 65
      ))
  }

  @Test(.enabled(if: getuid() != 0)) func fileWithoutPermission() throws {
    let path = try folder.write("a.yaml", "")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(
      try complaint(InputResolver(files: [path])) == (
        """
        T/a.yaml: cannot be read: Permission denied
          hint: make it readable for the user who runs this
        """, 65
      ))
  }

  @Test func permissionHasItsSentence() {
    let error = Fault.unreadable(.permissionDenied, input: "a.yaml")
    #expect(
      error.description == """
        a.yaml: cannot be read: Permission denied
          hint: make it readable for the user who runs this
        """)
  }

  @Test func folderInPlaceOfAFile() throws {
    let path = try folder.write("a.yaml", "")
    let input = try InputResolver(files: [path]).resolve()[0]
    try FileManager.default.removeItem(atPath: path)
    try folder.folder("a.yaml")
    do {
      _ = try input.load()
      Issue.record("a folder was read")
    } catch {
      #expect(
        error.description.replacing(folder.path, with: "T") == """
          T/a.yaml: cannot be read: Is a directory
            hint: a folder was put where a file is read
          """)
    }
  }

  // MARK: Standard input

  @Test(arguments: [0, 10, 65_536, 200_000, 9_000_000]) func streamOfAnyLength(_ size: Int) throws {
    let text = String(repeating: "0123456789abcdef", count: size / 16 + 1).prefix(size)
    let path = try folder.write("a.yaml", String(text))
    var loader = loader
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/cat")
    process.arguments = [path]
    process.standardOutput = pipe
    try process.run()
    loader.standardInput = FileDescriptor(pipe.fileHandleForReading.fileDescriptor)
    let source = try InputResolver(filenames: ["-"]).resolve()[0].load(with: loader)
    #expect(source.name == "<stdin>")
    #expect(source.bytes == Array(text.utf8))
    #expect(notes.lines == [])
  }

  @Test func closedStandardInput() throws {
    var loader = loader
    loader.standardInput = FileDescriptor(987)
    do {
      _ = try InputResolver(filenames: ["-"]).resolve()[0].load(with: loader)
      Issue.record("a closed stream was read")
    } catch {
      #expect(error.description == "<stdin>: cannot be read: Bad file descriptor")
      #expect(Failure.exitCode(of: error.kind) == 65)
    }
  }

  @Test func terminalIsAnnounced() throws {
    let terminal = try PseudoTerminal(typing: "a: 1\n\u{4}")
    var loader = loader
    loader.standardInput = FileDescriptor(terminal.descriptor)
    let source = try InputResolver(filenames: ["-"]).resolve()[0].load(with: loader)
    #expect(source.bytes == Array("a: 1\n".utf8))
    #expect(notes.lines == ["Reading manifests from the terminal; Ctrl-D ends them."])
  }

  // MARK: URLs

  @Test func manifestFromTheWeb() throws {
    let server = try WebServer(#"{"/a.yaml?x=1": [{"body": "a: 1\n"}]}"#)
    let source = try InputResolver(filenames: [server.address + "/a.yaml?x=1"]).resolve()[0].load(
      with: loader)
    #expect(source.name == server.address + "/a.yaml?…")
    #expect(source.bytes == Array("a: 1\n".utf8))
  }

  @Test func webPageIsNoManifest() throws {
    let server = try WebServer(##"{"/a": [{"body": "\n <!DOCTYPE html>\n<html></html>"}]}"##)
    #expect(
      try complaint(InputResolver(files: [server.address + "/a"])) == (
        """
        \(server.address)/a: the server sent a web page (HTML) instead of a manifest
          hint: use the address of the file itself; on GitHub and GitLab that is what the Raw button leads to
        """, 65
      ))
  }

  @Test(arguments: [
    (
      404, "the server answered 404 (not found)",
      "check the address; a private repository may answer so to those who are not logged in", Int32(66)
    ),
    (
      410, "the server answered 410 (gone)",
      "check the address; a private repository may answer so to those who are not logged in", 66
    ),
    (
      401, "the server answered 401 (not logged in)",
      "download it with a program that can log in, and read it with -f -", 69
    ),
    (
      403, "the server answered 403 (not allowed)",
      "download it with a program that can log in, and read it with -f -", 69
    ),
    (429, "the server answered 429 (too many requests)", nil, 69),
    (500, "the server answered 500 (a fault of its own)", "3 attempts were made", 69),
    (202, "the server answered 202, not 200", nil, 69),
  ]) func statusOtherThan200(_ status: Int, _ message: String, _ hint: String?, _ exitCode: Int32) throws {
    let server = try WebServer(#"{"/a": [{"status": \#(status)}]}"#)
    let expected = "\(server.address)/a: \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    #expect(try complaint(InputResolver(files: [server.address + "/a"])) == (expected, exitCode))
  }

  // MARK: Kustomizations

  @Test(needsKubectl) func kustomizationIsBuilt() throws {
    try folder.write("k/kustomization.yaml", "resources: [a.yaml]\nnamePrefix: x-\n")
    try folder.write("k/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")
    #expect(
      try load(InputResolver(kustomization: folder.path("k")))
        == "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x-a\n")
    #expect(notes.lines == [])
  }

  @Test(needsKubectl) func warningsOfKubectlAreShown() throws {
    try folder.write("k/kustomization.yaml", "bases: [../b]\n")
    try folder.write("b/kustomization.yaml", "resources: [a.yaml]\n")
    try folder.write("b/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")
    _ = try load(InputResolver(kustomization: folder.path("k")))
    #expect(notes.lines.count == 1)
    #expect(notes.lines.first?.contains("'bases' is deprecated") == true)
  }

  @Test(needsKubectl) func failingKustomization() throws {
    let (text, exitCode) = try complaint(InputResolver(kustomization: folder.path))
    #expect(exitCode == 65)
    #expect(
      text == """
        kustomize:T: kubectl kustomize ended with exit code 1: unable to find one of 'kustomization.yaml', \
        'kustomization.yml' or 'Kustomization' in directory 'T'
          hint: run kubectl kustomize on the same folder to see it fail alone
        """)
  }

  @Test func kubectlMissing() throws {
    var loader = loader
    loader.kubectl = "kubectl-that-is-not-there"
    do {
      _ = try InputResolver(kustomization: "d").resolve()[0].load(with: loader)
      Issue.record("something else was run")
    } catch {
      #expect(
        error.description == """
          kustomize:d: -k needs kubectl, which is not on PATH
            hint: install kubectl, or pipe in what another kustomize prints: kustomize build DIR, read with -f -
          """)
      #expect(Failure.exitCode(of: error.kind) == 69)
    }
  }
}
