internal import ManifestText

/// A pod's annotations, decoded: what it asks of the injector.
struct TalendRequest {
  /// The authentication methods the injector knows.
  enum AuthMethod: String, CaseIterable { case kubernetes, approle }

  /// How the secrets come.
  struct Secrets {
    /// The types the injector knows.
    enum Kind: String, CaseIterable { case dynamic, static_ = "static" }

    /// The ways secrets reach the application.
    enum Method: String, CaseIterable { case file, env }

    let type: AnnotationValue<TalendWord<Kind>>
    let method: AnnotationValue<TalendWord<Method>>
    let paths: AnnotationValue<[String]>
    let destinations: AnnotationValue<[String]>
    /// Nil where the pod brings none.
    let templates: AnnotationValue<[String]?>
    let commands: AnnotationValue<[String]>
    let hook: AnnotationValue<Bool>

    var isDynamic: Bool { type.value.choice == .dynamic }
    var isEnvironment: Bool { method.value.choice == .env }
    var asksForHook: Bool { hook.value && isDynamic }
  }

  var modes: TalendModes
  let auth: AnnotationValue<TalendWord<AuthMethod>>
  let role: AnnotationValue<String>
  /// Nil for the pod's own.
  let serviceAccountToken: AnnotationValue<String?>
  /// Nil for the configuration's.
  let image: AnnotationValue<String?>
  let secrets: Secrets
  let proxyPort: AnnotationValue<String>

  /// - Throws: A `Diagnostic` where an annotation is no string.
  init(_ annotations: TalendAnnotations, modes: TalendModes) throws(Diagnostic) {
    self.modes = modes
    auth = try annotations.read(TalendTable.auth)
    role = try annotations.read(TalendTable.role)
    serviceAccountToken = try annotations.read(TalendTable.serviceAccountToken)
    image = try annotations.read(TalendTable.image)
    proxyPort = try annotations.read(TalendTable.proxyPort)
    secrets = Secrets(
      type: try annotations.read(TalendTable.secretsType), method: try annotations.read(TalendTable.secretsMethod),
      paths: try annotations.read(TalendTable.secretsPath),
      destinations: try annotations.read(TalendTable.secretsDestination),
      templates: try annotations.read(TalendTable.secretsTemplate), commands: try annotations.read(TalendTable.notify),
      hook: try annotations.read(TalendTable.secretsHook))
  }
}

/// A word as the injector reads it: in any case, and known to it or not.
struct TalendWord<Choice: CaseIterable & RawRepresentable<String> & Sendable>: Sendable {
  /// In lower case.
  let text: String
  /// Nil for a word the injector does not know.
  let choice: Choice?

  init(_ text: String) {
    self.text = GoText.lowercased(text)
    choice = Choice(rawValue: self.text)
  }
}

/// What a pod asks the agent to do.
struct TalendModes: Equatable {
  var secrets = false
  var proxy = false
  var job = false
  /// Parts of the annotation the injector ignores.
  var unknown: [String] = []

  /// Reads the annotation `mode` as the injector does: no trimming, case counts.
  init(_ text: String) {
    let parts = GoText.split(text, at: ",")
    for part in parts { enable(part) }
    if parts == ["job"] { secrets = true }
  }

  private mutating func enable(_ part: String) {
    switch part {
    case "secrets": secrets = true
    case "proxy": proxy = true
    case "job": job = true
    default: unknown.append(part)
    }
  }
}
