internal import Injection
internal import ManifestText
internal import Workloads

/// What containers do, in words that go after their names.
extension PodStory.Deed {
  /// What a story's own words need of it: where it logs in, and what its files are made from.
  func words(in story: PodStory) -> String {
    switch self {
    case .logsIn: "logs in to Vault\(story.loginWords)"
    case .writes(let paths): "reads \(story.reads(for: paths)), and writes \(paths.joined(separator: ", "))"
    case .keeps: "writes them again when the secrets change"
    case .listens(let address): "answers on \(address)"
    case .runs(let command, let path): "runs `\(command)` once \(path) is written"
    case .holdsBack(let paths):
      "stays; what follows starts once these files are there: \(paths.joined(separator: ", "))"
    case .waits(let paths): "has started only when these files are there: \(paths.joined(separator: ", "))"
    case .sees(let folder, isEmpty: false): "finds the files in \(folder)"
    case .sees(let folder, isEmpty: true): "mounts \(folder), where the files may not be yet"
    case .startsThrough(let program): "is started by \(program), which puts the secrets into its environment"
    case .other(let words): words
    case .revokes: "revokes its token when it ends"
    case .ends: "ends"
    }
  }

  /// The deed for machines.
  var name: String {
    switch self {
    case .logsIn: "log-in"
    case .writes: "write"
    case .keeps: "keep"
    case .listens: "listen"
    case .runs: "run"
    case .holdsBack: "hold-back"
    case .waits: "wait"
    case .sees: "mount"
    case .startsThrough: "start-through"
    case .other: "other"
    case .revokes: "revoke"
    case .ends: "end"
    }
  }
}

extension PodStory {
  /// The value of something that was decided about the login; nil where nothing was.
  func login(_ subject: String) -> String? { login.first { $0.subject == subject }?.value }

  fileprivate var loginWords: String {
    let role = login("role").map { " as the role \($0)" } ?? ""
    return "\(login("address").map { " at \($0)" } ?? "")\(role)"
  }

  /// What is read to write some files, each path once.
  fileprivate func reads(for paths: [String]) -> String {
    let reads = files.filter { paths.contains($0.path) }.flatMap(\.reads).reduce(into: [String]()) { reads, read in
      if !reads.contains(read.shortWords) { reads.append(read.shortWords) }
    }
    return reads.isEmpty ? "what the templates say" : reads.joined(separator: ", ")
  }
}

extension PodStory.Read {
  /// Where it is read.
  var shortWords: String {
    let path = path ?? "a computed path"
    return function == "secret" ? path : "\(function) \(path)"
  }

  /// What is read, and what is taken of it.
  var words: String {
    let fields = fields.filter { $0 != "Data.*" }.map { ".\($0)" }.joined(separator: ", ")
    let remarks = [fields.isEmpty ? nil : fields, writes ? "a write" : nil, isCertain ? nil : "not always"]
      .compactMap(\.self)
    return remarks.isEmpty ? shortWords : "\(shortWords) (\(remarks.joined(separator: "; ")))"
  }
}

extension PodStory.Step {
  /// What kind of container it is, such as `init container, added`.
  var kind: String {
    let kind = stays ? "native sidecar" : list == .initContainers ? "init container" : "container"
    return isAdded ? "\(kind), added" : kind
  }
}

extension PodStory.Event.Moment {
  /// The heading of what happens then.
  var heading: String {
    switch self {
    case .onChange: "on change"
    case .onFailure: "on failure"
    case .atEnd: "at the end"
    }
  }

  static let inOrder: [PodStory.Event.Moment] = [.onChange, .onFailure, .atEnd]
}

extension ObjectPlan.Outcome {
  /// What is said of an object in a story's first line.
  var storyWords: String {
    switch self {
    case .injected: "is injected"
    case .refreshed: "has been injected, and is injected again: something has changed since"
    case .unchanged(.alreadyInjected): "has been injected, and stays as it is"
    case .unchanged(.notSelected): "is not selected"
    case .refused: "is refused"
    default: "is not injected"
    }
  }
}
