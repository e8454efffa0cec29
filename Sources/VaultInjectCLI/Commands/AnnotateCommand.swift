internal import ArgumentParser
internal import Injection
internal import KubernetesAPI
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// Writes the annotations by which pods ask for secrets.
struct AnnotateCommand: TransformCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Write the annotations by which a pod asks for secrets, and change nothing else.",
    discussion: """
      What a pod asks for already stays, and the result is one that can be injected. A pod that has annotations of one \
      injector gets more of them; any other gets those that its input has or, failing that, the other manifests of the run \
      or its repository, or else HashiCorp's. The report tells what Vault \
      has to allow then, and policy writes that.
      """)

  static var examples: String {
    """
    # Two fields of a secret in a file /vault/secrets/db
    kubectl vault-inject annotate deployment.yaml --secret db=secret/data/shop#user,password --role shop

    # One password and nothing else in the file, in the manifest itself
    kubectl vault-inject annotate -i deployment.yaml --secret password=secret/data/shop#password --role shop

    # Into the environment, with Talend's annotations
    kubectl vault-inject annotate deployment.yaml --secret env=secret/data/shop --role shop --dialect talend --env

    # Annotate, inject and apply
    kubectl vault-inject annotate deployment.yaml --secret db=secret/data/shop --role shop | kubectl vault-inject apply -f -
    """
  }

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "What pods ask for") var request: RequestOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Configuration") var configuration: ConfigurationOptions
  @OptionGroup(title: HelpText.clusterSection) var cluster: ClusterOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if input.recursive, !selection.isNarrow {
      throw ValidationError(
        "-R reads all manifests of a folder, and nothing says which of them are meant",
        hint: "choose with --name, --kind or -l; --name '*' means all of them")
    }
    if request.isEnvironment, let word = input.files.first(where: request.names), (try? FileStatus(of: word)) == nil {
      throw ValidationError(
        "--env takes no value, so that `\(word)` behind it is read as a file's name",
        hint: "leave `\(word)` out: --env puts every secret of the command into the environment")
    }
  }

  func transforms(
    _ configurations: Configurations, _ inputs: InputResolver, _ selection: Selection, _ report: inout Report
  ) throws(Reported) -> InputTransforms {
    let request = try report.catching { () throws(Fault) in try self.request.request() }
    for doubt in self.request.doubts.compactMap(configurations.base.policy.judged) { report.add(doubt) }
    let neighbours = NeighbouringDialect(configurations, inputs).name
    return InputTransforms(configurations) { annotator(request, $0, selection, beside: neighbours) }
  }

  func functionTransform(
    _ loaded: LoadedConfiguration, _ selection: Selection
  ) throws(Fault) -> any DocumentTransform { annotator(try request.request(), loaded, selection) }

  /// What is asked for without the files of templates, which the two above read.
  func transform(_ loaded: LoadedConfiguration, _ selection: Selection) -> any DocumentTransform {
    annotator((try? request.request()) ?? SecretRequest(), loaded, selection)
  }

  private func annotator(
    _ request: SecretRequest, _ loaded: LoadedConfiguration, _ selection: Selection, beside neighbours: String? = nil
  ) -> Annotator {
    loaded.annotator(request, beside: neighbours, namespace: input.namespace, selection: selection)
  }
}

