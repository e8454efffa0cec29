package import ManifestText
package import Workloads

/// What the pods of manifests are to ask for: files of secrets, and the role to log in with.
package struct SecretRequest: Equatable, Sendable {
  /// The files, in order.
  package var secrets: [RequestedSecret] = []
  /// Nil keeps the role that a pod has.
  package var role: String?
  /// True where the application is to find the secrets in its environment.
  package var usesEnvironment = false
  /// True where this counts, whatever a pod asks for already.
  package var replaces = false

  /// Nothing at all.
  package init() {}

  /// The options that ask for paths, as they are written; without what they say where there are several.
  var pathOption: String { SecretRequest.option("--secret", of: secrets.filter { !$0.path.isEmpty }.map(\.name)) }

  /// The options that bring templates; where none does, those that ask for paths.
  var templateOption: String {
    let names = secrets.filter { $0.template != nil }.map(\.name)
    return names.isEmpty ? pathOption : SecretRequest.option("--template", of: names)
  }

  private static func option(_ name: String, of values: [String]) -> String {
    values.count == 1 ? "\(name) \(values[0])=…" : name
  }
}

/// One file that a pod is to have, and the secret in it.
package struct RequestedSecret: Equatable, Sendable {
  /// The file's name, below the folder of secrets.
  package let name: String
  /// The path in Vault; empty where a template names the paths.
  package let path: String
  /// The fields that are wanted of the secret, in order; empty for all of them.
  package let fields: [String]
  /// The template that fills in the file; nil where the path and the fields make it.
  package var template: String?

  /// The option that names the secret's path, as it begins.
  var pathOption: String { "--secret \(name)=…" }

  /// The option that makes the file's template, as it begins.
  var templateOption: String { template == nil ? pathOption : "--template \(name)=…" }

  /// Why a text asks for no secret, and what would.
  package struct Fault: Error, Equatable {
    package let message: String
    package let hint: String
  }

  /// Reads `NAME=PATH`, `NAME=PATH#FIELD` or `NAME=PATH#FIELD,FIELD`.
  package init(_ text: String) throws(Fault) {
    if text.isEmpty {
      throw Fault(message: "it is empty", hint: "write NAME=PATH, such as db=secret/data/shop#password")
    }
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      throw Fault(
        message: "`\(text)` has no = between the file's name and the secret's path",
        hint: "write NAME=PATH, such as db=secret/data/shop#password")
    }
    let rest = text[text.utf8.index(after: equals)...]
    let parts = rest.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    var fields: [String] = []
    for list in parts.dropFirst() { fields += try RequestedSecret.fields(list) }
    if let name = fields.indices.first(where: { fields[..<$0].contains(fields[$0]) }).map({ fields[$0] }) {
      throw Fault(message: "the field `\(name)` is named twice", hint: "name each field once")
    }
    self.init(
      named: try RequestedSecret.file(String(text[..<equals])), path: try RequestedSecret.path(parts[0]),
      fields: fields)
  }

  /// A file that a template alone makes.
  package init(file: String, template: String) throws(Fault) {
    self.init(named: try RequestedSecret.file(file), path: "", fields: [])
    self.template = template
  }

  private init(named name: String, path: String, fields: [String]) {
    (self.name, self.path, self.fields) = (name, path, fields)
  }

  /// The name of a file below the folder of secrets, as both injectors take it.
  private static func file(_ name: String) throws(Fault) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPath = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    // Talend's injector has commas between its files.
    if name.isEmpty {
      throw Fault(
        message: "there is no file's name before the =",
        hint: "a file's name belongs there, such as db or conf/db.properties")
    }
    guard isPath, isPlain(name), !name.contains(",") else {
      throw Fault(
        message: "`\(name)` cannot be the name of a file of secrets",
        hint: "it is below the folder of secrets, such as db or conf/db.properties, and has no commas or line breaks")
    }
    return name
  }

  private static func path(_ path: String) throws(Fault) -> String {
    let hint = "write it as Vault's API has it, such as secret/data/shop for a secret of the second KV engine"
    if path.isEmpty { throw Fault(message: "there is no path of a secret behind the =", hint: hint) }
    guard isPlain(path), !path.contains(",") else {
      throw Fault(message: "`\(path)` is no path in Vault", hint: hint)
    }
    let parts = path.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, !path.contains("://"), BankVaults.isScheme(parts[0]) {
      throw Fault(
        message: "`\(path)` begins with `\(parts[0]):`, which is no part of a path in Vault",
        hint: "write the path alone, such as secret/data/shop")
    }
    guard !path.contains("://"), path.utf8.first != UInt8(ascii: "/"), path.utf8.last != UInt8(ascii: "/"),
      VaultPath(path).words.count > 1
    else { throw Fault(message: "`\(path)` does not lead to a secret in Vault", hint: hint) }
    return path
  }

  private static func fields(_ list: String) throws(Fault) -> [String] {
    let fields = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.allSatisfy({ !$0.isEmpty && isPlain($0) }) else {
      throw Fault(
        message: list.isEmpty
          ? "there is no field behind the #"
          : "`#\(list)` has an empty field, or one with white space before or after it",
        hint: "write one or more behind the path: secret/data/shop#user,password")
    }
    return fields
  }

  /// True for text of one line without white space around it.
  private static func isPlain(_ text: String) -> Bool {
    ValueShape.line.accepts(text) && ControlCharacter(in: text) == nil
  }
}

