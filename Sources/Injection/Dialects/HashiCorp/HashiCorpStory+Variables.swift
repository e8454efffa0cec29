internal import ManifestText
internal import Workloads

/// What is told of a pod's variables.
extension HashiCorpPod {
  /// The files that hold them; the decision says who writes each.
  func variableFiles(owner: [Decision]) -> [PodStory.File] {
    variables.files.map { file in
      let receivers = variables.receivers.filter { $0.files.contains(file.path) }
      let permissions = settings.operatorSettings.filePermissions
      let mode =
        permissions.isEmpty
        ? Decision("mode", HashiCorpTable.usualPermissions, by: .usual("the agent's default"))
        : Decision("mode", permissions, by: .setting("templates.permissions"))
      return PodStory.File(
        path: file.path, contents: .variables(VariableRecords.template(of: file.sources)),
        reads: file.sources.map(\.read), command: "",
        readers: receivers.map { PodStory.Reader(container: $0.name, path: file.path) },
        decisions: file.sources.map(decision) + [mode] + owner)
    }
  }

  /// What asks for the variables of a secret, and what they are called.
  private func decision(on source: HashiCorpVariables.Source) -> Decision {
    let names: String =
      switch source.choice {
      case .none: "none"
      case .all(prefix: ""): "its fields"
      case .all(let prefix): "\(prefix) and its fields"
      case .fields(let fields): fields.map(\.variable).joined(separator: ", ")
      }
    switch source.asked {
    case .reference: return Decision("variables", names, by: .field("env", at: source.range))
    case .secret(let name):
      let row = HashiCorpTable.variablesOfOne.row
      let isOfOne = annotations.located(row, name) != nil
      return isOfOne
        ? annotations.decision("variables", names, row, name)
        : annotations.decision("variables", names, HashiCorpTable.variables.row)
    }
  }

  /// How a container of the pod's own is started; nothing where it is as it was.
  func startDeeds(of container: Container) -> [PodStory.Deed] {
    guard variables.reach(container) else { return [] }
    return [.startsThrough(environmentProgram ?? "a shell script")]
  }

  /// What happens to the application once a secret changes.
  var variableEvents: [PodStory.Event] {
    guard !variables.isEmpty, runsSidecar else { return [] }
    switch variables.onChange {
    case .nothing: return [PodStory.Event(.onChange, "variables stay what they were when their container started")]
    case .restart:
      let names = variables.receivers.filter { $0.list == .containers }.map(\.name).joined(separator: ", ")
      return [
        PodStory.Event(
          .onChange, "a container whose variables change is ended and started again by Kubernetes: \(names)")
      ]
    }
  }
}

extension HashiCorpVariables.Source {
  /// What is read for it.
  fileprivate var read: PodStory.Read {
    let request = request(file: "")
    return PodStory.Read(
      function: "secret", path: path, fields: request.fields.map { $0.joined(separator: ".") }, writes: false,
      isCertain: true)
  }
}
