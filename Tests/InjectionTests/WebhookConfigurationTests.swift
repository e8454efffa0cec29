import Injection
import ManifestText
import TestSupport
import Testing

/// The webhook's own configuration, as five files and as a ConfigMap.
@Suite struct WebhookConfigurationTests {
  private typealias File = TalendConfiguration.File

  private func fixtureFiles() throws -> [File: SourceText] {
    var files: [File: SourceText] = [:]
    for file in File.allCases { files[file] = try Fixtures.source("talend/config/\(file.rawValue)") }
    return files
  }

  /// The fixture with one file's text replaced.
  private func files(_ file: File, _ text: String) throws -> [File: SourceText] {
    var files = try fixtureFiles()
    files[file] = SourceText(name: file.rawValue, bytes: Array(text.utf8))
    return files
  }

  /// Where it is, what is said, and the hint on a line of its own.
  private func complaint(_ make: () throws(FileDiagnostic) -> TalendConfiguration) -> String {
    do {
      _ = try make()
      return "nothing"
    } catch {
      let place = error.source.map { source in
        error.diagnostic.range.map { "\(source.location(of: $0.lowerBound)): " } ?? "\(source.name): "
      }
      return "\(place ?? "")\(error.diagnostic.message)\n\(error.diagnostic.hint ?? "no hint")"
    }
  }

  // MARK: ConfigMaps

  private func value(_ text: SourceText) -> Value { .string(String(decoding: text.bytes, as: UTF8.self)) }

