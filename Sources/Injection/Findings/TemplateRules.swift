package import ManifestText

/// What is wrong with the agent's templates: what it cannot read, what fails, and what reads something else than was
/// meant.
extension Rule {
  package static let templates = [
    templateSyntax, templateExecution, helmEscape, fieldOfNothing, asksConsul, templatePath, kvPath,
    defaultTemplateMap, readOfWritePath, delimitersWithoutTemplate, templateFileNotMounted, templateWithoutSecret,
  ]

  package static let templateSyntax = Rule(
    "template-syntax", .error, "The agent cannot read a template.",
    because: "It ends, or tries again for ever, and no file is written; the words in backquotes are those of its log.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}
        password={{ .Data.data.db-password }}
        {{ end }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}
        password={{ index .Data.data "db-password" }}
        {{ end }}
      """)

  package static let templateExecution = Rule(
    "template-execution", .error, "A template fails whenever the agent fills it in.",
    because: "It can be read, and the first rendering stops with an error; no file is written. "
      + "Where that depends on a condition, it is a warning.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}{{ .data.password }}{{ end }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}
      """)

  package static let helmEscape = Rule(
    "helm-escape", .warning, "A template still has what Helm was to take out or to fill in.",
    because: "Outside of a chart the agent writes the escaped template into the file, instead of what it reads.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ `{{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}` }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}
      """)

  package static let fieldOfNothing = Rule(
    "field-of-nothing", .warning, "A template takes a field where there is no secret to take it of.",
    because: "Outside of `with` and `range` the dot is empty, and the agent writes `<no value>`, or fails.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ secret "secret/data/db" }}{{ .Data.data.password }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}
      """)

  package static let asksConsul = Rule(
    "asks-consul", .warning, "A template asks Consul or Nomad.",
    because: "The agent of a pod is connected to Vault alone: it waits for an answer for ever, and OpenBao's agent "
      + "does not know the function.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-template-db: |
        {{ key "web/config" }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/web" }}{{ .Data.data.config }}{{ end }}
      """)

  package static let templatePath = Rule(
    "template-path", .note, in: "hashicorp", "A secret's path is another one than its template reads.",
    because: "Where there is a template, the path in the annotation is not used at all.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/orders
      agent-inject-template-db: |
        {{ with secret "secret/data/invoices" }}{{ .Data.data.password }}{{ end }}
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/invoices
      agent-inject-template-db: |
        {{ with secret "secret/data/invoices" }}{{ .Data.data.password }}{{ end }}
      """)

  package static let kvPath = Rule(
    "kv-path", .note, "A template takes fields as one KV engine has them, of a path as the other has it.",
    because: "The agent adds a missing `data/` only where it may ask for the engine; policies name the whole path.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/db" }}{{ .Data.data.password }}{{ end }}
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-db: secret/data/db
      vault.hashicorp.com/agent-inject-template-db: |
        {{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}
      """)

  package static let defaultTemplateMap = Rule(
    "default-template-map", .note, in: "hashicorp",
    "The default template writes a secret of the second KV engine as one line.",
    because: "It writes what is in `.Data`, which there is `data` and `metadata`: `data: map[password:…]`.",
    fails: """
      role: web
      agent-inject-secret-db: secret/data/db
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/data/db
      agent-inject-default-template: json
      """)

  package static let readOfWritePath = Rule(
    "read-of-write-path", .warning, "A template reads a path where Vault only takes writes.",
    because: "A certificate is issued, and a text encrypted, by a write with parameters; the read fails every time.",
    fails: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-tls.crt: pki/issue/web
      vault.hashicorp.com/agent-cache-enable: "true"
      """,
    passes: """
      vault.hashicorp.com/agent-inject: "true"
      vault.hashicorp.com/role: web
      vault.hashicorp.com/agent-inject-secret-tls.crt: pki/issue/web
      vault.hashicorp.com/agent-inject-template-tls.crt: |
        {{ with pkiCert "pki/issue/web" "common_name=web.example.com" }}{{ .Cert }}{{ end }}
      vault.hashicorp.com/agent-cache-enable: "true"
      """)

  package static let delimitersWithoutTemplate = Rule(
    "delimiters-without-template", .warning, in: "hashicorp", "A secret has delimiters and no template.",
    because: "The default template is written with `{{` and `}}`, so that the file holds it as it is.",
    fails: """
      role: web
      agent-inject-secret-db: secret/db
      agent-template-left-delim-db: "[["
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/db
      agent-inject-template-db: |
        [[ with secret "secret/db" }}[[ .Data.password }}[[ end }}
      agent-template-left-delim-db: "[["
      """)

  package static let templateFileNotMounted = Rule(
    "template-file-not-mounted", .warning, in: "hashicorp", "A template's file is in a folder that no agent mounts.",
    because: "The agents run in containers of their own, and do not see what the application mounts.",
    fails: """
      role: web
      agent-inject-secret-db: secret/db
      agent-inject-template-file-db: /etc/templates/db.tmpl
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/db
      agent-inject-template-file-db: /vault/secrets/db.tmpl
      """)

  package static let templateWithoutSecret = Rule(
    "template-without-secret", .note, in: "hashicorp",
    "A template makes a file of its own, and a secret of the same path has no template.",
    because: "A template belongs to the secret whose name it ends with; any other name makes another file.",
    fails: """
      role: web
      agent-inject-secret-db: secret/db
      agent-inject-template-database: |
        {{ with secret "secret/db" }}{{ .Data.password }}{{ end }}
      """,
    passes: """
      role: web
      agent-inject-secret-db: secret/db
      agent-inject-template-db: |
        {{ with secret "secret/db" }}{{ .Data.password }}{{ end }}
      """)
}
