internal import ManifestText

/// What a text has to be for the one who reads it in the pod.
///
/// The injectors pass these texts on as they are, so that a mistake shows in a container that does not start.
package enum ValueShape: Equatable, Sendable {
  /// Text of any kind, in which spaces at the ends mean something: templates, commands, delimiters.
  case verbatim
  /// One line of text, which counts to its last space.
  case line
  /// A path in Vault, which the agent takes without the spaces around it.
  case path
  /// The mode of a file, in octal.
  case permissions
  /// Seconds, or a length of time with units, days among them.
  case duration
  /// The same, in the agent's environment.
  case timeout
  /// How often something is tried again.
  case retries
  case logLevel
  case logFormat
  /// The URL of Vault.
  case address
  /// A method the agent knows to log in by.
  case authMethod
  /// A TCP port.
  case port
  /// Whether requests through the cache get the agent's token.
  case cacheToken
  /// Parts of the agent, with commas between them.
  case agentParts
  /// The name of a Secret, a ConfigMap or another object.
  case objectName
  /// A user or a group.
  case userID

  /// Who reads a text, and is the one to refuse it.
  package enum Reader: Equatable, Sendable {
    /// The agent, from its configuration; one from a config map takes that one's place.
    case configuration
    /// The agent, from its environment.
    case environment
    /// The API server, or the kubelet.
    case kubernetes
  }
}

extension ValueShape {
  /// Who reads it.
  var reader: Reader {
    switch self {
    case .timeout, .retries, .logLevel, .logFormat: .environment
    case .objectName, .userID: .kubernetes
    case .verbatim, .line, .path, .permissions, .duration, .address, .authMethod, .port, .cacheToken, .agentParts:
      .configuration
    }
  }

  /// What is accepted, in words that go after "has to be".
  package var accepted: String {
    switch self {
    case .verbatim: "text"
    case .line, .path: "one line of text without spaces around it"
    case .permissions: "permissions in octal, such as `0640`"
    case .duration, .timeout: "seconds, or a duration such as `1m30s`"
    case .retries: "a whole number such as `3`, which is not negative"
    case .logLevel: Self.listed(["trace", "debug", "info", "warn", "error"])
    case .logFormat: Self.listed(["standard", "json"])
    case .address: "a URL such as `https://vault.example.com:8200`"
    case .authMethod: "one of " + Self.listed(Self.authMethods)
    case .port: "a port from 0 to 65535"
    case .cacheToken: Self.listed(["true", "false", "force"])
    case .agentParts: "of " + Self.listed(Self.parts) + ", with commas and no spaces between them"
    case .objectName: "a name of small letters, digits, `-` and `.`"
    case .userID: "a number from 0 to 2147483647"
    }
  }

  private static func listed(_ words: [String]) -> String {
    let quoted = words.map { "`\($0)`" }
    return quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
  }

  /// True for a text that its reader takes; the empty one is left out and so never read.
  func accepts(_ text: String) -> Bool {
    if text.isEmpty { return true }
    return switch self {
    case .verbatim: true
    case .line, .path: Self.isTrimmed(text)
    case .permissions: FileMode.bits(of: text).map { $0 <= 0o7777 } ?? false
    case .duration, .timeout: AgentDuration.isOne(text)
    case .retries: (try? GoParse.int(text)).map { $0 >= 0 } ?? false
    case .logLevel: Self.levels.contains(GoText.lowercased(Self.trimmed(text)))
    case .logFormat: ["standard", "json"].contains(GoText.lowercased(Self.trimmed(text)))
    case .address: URLText(text).isReachable
    case .authMethod: Self.authMethods.contains(text)
    case .port: text.utf8.allSatisfy(ASCII.isDigit) && (Int(text).map { $0 <= 65535 } ?? false)
    case .cacheToken: GoText.lowercased(text) == "force" || (try? GoParse.bool(text)) != nil
    case .agentParts: GoText.split(text, at: ",").allSatisfy { $0.isEmpty || Self.parts.contains($0) }
    case .objectName: ObjectName.isSubdomain(text)
    case .userID: (try? GoParse.int(text)).map { (0...2_147_483_647).contains($0) } ?? true
    }
  }

  /// What the agent calls the levels of its log.
  private static let levels = ["trace", "debug", "notice", "info", "warn", "warning", "err", "error"]
  /// What Vault's agent and OpenBao's log in by, between them.
  private static let authMethods = [
    "alicloud", "approle", "aws", "azure", "cert", "cf", "gcp", "jwt", "kerberos", "kubernetes", "ldap", "oci", "pcf",
    "token_file",
  ]
  private static let parts = ["auto-auth", "caching", "proxying", "templating"]

  private static func isTrimmed(_ text: String) -> Bool {
    let isSure = [text.utf8.first, text.utf8.last].allSatisfy { $0.map { (0x21...0x7E).contains($0) } ?? false }
    return isSure || trimmed(text) == text
  }

  /// The text without the white space around it.
  static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}

// MARK: - What was meant

extension ValueShape {
  /// What a person may have meant by a text that is not accepted; nil where nobody can tell.
  func suggestion(for text: String) -> String? {
    let plain = Self.trimmed(text)
    return (rewritings(of: plain) + [plain, GoText.lowercased(plain)]).first { !$0.isEmpty && accepts($0) }
      ?? NearestName.nearest(to: plain, among: words)
  }

