internal import ManifestText

/// An option that this program does not have and people look for, because kubectl, kustomize, Helm, istioctl, linters
/// or sed have it, with the words for what they are after.
struct OptionGuess {
  /// The options that are meant alike, dashes included.
  private let names: [String]
  /// The commands it is told in; empty for all.
  private let commands: [String]
  /// What to write instead; a name in braces stands for the value that was given.
  private let hint: String

  private init(_ names: [String], in commands: [String] = [], _ hint: String) {
    (self.names, self.commands, self.hint) = (names, commands, hint)
  }

  /// What to write in place of an unknown option of a command, which was given this value perhaps; nil where the command
  /// has nothing for it.
  static func hint(for name: String, in command: CommandTree, value: String?) -> String? {
    let bare = name.drop { $0 == "-" }
    let guess = table.first { guess in
      (guess.commands.isEmpty || guess.commands.contains(command.name)) && command.option("--\(bare)") == nil
        && guess.names.contains { $0 == name || $0.hasPrefix("--") && $0.dropFirst(2) == bare }
        && guess.options.allSatisfy { command.option($0) != nil }
    }
    return guess.map { $0.hint(with: value) }
  }

  private func hint(with value: String?) -> String {
    let opened = ByteText.pieces(of: hint, around: "{")
    let closed = opened.dropFirst().flatMap { ByteText.pieces(of: $0, around: "}") }
    guard let name = closed.first else { return hint }
    let word = value.map { ShellText.word($0, bare: "/.-_:@=,") } ?? name
    return opened[0] + word + closed.dropFirst().joined(separator: "}")
  }

  /// The options that the hint names.
  private var options: [String] {
    hint.split(separator: " ").map { word in String(word.prefix { $0 != ";" && $0 != "?" && $0 != "," }) }
      .filter { $0.hasPrefix("-") && $0 != "-" }
  }

  /// What there is to say where manifests are named for a policy of the API server.
  static let policyHint =
    "name no manifests: the policy is made of the configuration, for all pods there are; `lint` judges manifests"