extension RequestedSecret {
  /// The template of the file, where fields or the engine ask for one; nil where that of the injector does.
  ///
  /// In an environment each field has its name; a file of one field holds nothing but its value.
  func template(inEnvironment: Bool, always: Bool) -> String? {
    if let template { return template }
    let data = VaultPath(path).isDataOfKV2 ? ".Data.data" : ".Data"
    let beginning = "{{ with secret \"\(RequestedSecret.escaped(path))\" "
    if fields.count == 1, !inEnvironment {
      return beginning + "}}{{ \(RequestedSecret.value(of: fields[0], in: data)) }}{{ end }}"
    }
    if !fields.isEmpty {
      let lines = fields.map { "\($0)={{ \(RequestedSecret.value(of: $0, in: data)) }}\n" }
      return beginning + "-}}\n" + lines.joined() + "{{ end }}"
    }
    guard always else { return nil }
    return beginning + "-}}\n{{ range $key, $value := \(data) -}}\n{{ $key }}={{ $value }}\n{{ end }}\n{{- end }}"
  }

  private static func value(of field: String, in data: String) -> String {
    let isName =
      field.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "_") }
      && field.utf8.first.map { !ASCII.isDigit($0) } ?? false
    return isName ? "\(data).\(field)" : "index \(data) \"\(RequestedSecret.escaped(field))\""
  }

  /// Text between the quotes of a template.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }

  /// The path on the second KV engine, where the first is only guessed; nil where the path or a template tells.
  var pathOnKV2: String? {
    let parsed = VaultPath(path)
    guard template == nil, !isDataOfKV2, !parsed.isOfOtherEngine, !VaultPath.isMadeForEach(path) else { return nil }
    let engines = parsed.words.dropLast()
    // Engines may be mounted deeper, and are called after their kind then.
    let end = engines.firstIndex { word in ["kv", "secret"].contains { ByteText.holds(word.lowercased(), $0) } } ?? 0
    guard engines.indices.contains(end), engines[end].utf8.last != UInt8(ascii: "1") else { return nil }
    return (parsed.words[...end] + ["data"] + parsed.words[(end + 1)...]).joined(separator: "/")
  }

  /// The secret as it is asked for, at a path.
  func written(at path: String) -> String {
    "\(name)=\(path)" + (fields.isEmpty ? "" : "#\(fields.joined(separator: ","))")
  }

  /// True where a path is of the second KV engine, whose secrets come with what is known of them.
  var isDataOfKV2: Bool { VaultPath(path).isDataOfKV2 }
}

/// An annotation that a pod is to have.
struct WantedAnnotation: Equatable, Sendable {
  /// The full key.
  let key: String
  /// Nil where the pod is not to have it any more.
  let value: String?
  /// True where what is there is a part of it, or means the same, so that nothing is lost in its place.
  var takesOver = false
  /// The option that says so; nil where it follows from another.
  var option: String?
}

/// A dialect in whose annotations a pod can be made to ask for something.
package protocol AnnotatableDialect: Dialect {
  /// The annotations by which a pod asks for what it asks for already, and for this.
  /// - Throws: A `Diagnostic` where the dialect has nothing for it, or refuses what the pod asks for already.
  func wanted(_ request: SecretRequest, by template: PodTemplate) throws(Diagnostic) -> WantedAnnotations
}

/// The annotations that a pod is to have, in order.
package struct WantedAnnotations: Sendable {
  private(set) var all: [WantedAnnotation] = []

  init() {}

  mutating func want(_ key: String, _ value: String?, takingOver: Bool = false, by option: String? = nil) {
    all.append(WantedAnnotation(key: key, value: value, takesOver: takingOver, option: option))
  }
}
