import Injection
import ManifestText
import TestSupport
import Testing

/// The laws on spellings written by hand, with the text they must give.
@Suite struct SpellingTests {
  let laws: Laws

  init() throws { laws = try LawTests().webhook }

  private static let asks =
    "sidecar.vault.talend.org/inject: \"true\", sidecar.vault.talend.org/role: r, "
    + "sidecar.vault.talend.org/secrets-path: a"
  private static let asksJSON =
    #""sidecar.vault.talend.org/inject":"true","sidecar.vault.talend.org/role":"r","#
    + #""sidecar.vault.talend.org/secrets-path":"a""#

  /// Each must be injected, and obey every law.
  static let spellings: [(String, String)] = [
    (
      "one flow line",
      "{kind: Pod, apiVersion: v1, metadata: {annotations: {\(asks)}}, spec: {containers: [{name: a}]}}\n"
    ),
    (
      "after a marker",
      "--- {kind: Pod, apiVersion: v1, metadata: {annotations: {\(asks)}}, spec: {containers: [{name: a}]}}"
    ),
    (
      "flow over lines with comments",
      """
      # comment
      kind: Pod
      apiVersion: v1
      metadata: {
        annotations: { # why
          \(asks), # last
        } # end
      }
      spec: {
        containers: [
          # the app
          {name: a}, # a
          {
            name: b # b
          } # after b
        ],
        volumes: [
        ]
      }
      """
    ),
    (
      "null with comments after it",
      """
      kind: Pod
      apiVersion: v1
      metadata:
        annotations: {\(asks)}
      spec:
        initContainers: ~ # none
        volumes: null # none yet
        containers:
        - name: a
          volumeMounts: # nothing
          # remark
        - name: b
          volumeMounts:

      """
    ),
    (
      "tabs in front of comments, where a value goes",
      """
      kind: Pod
      apiVersion: v1
      metadata:
        annotations: {\(asks)}
      spec:
        ? volumes
        : null\t# none yet
        containers:
        - name: a
          ? volumeMounts
          : ~ \t # none
      """
    ),
    (
      "tags and explicit keys",
      """
      ? kind
      : !!str Pod
      apiVersion: v1
      metadata: !!map
        annotations: !!map {\(asks)}
      spec:
        ? containers
        : - name: a
          - name: b
        ? volumes
        : !!seq []
      """
    ),
    (
      "block scalars at the end of the file",
      """
      kind: Pod
      apiVersion: v1
      metadata:
        annotations: {\(asks)}
      spec:
        containers:
        - name: a
          args:
          - |
            last line
      """
    ),
    (
      "keep-chomped scalar, then blank lines",
      """
      kind: Pod
      apiVersion: v1
      metadata:
        annotations:
          \("sidecar.vault.talend.org/inject"): "true"
          sidecar.vault.talend.org/role: r
          sidecar.vault.talend.org/secrets-path: a
          text: |+
            kept


      # remark
      spec:
        containers:
        - name: a
          args:
          - >2
             more indented
            folded

      """
    ),
    (
      "aliases of whole containers, lists and pods",
      """
      kind: List
      apiVersion: v1
      items:
      - kind: Pod
        apiVersion: v1
        metadata: &m {annotations: {\(asks)}}
        spec: &s
          containers: &c
          - &one {name: a, volumeMounts: &v [{name: x, mountPath: /x}]}
          - {name: b, volumeMounts: *v}
          initContainers:
          - {<<: *one, name: i}
      - {kind: Pod, apiVersion: v1, metadata: *m, spec: *s}
      - kind: Pod
        apiVersion: v1
        metadata: *m
        spec: {containers: *c, other: *v}
      - kind: Pod
        apiVersion: v1
        metadata: *m
        spec:
          containers: *c # comment after
          initContainers:
          - *one # and here
      """
    ),
    (
      "merged in annotations and pod spec",
      """
      kind: Pod
      apiVersion: v1
      x-base: &base
        volumes: [{name: data, emptyDir: {}}]
        initContainers: [{name: i}]
      x-ann: &ann {\(asks)}
      metadata:
        annotations:
          <<: *ann
      spec:
        <<: [*base]
        containers:
          - name: a
      """
    ),
    (
      "bare pairs",
      "kind: Pod\napiVersion: v1\nmetadata:\n  annotations: {\(asks)}\nspec:\n  containers: [name: a, {name: b}]\n"
    ),
    (
      "carriage returns alone",
      "kind: Pod\rapiVersion: v1\rmetadata:\r  annotations: {\(asks)}\rspec:\r  containers:\r  - name: a\r"
    ),
    (
      "line separators in text",
      "kind: Pod\napiVersion: v1\nmetadata:\n  annotations: {\(asks)}\n  note: \"a\u{2028}b\"\nspec:\n  containers:\n  - name: \"a # b\"\n"
    ),
    (
      "escaped key",
      "kind: Pod\napiVersion: v1\nmetadata:\n  annotations:\n    \"\\x73idecar.vault.talend.org\\u002finject\": 'yes'\n"
        + "    sidecar.vault.talend.org/role: r\n    sidecar.vault.talend.org/secrets-path: a\nspec:\n  containers: [{name: a}]\n"
    ),
    (
      "minified JSON",
      #"{"kind":"Pod","apiVersion":"v1","metadata":{"annotations":{\#(asksJSON)}},"spec":{"containers":[{"name":"\ud83c\udf88"}]}}"#
    ),
    (
      "JSON with tabs",
      "{\n\t\"kind\": \"Pod\",\n\t\"apiVersion\": \"v1\",\n\t\"metadata\": {\n\t\t\"annotations\": {\(asksJSON)}\n\t},\n\t\"spec\": {\n\t\t\"volumes\": [],\n\t\t\"containers\": [\n\t\t\t{\n\t\t\t\t\"name\": \"a\"\n\t\t\t}\n\t\t]\n\t}\n}\n"
    ),
  ]

