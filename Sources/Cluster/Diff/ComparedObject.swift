internal import KubernetesAPI
package import ManifestText
package import Output
internal import Platform

/// An object as the cluster has it, and as it would have it, in the form that is shown.
package struct ComparedObject: Sendable {
  /// The name of the files it is compared in, as kubectl calls them: `apps.v1.Deployment.shop.web`.
  package let fileName: String
  /// The object as it is, in YAML; empty where there is none.
  package let live: [UInt8]
  /// The object as it would be, in YAML.
  package let merged: [UInt8]

  /// Prepares the two for display; a nil `live` is an object that does not exist yet.
  package init(_ object: ClusterObject, live: Value?, merged: Value) {
    let parts = [object.apiVersion.replacing("/", with: "."), object.kind, object.namespace ?? "", object.name]
    fileName = parts.joined(separator: ".")
    var pair = (
      live: live.map { ComparedObject.pruned($0, isNew: false) },
      merged: ComparedObject.pruned(merged, isNew: live == nil)
    )
    if object.kind == "Secret", object.apiVersion == "v1" { ComparedObject.hideSecrets(&pair) }
    self.live = pair.live.map(YAMLWriter.block) ?? []
    self.merged = YAMLWriter.block(pair.merged)
  }

  /// Prepares an object for display that would be deleted.
  init(deleted live: Value, _ object: PrunableObject) {
    let parts = [
      object.resource.apiVersion.replacing("/", with: "."), object.resource.kind, object.namespace ?? "", object.name,
    ]
    fileName = parts.joined(separator: ".")
    var pair = (live: Optional(ComparedObject.pruned(live, isNew: false)), merged: live)
    if object.resource.kind == "Secret", object.resource.group.isEmpty { ComparedObject.hideSecrets(&pair) }
    self.live = pair.live.map(YAMLWriter.block) ?? []
    merged = []
  }

  /// True where applying would change nothing.
  package var isSame: Bool { live == merged }

  /// The object without the fields that the server maintains itself.
  private static func pruned(_ object: Value, isNew: Bool) -> Value {
    var object = object
    object.removeMembers(["status"])
    object["metadata"]?.removeMembers(["managedFields", "resourceVersion", "generation"])
    if isNew { object["metadata"]?.removeMembers(["uid", "creationTimestamp"]) }
    return object
  }

  /// Shows of each value of a secret only whether it changes, in kubectl's words.
  private static func hideSecrets(_ pair: inout (live: Value?, merged: Value)) {
    // What kubectl applied last is written there, values and all.
    pair.live?.mask(annotation: "kubectl.kubernetes.io/last-applied-configuration")
    pair.merged.mask(annotation: "kubectl.kubernetes.io/last-applied-configuration")
    for list in ["data", "stringData"] {
      let (before, after) = (pair.live?[list], pair.merged[list])
      pair.live?[list] = before.map { masked($0, beside: after, as: "*** (before)") }
      pair.merged[list] = after.map { masked($0, beside: before, as: "*** (after)") }
    }
  }

  private static func masked(_ values: Value, beside others: Value?, as changed: String) -> Value {
    guard case .object(let members) = values else { return "***" }
    return .object(
      members.map { member in
        let other = others?[member.key]
        return Value.Member(
          key: member.key, value: .string(other == nil || other == member.value ? "***" : changed))
      })
  }
}

extension Value {
  fileprivate mutating func mask(annotation key: String) {
    guard var metadata = self["metadata"], var annotations = metadata["annotations"], annotations[key] != nil else {
      return
    }
    annotations[key] = "***"
    metadata["annotations"] = annotations
    self["metadata"] = metadata
  }
}

/// Where differences go.
package protocol DiffOutput {
  /// Takes an object that would change.
  mutating func add(_ object: ComparedObject) throws(Fault)

  /// Ends the output.
  mutating func finish() throws(Fault)
}

/// Differences on standard output, in unified form.
package struct PrintedDiff: DiffOutput {
  private let style = DiffStyle(for: .standardOutput)

  package init() {}

  package mutating func add(_ object: ComparedObject) throws(Fault) {
    var output = OutputBuffer()
    UnifiedDiff(from: object.live, to: object.merged)
      .append(to: &output, names: ("live/\(object.fileName)", "merged/\(object.fileName)"), style)
    do throws(OutputError) {
      try output.write()
    } catch {
      throw Fault(error)
    }
  }

  package mutating func finish() throws(Fault) {}
}

/// Differences for the program of `KUBECTL_EXTERNAL_DIFF`, which compares two folders.
package struct ExternalDiff: DiffOutput {
  /// The variable's value: a program and its first arguments.
  private let command: [String]
  private let folders: ScratchFolders

  /// The program the environment names; nil where it names none.
  package static func named(by value: String?) throws(Fault) -> ExternalDiff? {
    // As kubectl does, takes nothing but plain words.
    let words = (value ?? "").split(separator: " ").map(String.init)
    guard !words.isEmpty else { return nil }
    do throws(SystemError) {
      return ExternalDiff(command: words, folders: try ScratchFolders(["LIVE", "MERGED"]))
    } catch {
      throw Fault(.unwritable, .notWritten("the folder for temporary files", .system(error)))
    }
  }

  package mutating func add(_ object: ComparedObject) throws(Fault) {
    do throws(SystemError) {
      if !object.live.isEmpty { try folders.write(object.live, to: object.fileName, in: 0) }
      if !object.merged.isEmpty { try folders.write(object.merged, to: object.fileName, in: 1) }
    } catch {
      throw Fault(.unwritable, .notWritten(object.fileName, .system(error)))
    }
  }

  package mutating func finish() throws(Fault) {
    let program = command[0]
    let outcome: Subprocess.Outcome
    do throws(SystemError) {
      outcome = try Subprocess(
        program, Array(command.dropFirst()) + folders.paths, sharing: [.input, .output, .errors]
      )
      .run()
    } catch {
      throw Fault(.unavailable, .externalDiff(program, error.reason))
    }
    switch outcome.ending {
    case .exited(0), .exited(1): return
    case .exited(let code): throw Fault(.unavailable, .externalDiff(program, "it ended with exit code \(code)"))
    case .killed(let signal): throw Fault(.unavailable, .externalDiff(program, "it was ended by signal \(signal)"))
    }
  }
}

extension Diagnostic {
  fileprivate static func externalDiff(_ program: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      rule: .externalDiff, message: "the program of KUBECTL_EXTERNAL_DIFF, \(program), failed: \(reason)",
      hint: "unset the variable to see the differences without it")
  }
}
