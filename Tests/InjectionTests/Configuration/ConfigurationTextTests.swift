import Injection
import ManifestText
import Testing

/// What `config view` and `config export` print.
@Suite struct ConfigurationTextTests {
  private func read(_ text: String) throws -> Configuration {
    var configuration = Configuration()
    try configuration.read(SourceText(name: "printed.yaml", bytes: Array(text.utf8)))
    return configuration
  }

  /// Takes the mark from every line that is a setting, as the file's own words tell to.
  private func uncommented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let indentation = line.prefix { $0 == " " }
      let rest = line.dropFirst(indentation.count)
      let isSetting =
        rest.hasPrefix("# ") && rest.dropFirst(2).first?.isLowercase == true && rest.contains(": ")
      return isSetting ? indentation + rest.dropFirst(2) : line
    }.joined(separator: "\n")
  }

  /// Settings that need care to be spelt.
  private func awkward() throws -> Configuration {
    var configuration = Configuration()
    for assignment in [
      "vault.namespace=a: b # c", "token.audience=it's \"quoted\" \\", "vault.tls.serverName= leading",
      "vault.tls.caSecret=true", "program=*x", "volumes.secretsSize=64", "imagePullSecrets=on,1.10",
      "talend.labels.service=null", "agent.resources.limits.memory=", "security.runAsUser=off",
      "token.audience=two\nlines", "vault.tls.caKey=ünïcödé",
    ] {
      try configuration.set(assignment: assignment)
    }
    try configuration.set(podPaths: ["a/B=spec.x[*].y", "C=spec.c", "C=spec.*.d"])
    return configuration
  }

  @Test func viewOfEverythingCanBeReadAgain() throws {
    for configuration in [Configuration(), try awkward(), try ConfigurationSchemaTests.everythingSet()] {
      let text = ConfigurationText.view(configuration)
      #expect(try read(text).values == configuration.values, "\(text)")
      #expect(ConfigurationText.view(configuration, webhookConfiguration: "x").hasSuffix("\n"))
    }
  }

  @Test func exportOfEverythingCanBeReadAgain() throws {
    for configuration in [Configuration(), try awkward(), try ConfigurationSchemaTests.everythingSet()] {
      let text = ConfigurationText.export(configuration)
      #expect(try read(text).values == configuration.values, "\(text)")
      #expect(try read(uncommented(text)).values == configuration.values, "\(uncommented(text))")
    }
  }

  @Test func exportSetsNothingByItself() throws {
    let text = ConfigurationText.export(Configuration())
    #expect(try read(text) == Configuration())
    let all = try read(uncommented(text))
    for row in SettingSchema.rows { #expect(all.origin(of: row.path) != .builtIn, "\(row.path)") }
  }

  @Test func exportSaysWhatEachSettingDoes() {
    let lines = ConfigurationText.export(Configuration()).split(separator: "\n").map { $0.drop { $0 == " " } }
    for row in SettingSchema.rows {
      #expect(lines.contains { $0.hasPrefix("# \(row.summary)") }, "\(row.path)")
    }
    #expect(lines.contains("# How the agent logs. One of json, standard."))
  }

  @Test func viewSaysWhereValuesComeFrom() throws {
    var configuration = try read("vault:\n  namespace: team")
    try configuration.set(assignment: "agent.logLevel=debug")
    try configuration.set("vault.address", to: "https://v", option: "--vault-addr")
    try configuration.set(podPaths: ["a/B=spec"])
    let lines = ConfigurationText.view(configuration).split(separator: "\n").map(String.init)
    #expect(
      Array(lines[0...5]) == [
        "vault:",
        "  address: https://v                        # --vault-addr",
        "  namespace: team                           # printed.yaml:2:3",
        "  tls:",
        "    skipVerify: false                       # built in",
        "    serverName: \"\"                          # built in",
      ])
    #expect(lines.contains("  logLevel: debug                           # --set"))
    #expect(
      Array(lines.suffix(2)) == ["podPaths:", "  a/B: spec                                 # --pod-path"])
  }

  @Test func viewBesideTheWebhooksConfiguration() {
    let lines = ConfigurationText.view(Configuration(), webhookConfiguration: "cm.yaml").split(
      separator: "\n")
    #expect(lines[0] == "# Containers, volumes and templates come from --webhook-config cm.yaml.")
    #expect(lines[2].hasSuffix("# built in, not used by --webhook-config"))
    #expect(lines.contains("sidecars: auto                              # built in"))
    #expect(lines.contains("  annotationPrefix: sidecar.vault.talend.org  # built in"))
  }

  @Test func fileNamesWithLineBreaks() throws {
    var configuration = Configuration()
    try configuration.read(SourceText(name: "a\nimage: evil\r.yaml", bytes: Array("image: x".utf8)))
    let text = ConfigurationText.view(configuration, webhookConfiguration: "b\nimage: evil")
    #expect(try read(text).values.talend.image == "x")
  }
}
