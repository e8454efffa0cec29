internal import ArgumentParser
internal import Cluster
internal import ManifestText
internal import Output

/// What belongs together, so that what is gone from it is deleted.
struct SetOptions: ParsableArguments {
  @Flag(help: "Delete what was applied before as a part of the set, and is not applied any more.")
  var prune = false

  @Option(
    name: .customLong("applyset"),
    help: ArgumentHelp(
      "The object that keeps the set, as kubectl has it: a Secret's name, or another's, such as configmap/web.",
      valueName: "name"))
  var parent: String?

  /// The object that keeps the set; nil where nothing is to be pruned.
  var name: ApplySetName? { parent.flatMap(ApplySetName.init) }

  func validate() throws {
    guard let parent else {
      guard prune else { return }
      throw ValidationError(
        "--prune needs --applyset", hint: "name the object that keeps the set, such as --applyset=configmap/web")
    }
    guard prune else {
      throw ValidationError("--applyset needs --prune", hint: "add --prune, or leave --applyset out")
    }
    guard name != nil else {
      throw ValidationError(
        parent.isEmpty ? "the value of --applyset is empty" : "--applyset cannot be `\(parent)`",
        hint: "name the object that keeps the set, such as --applyset=configmap/web")
    }
  }

  /// Makes sure that the whole set is meant, and that its parent is in a namespace that is given.
  func check(_ input: InputOptions, _ selection: SelectionOptions) throws {
    if prune, !selection.words.text.isEmpty {
      throw ValidationError(
        "--prune deletes what is not applied, and \(selection.words.text) leaves objects out",
        hint: "apply the whole set, or leave --prune out")
    }
    do throws(Fault) {
      _ = try name?.known(inNamespace: input.namespace)
    } catch {
      throw ValidationError(error.diagnostic.message, hint: error.diagnostic.hint ?? "")
    }
  }
}

extension Diagnostic {
  static let pruningLive = Diagnostic(
    rule: .usage, message: "--prune deletes what manifests do not hold any more, and objects of a cluster are named",
    hint: "name the manifests of the whole set instead")
}
