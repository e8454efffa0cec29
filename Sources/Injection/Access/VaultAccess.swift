internal import AgentTemplates
package import ManifestText

/// What the agents of one pod ask of Vault: how they log in, and what they request then, in the order they do.
package struct VaultAccess: Equatable, Sendable {
  /// The dialect's name.
  package let dialect: String
  /// Where the pod's template stands in the document.
  package let path: Path
  /// Where the pod asks for injection; nil where a default says it.
  package var range: Range<Int>?
  /// How the agents log in; nil where no agent runs, or nothing in the input says how.
  package var login: VaultLogin?
  /// What they request once they are logged in.
  package var requests: [VaultRequest] = []
  /// What else may be asked with their token, and cannot be told.
  package var unknowns: [UnknownAccess] = []

  init(_ dialect: String, at path: Path, asked range: Range<Int>?) {
    (self.dialect, self.path, self.range) = (dialect, path, range)
  }
}

/// One request of an agent to Vault, made to fill in a template.
package struct VaultRequest: Equatable, Sendable {
  /// What is done at a path.
  package enum Operation: String, Equatable, Sendable, CaseIterable {
    /// A secret is read, or a dynamic one is issued by reading.
    case read
    /// The names below a path are listed.
    case list
    /// Parameters are written, and the answer is the secret.
    case write
    /// A certificate is issued, which is a write as well.
    case pkiCert
  }

  /// What makes the request.
  package enum Source: Equatable, Sendable {
    /// A template of the pod's own, and the file it fills in.
    case template(file: String)
    /// The template for files that bring none, and the file it fills in.
    case defaultTemplate(file: String)
    /// A template in a file of a ConfigMap.
    case configMap(String, file: String)
  }

  package let operation: Operation
  /// The path as it is written; nil where the template makes it when it is filled in.
  package let path: String?
  /// What is taken of the answer, each as the names on the way to it, such as `Data`, `data`, `password`; `*` stands for
  /// each of what is there.
  package let fields: [[String]]
  /// Those of them without which the file is not as it is meant.
  package let neededFields: [[String]]
  /// True where it is made only if some condition in the template holds.
  package let isConditional: Bool
  package let source: Source
  /// Where it is written in the input; nil where that cannot be told.
  package var range: Range<Int>?
}

/// Something that may ask Vault with the agents' token, and of which the input does not tell what it asks.
package struct UnknownAccess: Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// The agent passes on what the application asks, on this port of the pod.
    case proxy(port: String)
    /// The same, on this socket of the agent's file system.
    case proxySocket(String)
    /// The application finds the token in this file.
    case tokenFile(String)
    /// A template is in a file of the agents' containers.
    case templateFile(String)
    /// The agents' configuration is in a ConfigMap that the input does not have.
    case configMap(String)
    /// A file of that ConfigMap is missing, or cannot be read.
    case configurationFile(String, of: String)
    /// The agent itself could not read the template of this file, or the injector changes it first.
    case template(file: String)
    /// A JSON Patch changes what an agent runs with.
    case patch
  }

  package let reason: Reason
  /// Where it is written in the input; nil where that cannot be told.
  package var range: Range<Int>?

  init(_ reason: Reason, at range: Range<Int>?) { (self.reason, self.range) = (reason, range) }
}

extension UnknownAccess {
  /// What cannot be told, in a clause without a full stop.
  package var text: String {
    switch reason {
    case .proxy(let port):
      "what the application asks through the agent, on 127.0.0.1:\(port), is not in the manifest"
    case .proxySocket(let path): "what the application asks through the agent, on \(path), is not in the manifest"
    case .tokenFile(let path): "what the application asks with the token in \(path) is not in the manifest"
    case .templateFile(let path): "the template \(path) is in the agent's container"
    case .configMap(let name): "the ConfigMap \(name), which configures the agents, is not in the same input"
    case .configurationFile(let file, let name): "\(file) of the ConfigMap \(name) is missing, or cannot be read"
    case .template(let file): "the template of \(file) cannot be read"
    case .patch: "a JSON Patch changes what the agent runs with"
    }
  }
}

extension VaultRequest {
  /// A call in a template; nil for one that asks something else than Vault.
  init?(_ read: TemplateUse.Read, from source: Source, at range: Range<Int>?) {
    guard read.asksVault else { return nil }
    operation = read.lists ? .list : read.function == "pkiCert" ? .pkiCert : read.writes ? .write : .read
    path = read.path
    fields = read.fields.map(\.names).reduce(into: []) { fields, names in
      if !fields.contains(names) { fields.append(names) }
    }
    // A default template does with whatever there is.
    if case .defaultTemplate = source { neededFields = [] } else { neededFields = read.neededFields }
    isConditional = !read.isCertain
    (self.source, self.range) = (source, range)
  }
}

extension VaultAccess {
  /// Notes what a template of the pod's own asks, or that it cannot be told.
  mutating func add(_ review: TemplateReview, from source: VaultRequest.Source, file: String) {
    guard let use = review.use else { return unknowns.append(UnknownAccess(.template(file: file), at: review.range)) }
    requests += use.reads.compactMap { read in
      VaultRequest(read, from: source, at: review.place(read.pathRange ?? read.range))
    }
  }

  /// Notes what a default template asks, or that it cannot be told.
  mutating func add(
    defaultTemplate text: String, _ delimiters: TemplateDelimiters = .standard, file: String, at range: Range<Int>?
  ) {
    guard let template = try? AgentTemplate(Array(text.utf8), delimiters: delimiters) else {
      return unknowns.append(UnknownAccess(.template(file: file), at: range))
    }
    requests += TemplateUse(of: template).reads.compactMap { read in
      VaultRequest(read, from: .defaultTemplate(file: file), at: range)
    }
  }

  mutating func add(_ reason: UnknownAccess.Reason, at range: Range<Int>?) {
    unknowns.append(UnknownAccess(reason, at: range))
  }
}

extension VaultAccess {
  /// The same with each place in the pod put where it is in another text; those in ConfigMaps are in that one already.
  func placed(_ place: (Range<Int>) -> Range<Int>?) -> VaultAccess {
    var access = self
    access.range = range.flatMap(place)
    access.login?.range = login?.range.flatMap(place)
    for index in requests.indices {
      if case .configMap = requests[index].source { continue }
      access.requests[index].range = requests[index].range.flatMap(place)
    }
    for index in unknowns.indices { access.unknowns[index].range = unknowns[index].range.flatMap(place) }
    return access
  }
}
