internal import ManifestText

/// Values as HashiCorp's library parseutil reads them from text: by `strconv`, with the empty text as one of them.
package enum HashiCorpParse {
  /// A truth value, with the library's words around Go's message; empty text is false.
  package static func bool(_ text: String) throws(GoParse.Failure) -> Bool {
    if text.isEmpty { return false }
    do throws(GoParse.Failure) {
      return try GoParse.bool(text)
    } catch {
      throw GoParse.Failure(message: "cannot parse '' as bool: \(error.message)")
    }
  }

  /// A whole number of 64 bits; empty text is 0.
  package static func int(_ text: String) throws(GoParse.Failure) -> Int64 {
    text.isEmpty ? 0 : try GoParse.int(text)
  }
}

/// How HashiCorp's injector reads texts; what Go refuses is refused in its words.
extension AnnotationType<Bool> {
  static var boolean: AnnotationType {
    AnnotationType("`true` or `false`", HashiCorpParse.bool).offWhereFalse
  }

  /// A boolean that counts as false where it is none.
  static var lenientBoolean: AnnotationType {
    AnnotationType(boolean.accepted) { (try? HashiCorpParse.bool($0)) ?? false }
  }
}

extension AnnotationType<Bool?> {
  static var optionalBoolean: AnnotationType {
    AnnotationType(AnnotationType<Bool>.boolean.accepted) { (text) throws(GoParse.Failure) in
      try HashiCorpParse.bool(text)
    }
  }

  static var optionalLenientBoolean: AnnotationType {
    AnnotationType(AnnotationType<Bool>.boolean.accepted) { (try? HashiCorpParse.bool($0)) ?? false }
  }
}

extension AnnotationType<Int64> {
  static var wholeNumber: AnnotationType { AnnotationType("a whole number", like: "20", HashiCorpParse.int) }
}

extension AnnotationType<Int64?> {
  /// A user or group; nil leaves it to the cluster, which no annotation can say.
  static var id: AnnotationType {
    AnnotationType("a whole number", as: .userID, like: "1001") { (text) throws(GoParse.Failure) in
      try HashiCorpParse.int(text)
    }
  }
}

extension AnnotationType<UInt64> {
  static var seconds: AnnotationType { AnnotationType("a whole number of seconds", like: "15", GoParse.uint) }
}

extension AnnotationType<Double> {
  static var ratio: AnnotationType { AnnotationType("a number such as 0.9", like: "0.9", GoParse.float) }
}

extension AnnotationType<String> {
  /// A duration, which stays as it is written; an empty one is left to the agent.
  static var duration: AnnotationType {
    AnnotationType("a duration such as 1s or 1m30s", as: .duration, like: "1m30s") { (text) throws(GoParse.Failure) in
      if !text.isEmpty { try GoParse.duration(text) }
      return text
    }
  }
}

extension AnnotationType<ManifestText.Value?> {
  /// An amount in canonical form; nil for none.
  static var quantity: AnnotationType { quantity(like: "64Mi") }

  static func quantity(like example: String) -> AnnotationType {
    AnnotationType("a quantity such as 250m or 64Mi", like: example) { (text) throws(GoParse.Failure) in
      text.isEmpty ? nil : .string(try Quantity.canonical(text))
    }
  }
}

extension AnnotationType<[String]> {
  static var names: AnnotationType {
    AnnotationType("names, comma-separated, no spaces", as: .agentParts, like: "templating,proxying") {
      $0.isEmpty ? [] : GoText.split($0, at: ",")
    }
  }
}

extension AnnotationType<[String]?> {
  static var optionalNames: AnnotationType {
    AnnotationType(AnnotationType<[String]>.names.accepted, like: "checkout") { GoText.split($0, at: ",") }
  }
}

extension AnnotationType<HashiCorpSecret.DefaultTemplate> {
  static var defaultTemplate: AnnotationType {
    AnnotationType("`map` or `json`") { (text) throws(GoParse.Failure) in
      let type = GoText.lowercased(text)
      guard let template = HashiCorpSecret.DefaultTemplate(rawValue: type) else {
        throw GoParse.Failure(message: "invalid default template type: \(type)")
      }
      return template
    }
  }
}

extension AnnotationType<ContainerPatch?> {
  /// A JSON Patch; nil where it is empty.
  static var patch: AnnotationType {
    AnnotationType("a JSON Patch", like: "[{\"op\": \"add\", \"path\": \"/tty\", \"value\": true}]") {
      (text) throws(GoParse.Failure) in text.isEmpty ? nil : try ContainerPatch(text)
    }
  }
}

// MARK: - Defaults

extension AnnotationDefault where Source == HashiCorpAnnotations {
  /// What an operator's setting says in text, which is read as the annotation's own would be.
  static func setting(
    _ path: String, text: @escaping @Sendable (HashiCorpDialect.Settings) -> String
  ) -> AnnotationDefault {
    setting(path, content: { .text(text($0.settings), setting: path) })
  }
}

extension AnnotationDefault<HashiCorpAnnotations, Int64?> {
  /// A user or group that an operator's setting names, by its common path; `off` leaves it to the cluster, and empty is what is built in.
  static func id(
    _ path: String, _ text: @escaping @Sendable (HashiCorpDialect.Settings) -> String
  ) -> AnnotationDefault {
    setting(
      path,
      content: { annotations in
        let setting = text(annotations.settings)
        if setting == HashiCorpSettings.leftToTheCluster { return .value(nil) }
        return .text(
          setting.isEmpty ? text(HashiCorpDialect.Settings.builtIn) : setting,
          setting: "hashicorp.\(path)")
      })
  }
}
