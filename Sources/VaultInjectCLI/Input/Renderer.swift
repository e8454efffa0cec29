internal import ManifestText
internal import Output
internal import Platform

/// Another program, which makes manifests of a folder and prints them.
struct Renderer: Sendable {
  /// What it is called in messages, such as `kubectl kustomize`.
  let name: String
  /// The program, looked for on `PATH`.
  let program: String
  let arguments: [String]
  /// What it reads on standard input.
  var input: [UInt8] = []
  /// What is said where there is no such program.
  let missing: Diagnostic
  /// The rule of what is said where it fails.
  let failure: Rule
  /// The folder it makes them of, where it was named; it may also be an address, which the program knows.
  var folder: String?

  /// What `kubectl kustomize` builds of a folder.
  static func kustomize(_ folder: String, with kubectl: String = "kubectl") -> Renderer {
    Renderer(
      name: "kubectl kustomize", program: kubectl,
      // A folder is no option, whatever it is called.
      arguments: ["kustomize", folder.hasPrefix("-") ? "./\(folder)" : folder], missing: .kubectlMissing,
      failure: .kustomizeFailed, folder: folder)
  }

  /// Runs the program; what it printed, and what it said beside that.
  func run(named input: String) throws(Fault) -> (output: [UInt8], words: String) {
    let outcome: Subprocess.Outcome
    do throws(SystemError) {
      outcome = try Subprocess(program, arguments, input: self.input).run()
    } catch .noSuchFile {
      throw Fault(.unavailable, input: input, missing)
    } catch {
      throw Fault(.unavailable, input: input, .notStarted(program, error, rule: missing.rule))
    }
    let words = Renderer.text(outcome.errors)
    guard outcome.succeeded else {
      if isMissing { throw Fault(.missing, input: input, .missingFile(folder ?? input)) }
      throw Fault(
        .refused, input: input,
        .renderingFailed(
          name, outcome.ending, saying: words, meant: folder.map { Kustomizations(below: $0).folders } ?? [],
          rule: failure))
    }
    return (outcome.output, words)
  }

  /// True where the folder is neither there nor an address.
  private var isMissing: Bool {
    guard let folder, !folder.contains("://"), !folder.contains("//"), !folder.contains("?") else { return false }
    do throws(SystemError) {
      _ = try FileStatus(of: folder)
      return false
    } catch {
      return error == .noSuchFile
    }
  }

  /// What a program said, without the white space around it.
  private static func text(_ bytes: [UInt8]) -> String {
    let start = bytes.firstIndex { !ASCII.isWhite($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !ASCII.isWhite($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// The kustomizations below a folder that is none itself, which may have been meant.
private struct Kustomizations {
  private(set) var folders: [String] = []
  /// How many folders are looked into: more are not searched for a hint.
  private var budget = 200

  private static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
  private static let depth = 3

  init(below folder: String) {
    let entries = entries(of: folder)
    guard !Kustomizations.isOne(entries) else { return }
    collect(folder, entries, depth: Kustomizations.depth)
  }

  private mutating func collect(_ folder: String, _ entries: [Folder.Entry], depth: Int) {
    for entry in entries where entry.kind == .folder && !entry.name.hasPrefix(".") && budget > 0 {
      budget -= 1
      let path = folder == "." ? entry.name : folder.hasSuffix("/") ? folder + entry.name : "\(folder)/\(entry.name)"
      let inside = self.entries(of: path)
      if Kustomizations.isOne(inside) { folders.append(path) }
      if depth > 1 { collect(path, inside, depth: depth - 1) }
    }
  }

  private func entries(of folder: String) -> [Folder.Entry] { (try? Folder.entries(of: folder)) ?? [] }

  private static func isOne(_ entries: [Folder.Entry]) -> Bool { entries.contains { names.contains($0.name) } }
}

/// What kubectl or helm wrote before it failed, freed from what their logging puts around it.
struct ProgramMessage {
  /// The words meant for a person.
  let text: String

  /// Takes `error: WORDS`, `Error: WORDS`, and `E1123 09:24:48.816904 15886 run.go:72] "command failed" err="WORDS"`.
  init(_ errors: String) {
    if errors.hasPrefix("error: ") || errors.hasPrefix("Error: ") {
      text = String(errors.dropFirst(7))
    } else if let mark = errors.firstRange(of: Self.mark), errors.hasSuffix("\"") {
      text =
        errors[..<errors.lineStart(of: mark.lowerBound)]
        + Self.unquoted(errors[mark.upperBound...].dropLast())
    } else {
      text = errors
    }
  }

  private static let mark = "] \"command failed\" err=\""

  /// Undoes the escapes of a Go string as far as messages hold them.
  private static func unquoted(_ quoted: Substring) -> String {
    var text = ""
    var isEscaped = false
    for character in quoted {
      if isEscaped {
        text.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}

extension String {
  /// Where the line begins that holds this place.
  fileprivate func lineStart(of index: Index) -> Index {
    self[..<index].lastIndex(of: "\n").map(self.index(after:)) ?? startIndex
  }
}

/// The Helm chart in the working folder, and how it is to be rendered.
struct HelmChart: Sendable {
  /// The file that makes a folder a chart.
  static let fileName = "Chart.yaml"

  /// The release's name; Helm's own placeholder where there is none.
  var releaseName: String?
  var namespace: String?
  /// The version of Kubernetes to render for.
  var kubeVersion: String?
  /// The versions of its API.
  var apiVersions: [String] = []
  /// Files of values, from the chart's folder on; later ones win.
  var valuesFiles: [String] = []
  /// More values, as YAML; they win over the files.
  var values: String?
  /// Single values, as `helm --set` takes them; they win over all others.
  var parameters: [(name: String, value: String)] = []

  /// What renders the chart.
  var renderer: Renderer {
    Renderer(
      name: "helm template", program: "helm", arguments: arguments, input: Array((values ?? "").utf8),
      missing: .helmMissing, failure: .helmFailed)
  }

  private var arguments: [String] {
    var words = ["template", "--include-crds"]
    if let namespace { words.append("--namespace=\(namespace)") }
    if let kubeVersion { words.append("--kube-version=\(kubeVersion)") }
    words += apiVersions.map { "--api-versions=\($0)" }
    words += valuesFiles.map { "--values=\($0)" }
    if values != nil { words.append("--values=-") }
    words += parameters.map { "--set=\($0.name)=\(HelmChart.escaped($0.value))" }
    if let releaseName { words.append("--name-template=\(releaseName)") }
    return words + ["."]
  }

  /// A value with its commas escaped, which would begin another parameter; not those in a list, such as `{a,b}`.
  private static func escaped(_ value: String) -> String {
    if value.hasPrefix("{"), value.hasSuffix("}") { return value }
    var escaped = ""
    for character in value {
      if character == ",", escaped.last != "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
