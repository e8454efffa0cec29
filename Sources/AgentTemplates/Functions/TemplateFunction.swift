internal import ManifestText

/// A function that the agent's templates can call, and what it takes.
struct TemplateFunction: Equatable, Sendable {
  /// Whose function it is.
  enum Origin: Sendable {
    /// Go's `text/template`.
    case go
    /// Consul Template's, of those that ask Vault or read a file.
    case vault
    /// Consul Template's, of those that ask Consul or Nomad, which agents of pods are not connected to.
    case consul
    /// Consul Template's, of those that make one value of another.
    case consulTemplate
    /// Sprig's, by the name the agent has for it: `sprig_quote`.
    case sprig
  }

  /// What a parameter takes, as far as a constant can be judged by it.
  enum Parameter: String, Sendable {
    case any, string, int, float, bool, list, map
  }

  let name: String
  let origin: Origin
  /// What it takes, in order, the last of a list of any length left out.
  let parameters: [Parameter]
  /// What each further argument is; nil where there are none.
  let rest: Parameter?

  /// Reads a row of the tables: `join string list`, `secret string...`.
  init(row: Substring, origin: Origin) {
    let words = row.split { $0 == " " || $0 == "\n" }
    var parameters: [Parameter] = []
    var rest: Parameter?
    for word in words.dropFirst() {
      let isLast = word.utf8.last == ASCII.dot
      let parameter = Parameter(rawValue: isLast ? String(word.dropLast(3)) : String(word)) ?? .any
      if isLast { rest = parameter } else { parameters.append(parameter) }
    }
    name = words.first.map(String.init) ?? ""
    self.origin = origin
    self.parameters = parameters
    self.rest = rest
  }

  /// What an argument has to be, counted from 0; nil where there is none so far.
  func parameter(_ place: Int) -> Parameter? { place < parameters.count ? parameters[place] : rest }

  /// Whether a call with so many arguments is one that Go carries out.
  func takes(_ count: Int) -> Bool {
    rest == nil ? count == parameters.count : count >= parameters.count
  }

  /// How many arguments it takes, for a person.
  var arity: String {
    let count = parameters.count
    let word = count == 1 ? "argument" : "arguments"
    if rest != nil { return "at least \(count) \(word)" }
    return count == 0 ? "no arguments" : "\(count) \(word)"
  }

  /// The function of this name; nil where the agent has none.
  static func named(_ name: String) -> TemplateFunction? { all[name] }
}

/// What is known of the agent's functions as such.
package enum TemplateFunctions {
  /// Whether HashiCorp's agents have a function that OpenBao's do not have.
  package static func isHashiCorpsAlone(_ name: String) -> Bool {
    name == "sprig_sha512sum" || TemplateFunction.named(name)?.origin == .consul
  }
}

extension TemplateFunction {
  /// What to call instead of a function that the agent does not have: one of Sprig's by its name here, what does the
  /// same by another name, or the nearest name.
  static func replacement(for name: String) -> String? {
    if all["sprig_" + name] != nil { return elsewhere[name] ?? "sprig_" + name }
    return elsewhere[name] ?? NearestName.nearest(to: name, among: all.keys.sorted())
  }

  /// Functions of Helm, Sprig and other programs, and what the agent has in their place.
  private static let elsewhere = [
    "b64dec": "base64Decode", "b64enc": "base64Encode", "base64decode": "base64Decode", "fromJson": "parseJSON",
    "fromJSON": "parseJSON", "fromYaml": "parseYAML", "lower": "toLower", "replace": "replaceAll",
    "toJson": "toJSON", "toPrettyJson": "toJSONPretty", "toToml": "toTOML", "toYaml": "toYAML", "title": "toTitle",
    "upper": "toUpper",
  ]
}
