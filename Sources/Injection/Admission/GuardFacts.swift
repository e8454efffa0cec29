internal import ManifestText

/// What a guard knows of one dialect: how pods ask, by what an agent is known, and what it has to be like.
package struct GuardFacts: Equatable, Sendable {
  /// The key of an annotation.
  package struct Key: Equatable, Sendable {
    let own: String
    /// The annotation that is read in its place where it is missing; nil where none is.
    let former: String?

    package init(_ own: String, or former: String? = nil) { (self.own, self.former) = (own, former) }
  }

  /// How the annotation that asks is read.
  package struct Request: Equatable, Sendable {
    package let key: Key
    /// The words by which a pod asks.
    let yes: [String]
    /// The words by which it does not ask; nil where every other word is one.
    let no: [String]?
    /// True where the words may be in capitals.
    let ignoresCase: Bool

    package init(
      _ key: Key, yes: [String], no: [String]? = nil, ignoresCase: Bool = false
    ) {
      (self.key, self.yes, self.no, self.ignoresCase) = (key, yes, no, ignoresCase)
    }
  }

  /// Where agents are told Vault's address.
  package struct Address: Equatable, Sendable {
    package let text: String
    /// A variable that holds it.
    let variable: String
    /// A variable that holds an agent's configuration, with texts of which one is in it where the address is this one.
    let configuration: (variable: String, marks: [String])?
    /// The annotation by which a pod chooses another Vault; nil where there is none.
    let annotation: Key?

    package init(
      _ text: String, in variable: String, orIn configuration: (variable: String, marks: [String])? = nil,
      unless annotation: Key? = nil
    ) {
      (self.text, self.variable, self.configuration, self.annotation) = (text, variable, configuration, annotation)
    }

    package static func == (one: Address, other: Address) -> Bool {
      one.text == other.text && one.variable == other.variable && one.annotation == other.annotation
        && one.configuration?.variable == other.configuration?.variable
        && one.configuration?.marks == other.configuration?.marks
    }
  }

  /// The files that agents have to write, as far as an annotation lists them.
  package struct Files: Equatable, Sendable {
    /// The annotation, with commas between the files.
    let key: String
    /// The containers that may write them.
    let containers: [String]
    /// A variable of theirs that says what they write, where their command does not.
    let variable: String
    /// What stands before the name of a file there; a quote stands behind it.
    let mark: String

    package init(in key: String, by containers: [String], _ variable: String, after mark: String) {
      (self.key, self.containers, self.variable, self.mark) = (key, containers, variable, mark)
    }
  }

  /// Annotations by which a pod that asks gets no agent all the same, whoever injects it.
  package struct Idleness: Equatable, Sendable {
    /// What an annotation is like; one that is absent counts as empty.
    enum Clause: Equatable, Sendable {
      /// It is one of some words.
      case isOne(of: [String])
      /// It is there, and one of some words.
      case isThere([String])
      /// It is not empty nor one of some words, and none of others is in it, between commas.
      case namesNone(of: [String], except: [String])
    }

    /// All have to hold.
    let clauses: [(key: Key, clause: Clause)]
    /// What there is to do.
    let remedy: [GuardPhrase]

    package static func == (one: Idleness, other: Idleness) -> Bool {
      one.remedy == other.remedy && one.clauses.elementsEqual(other.clauses) { $0 == $1 }
    }
  }

  /// The dialect's name.
  package let dialect: String
  /// Whose annotations they are: `HashiCorp's injector`.
  package let injector: String
  package let request: Request
  /// The annotation that says that a pod has been injected.
  package let statusKey: Key
  /// What agents are called.
  package let agents: [String]
  /// The volumes that only an agent mounts, whatever it is called.
  package let agentVolumes: [String]
  /// The images of agents.
  package let images: [AgentImage]
  /// Nil where nobody chose one.
  package let address: Address?
  package let files: Files?
  package let idleness: Idleness

  package init(
    dialect: String, injector: String, request: Request, statusKey: Key, agents: [String],
    agentVolumes: [String] = [], images: [AgentImage], address: Address?, files: Files? = nil,
    idleness: Idleness
  ) {
    (self.dialect, self.injector, self.request, self.statusKey) = (dialect, injector, request, statusKey)
    (self.agents, self.agentVolumes, self.images) = (agents, agentVolumes, images)
    (self.address, self.files, self.idleness) = (address, files, idleness)
  }
}

/// Images that an agent may have: those of a repository, or all whose names begin alike.
package struct AgentImage: Hashable, Sendable {
  /// As it is told to people.
  package let text: String
  /// What the name of an image, with a colon at its end, begins with.
  let beginnings: [String]

  /// The repository of an image, with any tag or digest, and in every spelling of Docker Hub.
  package init(repositoryOf image: String) {
    let repository = AgentImage.repository(of: image)
    self.init(text: repository, beginnings: AgentImage.spellings(of: repository).flatMap { ["\($0):", "\($0)@"] })
  }

  /// What begins like this; without a tag, a digest or a slash at its end it is a repository.
  package init(prefix: String) {
    let isOpen = prefix.utf8.last == UInt8(ascii: "/") || AgentImage.repository(of: prefix) != prefix
    self = isOpen ? AgentImage(text: "\(prefix)*", beginnings: [prefix]) : AgentImage(repositoryOf: prefix)
  }

  /// True for an image, as a container names it.
  package func holds(_ image: String) -> Bool {
    let image = "\(image):"
    return beginnings.contains { ByteText.begins(image, with: $0) }
  }

  private init(text: String, beginnings: [String]) { (self.text, self.beginnings) = (text, beginnings) }

  /// The image without its tag and digest.
  private static func repository(of image: String) -> String {
    let name = image.utf8.prefix { $0 != UInt8(ascii: "@") }
    let start = name.lastIndex(of: UInt8(ascii: "/")) ?? name.startIndex
    let end = name[start...].firstIndex(of: ASCII.colon) ?? name.endIndex
    return String(image[..<end])
  }

  /// The repository as it may stand in a manifest: Docker Hub is meant where no registry is named.
  private static func spellings(of repository: String) -> [String] {
    let hub = "docker.io/"
    let short = ByteText.rest(of: repository, after: hub) ?? repository
    let first = short.utf8.prefix { $0 != UInt8(ascii: "/") }
    let isElsewhere =
      first.count < short.utf8.count
      && (first.contains(ASCII.dot) || first.contains(ASCII.colon) || first.elementsEqual("localhost".utf8))
    if isElsewhere { return [repository] }
    if first.count == short.utf8.count { return [short, "\(hub)\(short)", "\(hub)library/\(short)"] }
    return [short, "\(hub)\(short)"]
  }
}