  private static let table: [OptionGuess] = [
    // What is injected
    OptionGuess(["--image", "--vault-image", "--agent-image"], "the image is a setting: --set image={IMAGE}"),
    OptionGuess(["--vault-namespace"], "it is a setting: --set vault.namespace={NAMESPACE}"),
    OptionGuess(
      ["--log-level"], "the agent's is a setting: --set agent.logLevel={LEVEL}; -v shows more of what this does"),
    OptionGuess(
      ["--vault-address", "--vault-url", "--vault-server", "--address", "--addr"], "did you mean --vault-addr {URL}?"),
    OptionGuess(["--secrets", "--path"], in: ["annotate"], "did you mean --secret NAME=PATH?"),
    OptionGuess(["--vault-role"], in: ["annotate"], "did you mean --role {ROLE}?"),
    OptionGuess(
      ["--role", "--vault-role", "--secret", "--secrets"], in: ["inject", "apply", "diff", "verify", "lint"],
      "pods ask for that in annotations of their manifest, and the command `annotate` writes them"),
    OptionGuess(
      ["--role", "--vault-role", "--secret", "--secrets", "--annotation", "--annotations"],
      "it is an annotation of the pod, in its manifest: `explain annotation` lists them"),
    OptionGuess(
      ["--native", "--native-sidecar", "--native-sidecars"], "did you mean --sidecars native?"),
    OptionGuess(
      ["--injector", "--mode", "--type"], "whose annotations are read is chosen by --dialect talend|hashicorp|openbao"),
    // Helm and istioctl
    OptionGuess(
      ["--set-string", "--set-file", "--set-json", "--option", "--setting"], "did you mean --set PATH=VALUE?"),
    OptionGuess(
      ["--values", "--chart", "--release"],
      "charts are rendered by Helm: helm template web ./chart | kubectl vault-inject -f -"),
    OptionGuess(
      ["--injectConfigFile", "--injectConfigMapName", "--meshConfigFile", "--inject-config"],
      "did you mean --webhook-config FOLDER|FILE|configmap/NAMESPACE/NAME?"),
    OptionGuess(["--manual"], "leave it out: manifests are always injected on this machine"),
    OptionGuess(
      ["--config-file", "--conf", "--configuration", "--config-path", "-c"], "did you mean --config {FILE}?"),
    // What is read
    OptionGuess(["--file", "--files", "--manifest", "--manifests", "--input", "--path"], "did you mean -f {FILE}?"),
    OptionGuess(["--stdin"], "standard input is read with -f -"),
    OptionGuess(["--kustomization", "--kustomize-dir"], "did you mean -k {FOLDER}?"),
    OptionGuess(
      ["--namespaces"], "did you mean --in-namespace {PATTERN}? -n is the namespace of objects that name none"),
    OptionGuess(["--ns"], "did you mean -n {NAMESPACE}?"),
    OptionGuess(["--labels", "--label", "--label-selector"], "did you mean -l {LABELS}?"),
    OptionGuess(["--kinds", "--resource", "--resources"], "did you mean --kind {KIND}?"),
    OptionGuess(["--field-selector"], "select objects by --kind, --name, --in-namespace or -l"),
    OptionGuess(
      ["--exclude", "--skip-files", "--ignore-path"],
      "name the files that are meant, or select objects by --kind or --name"),
    OptionGuess(["--pod-spec-path", "--podPath", "--pod-template-path"], "did you mean --pod-path GROUP/KIND=PATH?"),
    OptionGuess(
      ["-f", "--filename", "-k", "--kustomize", "-R", "--recursive"], in: ["guard", "admission-policy"], policyHint),
    // What is written
    OptionGuess(
      ["--dry-run", "--dryrun", "--noop", "--no-op", "--preview"],
      "--check writes nothing and says what would change; --diff shows it"),
    OptionGuess(
      ["--inplace", "--write", "-w", "--overwrite"], in: ["apply", "diff", "verify"],
      "only inject, uninject, annotate and convert rewrite files"),
    OptionGuess(
      ["--inplace", "--inline", "--write", "-w", "--overwrite", "--save", "--edit"], "-i rewrites the files in place"),
    OptionGuess(["--backup", "--suffix"], "-i keeps no backup; to look first, take --diff"),
    OptionGuess(
      ["--output-file", "--out", "--out-file", "--outfile", "--output-dir", "--out-dir"],
      "what is injected goes to standard output: > {FILE}; -i rewrites the files themselves"),
    OptionGuess(
      ["--format", "--output-format"],
      "-o yaml|json|name|patch converts what is printed; --report json|sarif|github is the form of the report"),
    OptionGuess(["--sarif"], "did you mean --report sarif?"),
    OptionGuess(["--json"], "did you mean -o json, or --report json?"),
    OptionGuess(["--yaml"], "did you mean -o yaml?"),
    OptionGuess(["--patch"], "did you mean -o patch?"),
    OptionGuess(["--template", "--jsonpath", "--show-managed-fields"], "print with -o json, and pipe it to jq or yq"),
    OptionGuess(["--check-only", "--verify", "--test", "--diff-only"], "did you mean --check, or --diff?"),
    OptionGuess(["--exit-code", "--error-exitcode"], "--check and --diff exit with 1 where something would change"),
    // What is done
    OptionGuess(
      ["--undo", "--remove", "--revert", "--restore", "--delete"], in: ["inject", "convert", "apply", "diff"],
      "did you mean the command `uninject`?"),
    OptionGuess(
      ["--undo", "--remove", "--revert", "--restore"], in: ["uninject"], "leave it out: `uninject` does that"),
    OptionGuess(["--uninject"], in: ["inject"], "did you mean the command `uninject`?"),
    OptionGuess(["--convert", "--to"], in: ["inject"], "did you mean the command `convert`?"),
    OptionGuess(["--apply"], "did you mean the command `apply`?"),
    OptionGuess(
      ["--force"], in: ["apply"],
      "--replace deletes and creates again what cannot be changed; --force-conflicts takes fields over"),
    OptionGuess(["--yes", "-y", "--assume-yes", "--no-prompt", "--interactive"], "leave it out: nothing is asked"),
    OptionGuess(
      ["--all", "--prune-allowlist", "--prune-whitelist"], in: ["apply"],
      "what belongs together is kept as a set: --prune --applyset NAME"),
    OptionGuess(["--atomic", "--wait-for-jobs", "--rollout", "--watch"], in: ["apply"], "did you mean --wait?"),
    OptionGuess(["--parallel", "--parallelism", "--jobs", "-j", "--qps"], "did you mean --concurrency {NUMBER}?"),
    OptionGuess(
      ["--cascade", "--grace-period", "--overwrite-existing", "--record"],
      "leave applying to kubectl: kubectl vault-inject -f FILE | kubectl apply -f -, with its options"),
    OptionGuess(["--kube-context", "--kubecontext"], "did you mean --context {CONTEXT}?"),
    OptionGuess(["--kube-config", "--kubeconfig-file"], "did you mean --kubeconfig {FILE}?"),
    OptionGuess(["--kube-token"], "did you mean --token?"),
    OptionGuess(["--kube-as-user"], "did you mean --as {USER}?"),
    OptionGuess(["--kube-apiserver", "--apiserver", "--api-server", "--master"], "did you mean --server {URL}?"),
    OptionGuess(["--insecure", "--tls-skip-verify"], "did you mean --insecure-skip-tls-verify?"),
    // What is said
    OptionGuess(["--no-color", "--no-colors", "--no-colour", "--monochrome"], "did you mean --color never?"),
    OptionGuess(["--colour", "--colors"], "did you mean --color {WHEN}?"),
    OptionGuess(["--silent", "--no-report", "--no-summary"], "did you mean -q?"),
    OptionGuess(["--debug", "--trace", "-d"], "did you mean -v? -vv shows each request to a cluster"),
    OptionGuess(["--list-rules", "--rules", "--rule", "--explain"], "`explain rule` lists every rule"),
    OptionGuess(["--ignore-rule", "--disable", "--skip", "--exclude-rule"], "did you mean --ignore {RULE}?"),
    OptionGuess(
      ["--fail-on", "--fail-level", "--severity", "--level", "--min-severity"], "did you mean --error-on {LEVEL}?"),
    OptionGuess(["--strict-mode", "--warnings-as-errors", "--werror", "-Werror"], "did you mean --strict?"),
  ]
}