  /// A ConfigMap with the fixture's files, its texts indented below `|`.
  private func literalConfigMap(indent: String = "    ", newline: String = "\n") throws -> String {
    var lines = ["apiVersion: v1", "kind: ConfigMap", "metadata: {name: injector}", "data:"]
    for file in File.allCases {
      let text = String(decoding: try Fixtures.source("talend/config/\(file.rawValue)").bytes, as: UTF8.self)
      lines.append("  \(file.rawValue): |")
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        $0.isEmpty ? "" : indent + $0
      }
    }
    return lines.joined(separator: newline) + newline
  }

  private func objectConfigMap() throws -> Value {
    let files = try fixtureFiles()
    return [
      "apiVersion": "v1", "kind": "ConfigMap",
      "data": .object(File.allCases.map { .init(key: $0.rawValue, value: files[$0].map(value) ?? .null) }),
    ]
  }

  private func configuration(_ manifest: String) throws -> TalendConfiguration {
    try TalendConfiguration(configMap: SourceText(name: "cm.yaml", bytes: Array(manifest.utf8)))
  }

  private func complaint(_ manifest: String) -> String {
    complaint { () throws(FileDiagnostic) in
      try TalendConfiguration(configMap: SourceText(name: "cm.yaml", bytes: Array(manifest.utf8)))
    }
  }

  @Test func configMapSaysTheSameAsTheFiles() throws {
    let expected = try TalendConfiguration(files: fixtureFiles())
    #expect(
      expected.containers.count == 3 && expected.initContainers.count == 3 && expected.volumes.count == 3)
    #expect(expected.origin == .webhook)
    let literal = try literalConfigMap()
    let object = try objectConfigMap()
    let json = String(decoding: JSONWriter.pretty(object), as: UTF8.self)
    let list = String(
      decoding: JSONWriter.compact(["kind": "List", "items": [["kind": "Pod"], object]]), as: UTF8.self)
    let other = "kind: ConfigMap\ndata: {injectionconfig: x}\n---\n"
    for manifest in [
      literal, try literalConfigMap(indent: "   "), try literalConfigMap(newline: "\r\n"), json, list,
      "kind: Service\n---\n\(other)\(literal)---\nkind: Deployment\n",
    ] {
      #expect(try configuration(manifest) == expected)
    }
  }

  @Test func noConfigMap() {
    let expected = """
      cm.yaml: holds no ConfigMap with the key injectionconfig.yaml
      pass the ConfigMap the injector's chart installs, or a folder with injectionconfig.yaml, proxyconfig.hcl, \
      templateblock.hcl, templatedefault.tmpl, podlifecyclehooks.yaml
      """
    #expect(complaint("") == expected)
    #expect(complaint("kind: ConfigMap\ndata: {proxyconfig.hcl: x}") == expected)
    #expect(complaint("kind: Secret\ndata: {injectionconfig.yaml: x}") == expected)
    #expect(complaint("injectionconfig.yaml: {}") == expected)
  }

  @Test func twoConfigMaps() throws {
    let two =
      try literalConfigMap() + "---\nkind: ConfigMap\nmetadata: {name: b}\ndata:\n  injectionconfig.yaml: x\n"
    #expect(
      complaint(two).hasSuffix(
        """
        : `b` is the second ConfigMap with the key injectionconfig.yaml, after `injector`
        pass a file with only the one to use
        """))
  }

  @Test func brokenManifest() {
    #expect(complaint("data:\n  injectionconfig.yaml: [").hasPrefix("cm.yaml:2:"))
  }

  @Test func keyThatIsMissing() throws {
    let manifest = try literalConfigMap().replacing("  templateblock.hcl: |", with: "  other.hcl: |")
    #expect(
      complaint(manifest) == """
        cm.yaml:5:3: the webhook's configuration has no templateblock.hcl
        all five are needed: injectionconfig.yaml, proxyconfig.hcl, templateblock.hcl, templatedefault.tmpl, \
        podlifecyclehooks.yaml
        """)
  }

  @Test func valueThatIsNoString() {
    #expect(
      complaint("kind: ConfigMap\ndata:\n  injectionconfig.yaml:\n    containers: []\n") == """
        cm.yaml:4:5: injectionconfig.yaml is a map
        it has to be a string: begin it with |
        """)
  }

  /// Findings in a text that stands line by line in the manifest point there.
  @Test(arguments: ["\n", "\r\n"]) func findingInALiteralText(_ newline: String) throws {
    let manifest = """
      kind: ConfigMap
      data:
        injectionconfig.yaml: |
          # nothing

          containers:
            - name: a
              env: {}

      """.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: newline)
    #expect(complaint(manifest) == "cm.yaml:8:14: env is a map\nit has to be a list")
  }

  /// Elsewhere they name the key and the place inside the text.
  @Test func findingInAQuotedText() {
    let manifest = #"{"kind": "ConfigMap", "data": {"injectionconfig.yaml": "containers:\n- image: x\n"}}"#
    #expect(
      complaint(manifest) == """
        cm.yaml[injectionconfig.yaml]:2:3: an element of containers has no name
        every container, volume, variable and mount has one
        """)
  }

  @Test func placeholderInALiteralText() throws {
    let manifest = try literalConfigMap().replacing("<VSI_PROXY_PORT>", with: "<VSI_PROXY_PROT>")
    let line = try #require(
      manifest.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
        $0.contains("PROT")
      })
    #expect(
      complaint(manifest) == """
        cm.yaml:\(line + 1):32: nothing replaces the placeholder <VSI_PROXY_PROT> here
        did you mean <VSI_PROXY_PORT>? this file knows <VSI_PROXY_PORT>
        """)
  }

  // MARK: Files

  @Test(arguments: File.allCases.indices) func missingFile(_ index: Int) throws {
    let file = File.allCases[index]
    var files = try fixtureFiles()
    files[file] = nil
    #expect(
      complaint { () throws(FileDiagnostic) in try TalendConfiguration(files: files) } == """
        the webhook's configuration has no \(file.rawValue)
        all five are needed: injectionconfig.yaml, proxyconfig.hcl, templateblock.hcl, templatedefault.tmpl, \
        podlifecyclehooks.yaml
        """)
  }

  @Test(arguments: [
    (
      "templateblock.hcl", "x\n  <VSI_SECRETS_DESTINATIO>",
      "2:3: nothing replaces the placeholder <VSI_SECRETS_DESTINATIO> here",
      "did you mean <VSI_SECRETS_DESTINATION>? this file knows <VSI_SECRETS_DESTINATION>, <VSI_SECRETS_TEMPLATE_CONTENT>, <VSI_SECRETS_VAULT_SECRETS_PATH>, <VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"
    ),
    (
      "injectionconfig.yaml", "a: <VSI_PROXY_PORT>",
      "1:4: nothing replaces the placeholder <VSI_PROXY_PORT> here",
      "this file has no placeholders"
    ),
    ("injectionconfig.yaml", "[a]", "1:1: this file is a list", "it has to be a map"),
    ("injectionconfig.yaml", "volumes: x", "1:10: volumes is a string", "it has to be a list"),
    (
      "injectionconfig.yaml", "initContainers:\n  a: {}", "2:3: initContainers is a map",
      "it has to be a list"
    ),
    (
      "injectionconfig.yaml", "containers: [x]", "1:14: an element of containers is a string",
      "it has to be a map"
    ),
    ("injectionconfig.yaml", "containers:\n- name: 1", "2:9: name is a number", "it has to be a string"),
    (
      "injectionconfig.yaml", "volumes:\n- emptyDir: {}", "2:3: an element of volumes has no name",
      "every container, volume, variable and mount has one"
    ),
    (
      "injectionconfig.yaml", "containers:\n- name: a\n  volumeMounts: [x]",
      "3:18: an element of volumeMounts is a string", "it has to be a map"
    ),
    (
      "injectionconfig.yaml", "containers:\n- name: a\n  env:\n  - name: P\n    value: 8200",
      "5:12: value is a number", "it has to be a string: quote it"
    ),
    (
      "injectionconfig.yaml", "a: [",
      "1:5: this is not YAML: did not find expected node content while parsing a flow node", "no hint"
    ),
    (
      "injectionconfig.yaml", "volumes: []\nvolumes: []",
      "2:1: the key `volumes` stands twice in this map, first in line 1, column 1",
      "remove one of the two: tools disagree on which of them counts"
    ),
    ("podlifecyclehooks.yaml", "postStart: x", "1:12: postStart is a string", "it has to be a map with exec"),
  ]) func brokenFile(_ name: String, _ text: String, _ message: String, _ hint: String) throws {
    let files = try files(#require(File(rawValue: name)), text)
    #expect(
      complaint { () throws(FileDiagnostic) in try TalendConfiguration(files: files) }
        == "\(name):\(message)\n\(hint)")
  }

  @Test(arguments: ["", "# nothing\n", "---\n", "containers:\nvolumes: null\n"]) func emptyFile(
    _ text: String
  ) throws {
    let configuration = try TalendConfiguration(files: files(.injection, text))
    #expect(configuration.containers.isEmpty && configuration.volumes.isEmpty)
    #expect(try TalendConfiguration(files: files(.hooks, text)).postStart == nil)
  }
}
