internal import Cluster
internal import ArgumentParser
internal import KubernetesAPI
internal import Output

/// kubectl's `--server-side`, which goes without saying here.
struct ServerSideOption: ParsableArguments {
  static let flag = "--server-side"
  /// The commands that take it.
  static let commands = ["apply", "diff"]

  @Option(help: ArgumentHelp("As kubectl has it; always so here.", visibility: .hidden))
  var serverSide = true

  func validate() throws {
    if !serverSide {
      throw ValidationError(
        "everything is applied on the server's side: \(ServerSideOption.flag)=false is not supported",
        hint: "leave it out, or apply what is printed: kubectl vault-inject -f FILE | kubectl apply -f -")
    }
  }
}

/// How `apply` writes.
struct ApplyOptions: ParsableArguments {
  /// What is printed of the objects that were applied.
  enum Product: String, ExpressibleByArgument, CaseIterable {
    case yaml, json, name

    var format: OutputFormat {
      switch self {
      case .yaml: .yaml
      case .json: .json
      case .name: .name
      }
    }
  }

  @Option(
    name: [.short, .long], help: "Print the objects as the cluster has them, or their names.")
  var output: Product?

  @Option(help: ArgumentHelp("In whose name fields are set, so that others can tell.", valueName: "name"))
  var fieldManager = "kubectl-vault-inject"

  @Flag(help: "Take fields over that belong to others.")
  var forceConflicts = false

  @OptionGroup var serverSide: ServerSideOption

  @OptionGroup var concurrency: ConcurrencyOption

  @Option(
    help: ArgumentHelp(
      "Only try: client asks no cluster, server asks it and keeps nothing.", valueName: "none|client|server"))
  var dryRun = ApplySettings.DryRun.none

  @Option(
    name: .customLong("validate"),
    help: ArgumentHelp("What to do with fields the cluster does not know.", valueName: "strict|warn|ignore"))
  var validation = ApplySettings.Validation.strict

  @Flag(help: "Delete and create again what cannot be changed, such as jobs and pods.")
  var replace = false

  @Flag(help: "Wait until workloads are ready, and say of those that are not what their agents do.")
  var wait = false

  @Option(
    help: ArgumentHelp(
      "How long --wait waits (5m where none is given), and --replace for what it deletes to be gone (60s); such as 30 or 1m30s.",
      valueName: "time"))
  var timeout: String?

  @OptionGroup var set: SetOptions

  @Flag(help: "Take out what was injected instead, and apply that.")
  var uninject = false

  @Flag(
    help: """
      First log in to Vault as the pods would, as the command preflight does, and send nothing unless all would get \
      their secrets.
      """)
  var preflight = false

  /// The arguments with the value that kubectl takes `--dry-run` and `--validate` to have where they have none.
  static func completed(_ arguments: [String]) -> [String] {
    guard let first = arguments.first, ServerSideOption.commands.contains(first) else { return arguments }
    return arguments.indices.map { index in
      let next = index + 1 < arguments.count ? arguments[index + 1] : ""
      switch arguments[index] {
      case "--dry-run" where ApplySettings.DryRun(rawValue: next) == nil: return "--dry-run=client"
      case ServerSideOption.flag: return "\(ServerSideOption.flag)=true"
      case "--validate" where ApplySettings.Validation(rawValue: next) == nil: return "--validate=strict"
      case let argument: return argument
      }
    }
  }

  func validate() throws {
    guard !fieldManager.isEmpty, fieldManager.unicodeScalars.count <= 128,
      fieldManager.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else {
      throw ValidationError(
        "--field-manager takes a name of 1 to 128 printable characters",
        hint: "leave it out for kubectl-vault-inject, or name a tool or a team, such as shop-delivery")
    }
    if preflight, dryRun == .client {
      throw ValidationError(
        "--preflight asks Vault, and --dry-run=client asks nobody",
        hint: "use --dry-run=server, or leave one of them out")
    }
    if preflight, uninject {
      throw ValidationError(
        "--preflight is for pods that are injected, and --uninject takes injections out",
        hint: "leave one of them out")
    }
    if wait, dryRun != .none {
      throw ValidationError(
        "--wait waits for what was applied, and --dry-run applies nothing", hint: "leave one of them out")
    }
    guard timeout.map({ RequestTimeout.milliseconds($0) != nil }) ?? true else {
      throw ValidationError(
        "--timeout takes a number of seconds, or a duration", hint: "use a time to wait such as 30, 90s or 1m30s")
    }
  }

  var settings: ApplySettings {
    var settings = ApplySettings()
    settings.fieldManager = fieldManager
    settings.forcesConflicts = forceConflicts
    settings.dryRun = dryRun
    settings.validation = validation
    settings.takesValidation = true
    settings.replaces = replace
    let milliseconds = timeout.flatMap(RequestTimeout.milliseconds)
    settings.deletionMilliseconds = milliseconds ?? settings.deletionMilliseconds
    if wait { settings.wait = WaitSettings(milliseconds: milliseconds ?? 300_000) }
    settings.uninjects = uninject
    settings.set = set.name
    return settings
  }
}

extension ApplySettings.DryRun: ExpressibleByArgument {}

extension ApplySettings.Validation: ExpressibleByArgument {}