/// A word that stands where a command belongs, is none, and that people look for, because it is an option here, or other
/// programs have a command of that name.
enum CommandGuess {
  /// What to write instead; nil where nobody knows.
  static func hint(for word: String) -> String? { table.first { $0.words.contains(word) }?.hint }

  /// The same for a word that is misspelt.
  static func hint(near word: String) -> String? {
    NearestName.nearest(to: word, among: table.flatMap(\.words)).flatMap(hint(for:))
  }

  private static let table: [(words: [String], hint: String)] = [
    (["check", "ci"], "did you mean the option, as in --check FILE? `lint` finds what will not work"),
    (["dry-run", "dryrun", "preview", "plan"], "--check FILE says what would change, and --diff FILE shows it"),
    (
      ["render", "template", "print", "kube-inject", "add", "process", "run", "build", "generate"],
      "did you mean inject? it prints the manifest, and -i rewrites the file"
    ),
    (["validate", "test", "analyze", "analyse", "audit", "vet"], "did you mean lint? `verify` asks the API server"),
    (["fix", "fmt", "format"], "did you mean lint --fix?"),
    (
      ["remove", "eject", "undo", "revert", "restore", "delete", "rollback", "strip", "clean", "uninstall"],
      "did you mean uninject?"
    ),
    (
      ["init", "new", "create", "ask"], "did you mean annotate? it writes the annotations by which pods ask for secrets"
    ),
    (["doctor", "status", "login"], "did you mean preflight? it logs in as the pods would"),
    (["deploy", "install", "upgrade"], "did you mean apply?"),
    (["describe", "show", "view", "get"], "did you mean explain? `config view` shows the configuration in force"),
    (["webhook"], "did you mean migrate?"),
  ]
}

/// Values under the names other programs know them by.
enum ValueGuess {
  private static let table: [(given: [String], meant: String)] = [
    (["vault", "vault-k8s", "hashi"], "hashicorp"), (["bao", "openbao-k8s"], "openbao"), (["vsi", "tvsi"], "talend"),
    (["init", "sidecar", "true"], "native"), (["containers", "false", "off"], "container"),
    (["github-actions", "gha", "gh", "actions"], "github"), (["jsonpatch", "json-patch"], "patch"),
    (["true", "yes", "on", "force"], "always"), (["false", "no", "off", "none"], "never"), (["tty", "if-tty"], "auto"),
  ]

  /// The value that is meant; nil where nobody knows.
  static func value(for given: String, among values: [String]) -> String? {
    table.first { values.contains($0.meant) && $0.given.contains(given) }?.meant
  }
}
