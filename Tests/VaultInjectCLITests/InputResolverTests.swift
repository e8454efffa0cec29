import Foundation
import Platform
import TestSupport
import Testing
import Output
import VaultInjectCLI

@Suite struct InputResolverTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The names of the inputs, with the test's folder written as `T`.
  private func names(_ resolver: InputResolver) throws -> [String] {
    try resolver.resolve().map { short($0.name) }
  }

  /// What loading the only input complains about.
  private func complaint(_ resolver: InputResolver) throws -> (text: String, exitCode: Int32)? {
    let inputs = try resolver.resolve()
    let input = try #require(inputs.count == 1 ? inputs[0] : nil)
    do {
      _ = try input.load()
      return nil
    } catch {
      return (short(error.description), Failure.exitCode(of: error.kind))
    }
  }

  /// What the command line is refused for.
  private func refusal(_ resolver: InputResolver) -> (text: String, exitCode: Int32)? {
    do {
      _ = try resolver.resolve()
      return nil
    } catch {
      return (error.description, Failure.exitCode(of: error.kind))
    }
  }

  private func short(_ text: String) -> String {
    text.replacing(folder.path, with: "T")
  }

  // MARK: Names

  @Test func filesKeepTheOrderTheyAreNamedIn() throws {
    for name in ["b.yaml", "a.yaml", "c.txt", "d,e.yaml"] { try folder.write(name, name) }
    let resolver = InputResolver(
      filenames: ["\(folder.path)/b.yaml,\(folder.path)/a.yaml", folder.path("c.txt")],
      files: [folder.path("a.yaml"), folder.path("d,e.yaml")])
    #expect(try names(resolver) == ["T/b.yaml", "T/a.yaml", "T/c.txt", "T/a.yaml", "T/d,e.yaml"])
    let texts = try resolver.resolve().map { String(decoding: try $0.load().bytes, as: UTF8.self) }
    #expect(texts == ["b.yaml", "a.yaml", "c.txt", "a.yaml", "d,e.yaml"])
  }

  @Test func commasSeparateAsInKubectl() {
    #expect(FilenameList.names(in: "a") == ["a"])
    #expect(FilenameList.names(in: "a,b,c") == ["a", "b", "c"])
    #expect(FilenameList.names(in: "") == [""])
    #expect(FilenameList.names(in: "a,,b,") == ["a", "", "b", ""])
    #expect(FilenameList.names(in: #""a,b",c"#) == ["a,b", "c"])
    #expect(FilenameList.names(in: #""say ""hi"".yaml""#) == [#"say "hi".yaml"#])
    #expect(FilenameList.names(in: #"5".yaml,b"#) == [#"5".yaml"#, "b"])
    #expect(FilenameList.names(in: #""open,b"#) == ["open,b"])
  }

  @Test func everyKindOfInputHasItsName() throws {
    let resolver = InputResolver(
      filenames: ["-", "https://me:word@host.example/a.yaml?token=abc#x"], files: ["http://host.example/b"])
    #expect(
      try names(resolver) == ["<stdin>", "https://…@host.example/a.yaml?…", "http://host.example/b"])
    #expect(try names(InputResolver(kustomization: "overlays/prod")) == ["kustomize:overlays/prod"])
    #expect(try resolver.resolve().allSatisfy { $0.path == nil })
  }

  @Test func pipesAndDevicesAreNoFiles() throws {
    #expect(mkfifo(folder.path("p.yaml"), 0o600) == 0)
    let inputs = try InputResolver(files: [folder.path("p.yaml"), "/dev/null"]).resolve()
    #expect(inputs.map(\.name) == [folder.path("p.yaml"), "/dev/null"])
    #expect(inputs.allSatisfy { $0.path == nil })
    #expect(try inputs[1].load().bytes == [])
  }

  // MARK: Folders

  @Test func folderGivesItsManifestsByName() throws {
    for name in ["b.yml", "a.yaml", "c.json", "B.yaml", "readme.md", "x.YAML", "yaml", ".hidden.yaml"] {
      try folder.write("d/\(name)", "")
    }
    try folder.write("d/sub/z.yaml", "")
    try folder.write("d/sub.yaml/y.yaml", "")
    try folder.link("d/link.yaml", to: "a.yaml")
    try folder.link("d/loop", to: ".")
    try folder.link("d/gone.yaml", to: "nowhere")
    let flat = [".hidden.yaml", "B.yaml", "a.yaml", "b.yml", "c.json", "gone.yaml", "link.yaml"].map {
      "T/d/\($0)"
    }
    #expect(try names(InputResolver(filenames: [folder.path("d")])) == flat)
    #expect(try names(InputResolver(filenames: [folder.path("d/")])) == flat)
    let deep = flat + ["T/d/sub/z.yaml", "T/d/sub.yaml/y.yaml"]
    #expect(try names(InputResolver(files: [folder.path("d")], isRecursive: true)) == deep)
  }

  @Test func nameThatIsNoText() throws {
    try folder.folder("d")
    #expect(
      try Subprocess("sh", ["-c", "cd \(folder.path)/d && : > $(printf 'a\\377.yaml')"]).run().succeeded)
    let input = try #require(try InputResolver(files: [folder.path("d")]).resolve().first)
    #expect(FilePath.shown(short(input.name)) == "T/d/a\\xFF.yaml")
    #expect(try input.load().bytes.isEmpty)
    #expect(try complaint(InputResolver(files: [input.name])) == nil)
  }

  @Test func namedLinkToFolderIsFollowed() throws {
    try folder.write("d/a.yaml", "")
    try folder.link("l", to: "d")
    #expect(try names(InputResolver(files: [folder.path("l")])) == ["T/l/a.yaml"])
  }

  @Test func folderWithoutManifests() throws {
    try folder.write("d/readme.md", "")
    #expect(
      try complaint(InputResolver(files: [folder.path("d")])) ?? ("", 0) == (
        """
        T/d: this folder has no file that ends in .json, .yaml or .yml
          hint: a file of another name is read when it is named itself
        """, 66
      ))
    try folder.write("d/sub/readme.md", "")
    #expect(
      try complaint(InputResolver(files: [folder.path("d")])) ?? ("", 0) == (
        """
        T/d: this folder has no file that ends in .json, .yaml or .yml
          hint: -R reads its subfolder too; a file of another name is read when it is named itself
        """, 66
      ))
    try folder.folder("d/two")
    #expect(
      try complaint(InputResolver(files: [folder.path("d")]))?.text.contains("-R reads its 2 subfolders too")
        == true)
    #expect(
      try complaint(InputResolver(files: [folder.path("d")], isRecursive: true))?.text.contains("-R") == false
    )
  }

  // MARK: Patterns

  @Test func patternsAreExpanded() throws {
    for name in ["a1.yaml", "a2.yaml", "b1.yaml", "d/x.yaml"] { try folder.write(name, "") }
    #expect(try names(InputResolver(filenames: [folder.path("a*.yaml")])) == ["T/a1.yaml", "T/a2.yaml"])
    #expect(try names(InputResolver(files: [folder.path("[ab]1.yaml")])) == ["T/a1.yaml", "T/b1.yaml"])
    #expect(try names(InputResolver(files: [folder.path("?")])) == ["T/d/x.yaml"])
  }

  @Test func fileCalledLikeAPatternIsThatFile() throws {
    for name in ["a*.yaml", "ab.yaml", "[x].yaml"] { try folder.write(name, "") }
    #expect(
      try names(InputResolver(files: ["a*.yaml", "[x].yaml"].map(folder.path))) == [
        "T/a*.yaml", "T/[x].yaml",
      ])
  }

  @Test func patternWithoutMatch() throws {
    #expect(
      try complaint(InputResolver(files: [folder.path("*.yaml")])) ?? ("", 0) == (
        """
        T/*.yaml: no file matches this pattern
          hint: * and ? stand for letters of one name, not for folders in between; -R reads a folder to any depth
        """, 66
      ))
  }

  // MARK: Missing files

  @Test func missingFileKeepsItsPlace() throws {
    try folder.write("a.yaml", "1")
    let inputs = try InputResolver(files: ["none.yaml", "a.yaml"].map(folder.path)).resolve()
    #expect(throws: Fault.self) { try inputs[0].load() }
    #expect(try inputs[1].load().bytes == Array("1".utf8))
  }

  @Test(arguments: [
    ("depolyment.yaml", "T/deployment.yaml"), ("deployment.yml", "T/deployment.yaml"),
    ("Deployment.yaml", "T/deployment.yaml"), ("overlay/prod.yaml", "T/overlays/prod.yaml"),
    ("overlays/prd.yaml", "T/overlays/prod.yaml"),
  ]) func missingFileWithANeighbour(_ name: String, _ meant: String) throws {
    try folder.write("deployment.yaml", "")
    try folder.write("overlays/prod.yaml", "")
    try folder.write("overlay.yaml", "")
    #expect(
      try complaint(InputResolver(files: [folder.path(name)])) ?? ("", 0)
        == ("T/\(name): no such file or folder\n  hint: did you mean \(meant)?", 66))
  }

  @Test func missingFileWithoutANeighbour() throws {
    try folder.write("deployment.yaml", "")
    let expected = ("T/none.yaml: no such file or folder", Int32(66))
    #expect(try complaint(InputResolver(files: [folder.path("none.yaml")])) ?? ("", 0) == expected)
  }

  @Test func fileIsNoFolder() throws {
    try folder.write("a.yaml", "")
    #expect(
      try complaint(InputResolver(files: [folder.path("a.yaml/b.yaml")])) ?? ("", 0)
        == ("T/a.yaml/b.yaml: no such file or folder", 66))
  }

  @Test func brokenLink() throws {
    try folder.link("a.yaml", to: "none")
    #expect(
      try complaint(InputResolver(files: [folder.path("a.yaml")])) ?? ("", 0)
        == ("T/a.yaml: is a link to a file that does not exist", 66))
  }

  @Test func commaInTheNameOfAFile() throws {
    let name = try folder.write("a,b.yaml", "")
    let inputs = try InputResolver(filenames: [name]).resolve()
    do {
      _ = try inputs[0].load()
      Issue.record("a part of a name was found")
    } catch {
      #expect(
        short(error.description) == """
          T/a: no such file or folder
            hint: -f takes several names between commas; to name one file, leave -f out: 'T/a,b.yaml'
          """)
    }
    #expect(try names(InputResolver(filenames: ["\"\(name)\""])) == ["T/a,b.yaml"])
  }

  // MARK: Command lines that make no sense

  @Test func standardInputTwice() {
    let expected = (
      """
      standard input (-) is named twice, but can be read only once
        hint: name it once; one stream may hold many documents, with --- between them
      """, Int32(64)
    )
    #expect(refusal(InputResolver(filenames: ["-,-"])) ?? ("", 0) == expected)
    #expect(refusal(InputResolver(filenames: ["-"], files: ["-"])) ?? ("", 0) == expected)
  }

  @Test func emptyNames() {
    let expected = (
      """
      one of the files is named by an empty string
        hint: a variable may be empty, or two commas in the value of -f have nothing between them
      """, Int32(64)
    )
    #expect(refusal(InputResolver(filenames: [""])) ?? ("", 0) == expected)
    #expect(refusal(InputResolver(filenames: ["-,"])) ?? ("", 0) == expected)
    #expect(refusal(InputResolver(files: [""])) ?? ("", 0) == expected)
    #expect(
      refusal(InputResolver(kustomization: "")) ?? ("", 0)
        == ("the value of -k is empty\n  hint: -k takes a folder with a kustomization.yaml", 64))
  }

  @Test func nothingNamed() {
    #expect(
      refusal(InputResolver()) ?? ("", 0) == (
        """
        no manifest is named
          hint: name files or folders, with or without -f; - is standard input, -k FOLDER runs kubectl kustomize; see --help
        """, 64
      ))
  }

  @Test func kustomizationStandsAlone() {
    let expected = (
      """
      -k cannot be used together with -f, -R or file arguments
        hint: run the command once for each, or list the files as resources in the kustomization
      """, Int32(64)
    )
    #expect(refusal(InputResolver(filenames: ["a"], kustomization: "d")) ?? ("", 0) == expected)
    #expect(refusal(InputResolver(files: ["a"], kustomization: "d")) ?? ("", 0) == expected)
    #expect(refusal(InputResolver(isRecursive: true, kustomization: "d")) ?? ("", 0) == expected)
  }
}
