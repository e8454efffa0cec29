package import ManifestText
package import Workloads

/// What becomes of an injected pod: who logs in as whom, and what starts, reads, writes, runs and ends, in the order it
/// happens.
///
/// A dialect tells it from the pod as it injects it; the containers are those that are put into the manifest.
package struct PodStory: Sendable {
  /// The dialect's name.
  package let dialect: String
  /// Whose injector it is.
  package let injector: String
  /// Where the pod's template stands in the document.
  package let path: Path
  /// What asked for the injection.
  package var request: Decision
  /// Who logs in where, as whom and with what; empty where no agent runs.
  package var login: [Decision] = []
  /// The init containers, each of which starts when the one before it has ended or, where it stays, has started.
  package var initial: [Step] = []
  /// The containers, which start together.
  package var running: [Step] = []
  /// The files that are written.
  package var files: [File] = []
  /// What happens from then on, and at the end.
  package var events: [Event] = []
  /// What else was decided.
  package var decisions: [Decision] = []
  /// What the agents are configured with, as far as that is known.
  package var configurations: [AgentText] = []

  init(_ dialect: String, of injector: String, _ template: PodTemplate, request: Decision) {
    (self.dialect, self.injector) = (dialect, injector)
    path = template.path
    self.request = request
  }
}

extension PodStory {
  /// A container of the pod, and what it does.
  package struct Step: Equatable, Sendable {
    /// What a container is there for.
    package enum Role: String, Sendable {
      /// The pod's own.
      case own
      /// An agent that ends when its files are written.
      case agentInit = "agent-init"
      /// An agent that stays.
      case agent
      /// What renders in place of an agent.
      case renderer
      /// What puts the program in place that passes secrets in the environment.
      case environmentHelper = "environment-helper"
      /// What ends the agent of a job.
      case babysitter
    }

    package let name: String
    package let role: Role
    /// The list of the pod that it stands in.
    package let list: ContainerList
    /// True for an init container that keeps running.
    package let stays: Bool
    /// Empty for the pod's own.
    package let image: String
    /// In the order it does them.
    package var deeds: [Deed]

    /// True for one that the injection brings.
    package var isAdded: Bool { role != .own }
  }

  /// Something a container does.
  package enum Deed: Equatable, Sendable {
    /// Logs in to Vault.
    case logsIn
    /// Writes files, by their paths.
    case writes([String])
    /// Writes them again when secrets change, for as long as it runs.
    case keeps
    /// Answers on an address.
    case listens(String)
    /// Runs a command after a file was written.
    case runs(String, after: String)
    /// What comes next starts only when these files are there.
    case holdsBack([String])
    /// Its start is complete only when these files are there.
    case waits([String])
    /// Finds files in a folder; perhaps not yet, where nothing sees to it that they are written before.
    case sees(String, isEmpty: Bool)
    /// Is started by a program that puts secrets into its environment.
    case startsThrough(String)
    /// Something else, in words that go after the container's name.
    case other(String)
    /// Revokes its token when it ends.
    case revokes
    /// Ends, before anything after it starts.
    case ends
  }

  /// A file with secrets.
  package struct File: Equatable, Sendable {
    /// What its contents come from.
    package enum Contents: Equatable, Sendable {
      /// The template for files without one, by its name.
      case defaultTemplate(String)
      /// A template of the pod's own.
      case template(String)
      /// A template in a file of the agent's container.
      case templateFile(String)
      /// A template of records of variables.
      case variables(String)
      /// Vault's token.
      case token
    }

    /// Where the agent writes it.
    package let path: String
    package let contents: Contents
    /// What is read, in order; nothing where that is not known.
    package let reads: [Read]
    /// The command that runs each time it was written; empty for none.
    package let command: String
    /// The containers that find it, each with the path it finds it under.
    package var readers: [Reader]
    /// What asks for it, and what decided what it holds, its mode, its owner and its command.
    package var decisions: [Decision]

    /// The value of something that was decided about the file; nil where nothing was.
    package func value(of subject: String) -> String? { decisions.first { $0.subject == subject }?.value }
  }

  /// A container that finds a file.
  package struct Reader: Equatable, Sendable {
    package let container: String
    package let path: String
  }

  /// Something that happens once everything has started.
  package struct Event: Equatable, Sendable {
    /// When it happens.
    package enum Moment: String, Sendable {
      case onChange = "on-change"
      case onFailure = "on-failure"
      case atEnd = "at-end"
    }

    package let moment: Moment
    /// A sentence without a full stop.
    package let text: String

    init(_ moment: Moment, _ text: String) { (self.moment, self.text) = (moment, text) }
  }

  /// The configuration of an agent, as it reads it.
  package struct AgentText: Equatable, Sendable {
    package let container: String
    /// As it stands in the container's environment, decoded.
    package let text: String
    /// What it says, where it is JSON.
    package let value: Value?
    /// The file of a ConfigMap that it stands in; nil for one that is generated.
    package var file: String?
  }
}

/// A container that an injection brings, and what it is there for.
struct AddedContainer {
  let role: PodStory.Step.Role
  let list: ContainerList
  let value: Value

  var name: String { value["name"]?.string ?? "" }
  var stays: Bool { list == .initContainers && value["restartPolicy"] == "Always" }

  /// The container as a step of the pod's start.
  func step(_ deeds: [PodStory.Deed]) -> PodStory.Step {
    PodStory.Step(name: name, role: role, list: list, stays: stays, image: value["image"]?.string ?? "", deeds: deeds)
  }

  /// The value of a variable that is written out; nil where there is none.
  func variable(_ name: String) -> String? {
    value["env"]?.array?.first { $0["name"] == .string(name) }?["value"]?.string
  }
}

extension PodStory {
  /// The story with each place put where it is in another text.
  func placed(_ place: (Range<Int>) -> Range<Int>?) -> PodStory {
    func placed(_ decision: Decision) -> Decision {
      var decision = decision
      decision.range = decision.range.flatMap(place)
      return decision
    }
    var story = self
    story.request = placed(request)
    story.login = login.map(placed)
    story.decisions = decisions.map(placed)
    for index in story.files.indices {
      story.files[index].decisions = files[index].decisions.map(placed)
    }
    return story
  }
}