/// What pods are to ask for.
struct RequestOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      A file of secrets, the secret's path in Vault, and the fields that are wanted, of which several have commas \
      between them; repeatable.
      """, valueName: "NAME=PATH[#FIELD…]"))
  var secret: [String] = []

  @Option(help: ArgumentHelp("The Vault role to log in with; pods that have one can keep it.", valueName: "role"))
  var role: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The template of a file in Vault Agent's language, or the file it is in; repeatable.",
      valueName: "NAME=TEXT|FILE"))
  var template: [String] = []

  @Flag(
    name: .customLong("env"),
    help: "Put the secrets into the environment, in which the containers' commands are started.")
  var isEnvironment = false

  @Flag(help: "Replace annotations that say something else.")
  var force = false

  func validate() throws {
    if secret.isEmpty, template.isEmpty {
      throw ValidationError(
        "annotate needs a secret to ask for",
        hint: "write --secret NAME=PATH, such as --secret db=secret/data/shop#password")
    }
    if let role, !RequestOptions.isRole(role) {
      throw ValidationError(
        "\(OptionText.quoted("--role", role)) cannot be the name of a role",
        hint: "write it as it is in Vault, such as --role shop")
    }
    var names: [String] = []
    for text in secret {
      let name = try RequestOptions.checking("--secret") { () throws(RequestedSecret.Fault) in
        try RequestedSecret(text)
      }.name
      if names.contains(name) {
        throw ValidationError(
          "--secret names the file `\(name)` twice", hint: "each file holds one secret; a template reads several")
      }
      names.append(name)
    }
    for text in template {
      if RequestOptions.parts(ofTemplate: text).rest.isEmpty {
        throw ValidationError(
          text.contains("=")
            ? "--template: there is no template behind the = of `\(text)`"
            : text.isEmpty
              ? "--template: it is empty" : "--template: `\(text)` has no = between the file's name and its template",
          hint: "write NAME=FILE, or NAME=TEXT with the template's actions between {{ and }}")
      }
      _ = try RequestOptions.checking("--template") { () throws(RequestedSecret.Fault) in
        try RequestedSecret(file: RequestOptions.parts(ofTemplate: text).name, template: "")
      }
    }
  }

  /// True for the name of a secret that is asked for.
  func names(_ word: String) -> Bool { secret.contains { (try? RequestedSecret($0))?.name == word } }

  private static func isRole(_ text: String) -> Bool {
    RequestText.controlCharacter(in: text) == nil && !text.isEmpty && !text.utf8.contains(UInt8(ascii: "/"))
      && !text.utf8.contains(where: ASCII.isWhite)
  }

  private static func checking(
    _ option: String, _ read: () throws(RequestedSecret.Fault) -> RequestedSecret
  ) throws -> RequestedSecret {
    do throws(RequestedSecret.Fault) {
      return try read()
    } catch {
      throw ValidationError("\(option): \(error.message)", hint: error.hint)
    }
  }

  private static func parts(ofTemplate text: String) -> (name: String, rest: String) {
    let name = text.prefix { $0 != "=" }
    return (String(name), String(text.dropFirst(name.count + 1)))
  }

  /// What the options ask for, once the files of templates are read.
  func request() throws(Fault) -> SecretRequest {
    var request = SecretRequest()
    request.role = role
    request.usesEnvironment = isEnvironment
    request.replaces = force
    request.secrets = secret.compactMap { try? RequestedSecret($0) }
    for text in template {
      let (name, rest) = RequestOptions.parts(ofTemplate: text)
      let template = try RequestOptions.template(rest, of: name)
      if let index = request.secrets.firstIndex(where: { $0.name == name }) {
        request.secrets[index].template = template
      } else if let secret = try? RequestedSecret(file: name, template: template) {
        request.secrets.append(secret)
      }
    }
    return request
  }

  /// A template, which has an action wherever it is of any use, or what the file of that name holds.
  private static func template(_ text: String, of name: String) throws(Fault) -> String {
    if text.contains("{{") { return text }
    let option = "--template \(name)=\(text)"
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try OpenFile.contents(of: text)
    } catch {
      let reason = error == .noSuchFile ? "there is no such file" : "the file cannot be read: \(error.reason)"
      throw Fault(.missing, .noTemplateFile(option, reason, nearest: MissingPath(text).nearest))
    }
    guard let template = String(validating: bytes, as: UTF8.self), !template.isEmpty else {
      throw Fault(.missing, .noTemplateFile(option, bytes.isEmpty ? "the file is empty" : "the file is not UTF-8 text"))
    }
    return template
  }

  /// What there is to say of templates with nearly the name of a secret that has none.
  var doubts: [Diagnostic] {
    let named = template.map { RequestOptions.parts(ofTemplate: $0).name }
    let secrets = secret.compactMap { try? RequestedSecret($0).name }
    let bare = secrets.filter { !named.contains($0) }
    return named.filter { !secrets.contains($0) }.compactMap { name in
      NearestName.nearest(to: name, among: bare, within: 1).map { .templateOfAnother(name, nearest: $0) }
    }
  }
}

extension Diagnostic {
  fileprivate static func templateOfAnother(_ name: String, nearest: String) -> Diagnostic {
    Diagnostic(
      rule: .misspeltTemplate,
      message: "--template \(name)=… makes a file `\(name)` of its own: no --secret has that name",
      hint: "did you mean --template \(nearest)=…?")
  }

  fileprivate static func noTemplateFile(_ option: String, _ reason: String, nearest: String? = nil) -> Diagnostic {
    Diagnostic(
      rule: .unreadableInput, message: "\(option): \(reason)",
      hint: nearest.map { "did you mean \($0)?" }
        ?? "write --template NAME=FILE, or the template itself, with its actions between {{ and }}")
  }
}