  @Test(arguments: spellings) func obeysEveryLaw(_ name: String, _ text: String) {
    for (variant, input) in [
      ("", text),
      (" with CRLF", text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")),
    ] {
      let outcome = laws.check(
        Array(input.utf8), name + variant, judgedByYams: !name.contains("returns") && !name.contains("JSON"))
      if let refusal = outcome.refusals.first { Issue.record("\(name)\(variant): \(refusal.message)\n\(input)") }
      #expect(outcome.injected == 1, "\(name)\(variant)")
    }
  }

  /// Neither is to be touched, nor to be stumbled over.
  @Test(arguments: [
    "", "\n", "# only a comment\n", "---\n", "---\n---\n...\n", "a: |\n  ---x\n  sidecar.vault.talend.org\n",
    "kind: ConfigMap\ndata:\n  x: |\n    sidecar.vault.talend.org/inject: \"true\"\n", "- 1\n- 2\n", "just text\n",
    "{\"a\":1}{\"b\":2}\n{\"sidecar.vault.talend.org\":3}", "kind: List\nitems:\n", "{}", "null\n--- text\n",
    "kind: Pod\r\nmetadata: {}\r\n# sidecar.vault.talend.org/inject\r\n",
  ])
  func leavesAlone(_ text: String) {
    let outcome = laws.check(Array(text.utf8), text)
    #expect(outcome.refusals.isEmpty, "\(outcome.refusals)")
    #expect(outcome.injected == 0)
  }

  @Test func blockManifestGainsLinesOnly() throws {
    let input = """
      kind: Pod
      apiVersion: v1
      metadata:
          annotations:
              sidecar.vault.talend.org/inject: "true"  # please
              sidecar.vault.talend.org/mode: proxy
              sidecar.vault.talend.org/role: r
      spec:
          containers:
          # the app
          -   name: a  # a
              image: b
          volumes: []
      """
    let outcome = laws.check(Array(input.utf8), "block")
    #expect(outcome.onlyInserts)
    let output = String(decoding: outcome.output, as: UTF8.self)
    #expect(
      output.contains("    containers:\n    -   name: tvsi-vault-agent\n        image: registry.test/vault:9.9\n"))
    #expect(
      output.contains(
        "    # the app\n    -   name: a  # a\n        image: b\n        volumeMounts:\n        -   name: secrets\n"))
    #expect(output.hasSuffix("}]"))
  }
}