  /// Every text that is accepted, where these can be counted.
  private var words: [String] {
    switch self {
    case .logLevel: ["trace", "debug", "info", "warn", "error"]
    case .logFormat: ["standard", "json"]
    case .authMethod: Self.authMethods
    case .agentParts: Self.parts
    case .cacheToken: ["true", "false", "force"]
    default: []
    }
  }

  private func rewritings(of text: String) -> [String] {
    switch self {
    case .permissions: [FileMode.octal(fromLetters: text), FileMode.octal(fromGo: text)].compactMap(\.self)
    case .duration, .timeout: AgentDuration.spelt(text).map { [$0] } ?? []
    case .address: text.contains("://") ? [] : [(URLText("http://" + text).isInCluster ? "http://" : "https://") + text]
    case .authMethod: text == "k8s" ? ["kubernetes"] : []
    case .logFormat: text == "text" ? ["standard"] : []
    case .agentParts:
      [GoText.split(text, at: ",").map { GoText.lowercased(Self.trimmed($0)) }.joined(separator: ",")]
    default: []
    }
  }
}

/// The mode of a file.
enum FileMode {
  /// The number that octal digits spell; nil for every other text.
  static func bits(of text: String) -> Int? {
    text.utf8.allSatisfy { (0x30...0x37).contains($0) } ? Int(text, radix: 8) : nil
  }

  /// The digits for letters such as `rw-r-----`, as `ls` shows them.
  static func octal(fromLetters text: String) -> String? {
    let letters = Array(text.utf8.suffix(9))
    guard letters.count == 9, text.utf8.count <= 10 else { return nil }
    var mode = 0
    for (letter, expected) in zip(letters, "rwxrwxrwx".utf8) {
      guard letter == expected || letter == ASCII.dash else { return nil }
      mode = mode * 2 + (letter == expected ? 1 : 0)
    }
    return "0" + String(mode, radix: 8)
  }

  /// The digits of a number such as `0o640`.
  static func octal(fromGo text: String) -> String? {
    guard text.hasPrefix("0o"), bits(of: String(text.dropFirst(2))) != nil else { return nil }
    return "0" + text.dropFirst(2)
  }
}

/// A length of time as HashiCorp's programs read it: a number of seconds, a number of days, or what Go reads.
enum AgentDuration {
  static func isOne(_ text: String) -> Bool {
    let isDays = text.hasSuffix("d") && (try? GoParse.int(String(text.dropLast()))) != nil
    return isDays || (try? GoParse.int(text)) != nil || (try? GoParse.duration(text)) != nil
  }

  /// The same length in nanoseconds; nil for a text that is none.
  static func nanoseconds(_ text: String) -> Int64? {
    if let seconds = try? GoParse.int(text) {
      return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
    }
    return try? GoParse.duration(text)
  }

  /// A number and a word in the units that are read: `5m` for `5 minutes`.
  static func spelt(_ text: String) -> String? {
    let number = text.utf8.prefix(while: ASCII.isDigit)
    let word = GoText.lowercased(ValueShape.trimmed(String(text.dropFirst(number.count))))
    guard !number.isEmpty, let unit = units.first(where: { $0.words.contains(word) })?.unit else { return nil }
    return String(decoding: number, as: UTF8.self) + unit
  }

  private static let units: [(unit: String, words: [String])] = [
    ("s", ["s", "sec", "secs", "second", "seconds"]), ("m", ["m", "min", "mins", "minute", "minutes"]),
    ("h", ["h", "hr", "hrs", "hour", "hours"]), ("d", ["d", "day", "days"]),
  ]
}

/// Names of ports, which programs look up in lists of their own and of their image.
enum ServiceName {
  /// True for a text that may be in such a list: at most 15 letters, digits and dashes, and not digits alone.
  static func isOne(_ text: String) -> Bool {
    text.utf8.count <= 15 && text.utf8.allSatisfy { ASCII.isDigit($0) || ASCII.isLetter($0) || $0 == ASCII.dash }
      && text.utf8.contains(where: ASCII.isLetter)
  }
}

/// Names as the API server takes them.
package enum ObjectName {
  /// True for the name of an object: labels with dots between them, 253 characters at most.
  package static func isSubdomain(_ text: String) -> Bool {
    text.utf8.count <= 253 && GoText.split(text, at: ".").allSatisfy(isPart)
  }

  /// True for the name of a container or a volume: small letters, digits and dashes, 63 characters at most.
  static func isLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isPart(text) }

  /// True for the key of a label, and for its value: what stands after the key's slash is spelt like a value.
  static func isLabelKey(_ text: String) -> Bool {
    let parts = GoText.split(text, at: "/")
    guard let name = parts.last, !name.isEmpty, parts.count == 1 || parts.count == 2 && isSubdomain(parts[0]) else {
      return false
    }
    return isLabelValue(name)
  }

  static func isLabelValue(_ text: String) -> Bool {
    func isInner(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }
    guard let first = text.utf8.first, let last = text.utf8.last else { return true }
    return text.utf8.count <= 63 && isInner(first) && isInner(last)
      && text.utf8.allSatisfy { isInner($0) || "-_.".utf8.contains($0) }
  }

  private static func isPart(_ text: String) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, first != ASCII.dash, last != ASCII.dash else {
      return false
    }
    return text.utf8.allSatisfy {
      ASCII.isDigit($0) || $0 == ASCII.dash || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
    }
  }
}
