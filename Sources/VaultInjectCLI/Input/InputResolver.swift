package import ManifestText
package import Output
internal import Platform

/// From what the command line names to the inputs it means, in order, without reading any of them.
///
///     let resolver = InputResolver(filenames: f, files: arguments, isRecursive: r, kustomization: k)
///     for input in try resolver.resolve() {    // throws Fault: the command line makes no sense
///       do { work(on: try input.load()) }      // throws Fault: this input cannot be had
///     }
///
/// A path that leads nowhere keeps its place in the list and fails when it is loaded, so that the caller
/// decides whether the other inputs go on. `Fault` holds the input's name, a `Diagnostic` and the kind of failure.
package struct InputResolver: Sendable {
  /// The values of `-f`, each of which may hold several names between commas.
  package let filenames: [String]
  /// Bare arguments, which are never split.
  package let files: [String]
  /// Whether folders are read to any depth.
  package let isRecursive: Bool
  /// The value of `-k`.
  package let kustomization: String?

  /// What is wrong with the first bare argument where it leads nowhere, such as a misspelt command; nil where there is
  /// nothing to say but that.
  var faultOfFirstWord: @Sendable (String) -> Diagnostic? = { _ in nil }

  /// Standard input, where it was read beforehand.
  private var standardInput: SourceText?
  /// A chart that is to be rendered instead.
  private var chart: HelmChart?
  /// True where a folder without manifests is no mistake.
  private var takesEmptyFolders = false

  /// Takes the options as they were given.
  package init(
    filenames: [String] = [], files: [String] = [], isRecursive: Bool = false, kustomization: String? = nil
  ) {
    self.filenames = filenames
    self.files = files
    self.isRecursive = isRecursive
    self.kustomization = kustomization
  }

  /// Takes the manifests of a folder, of which there may be none.
  init(folder: String, isRecursive: Bool) {
    self.init(files: [folder], isRecursive: isRecursive)
    takesEmptyFolders = true
  }

  /// Takes what Helm renders of a chart.
  init(chart: HelmChart) {
    self.init()
    self.chart = chart
  }

  /// The inputs, in the order they are named: first those of `-f`, then the bare arguments.
  ///
  /// - Throws: a usage error for `-k` beside anything else, for `-` named twice, for an empty name and for none, and for
  ///   a misspelt command.
  package func resolve() throws(Fault) -> [Input] {
    if let chart { return [.chart(chart)] }
    if let kustomization { return [try resolveKustomization(kustomization)] }
    var inputs: [Input] = []
    var readsStandardInput = false
    for name in filenames.flatMap(FilenameList.names) + files {
      if name == "-" {
        guard !readsStandardInput else { throw Fault(.usage, .standardInputTwice) }
        readsStandardInput = true
      }
      try resolve(name, into: &inputs)
    }
    if inputs.isEmpty, let standardInput { return [.text(standardInput)] }
    guard !inputs.isEmpty || takesEmptyFolders else { throw Fault(.usage, .noInput) }
    return inputs
  }

  /// Reads standard input where it is the only input, and gives what it holds; nil where it is not.
  ///
  /// It is also the input where none is named and another program or a file feeds this one, as a filter has it. There
  /// is nothing to be had of a terminal, of `/dev/null` and of an empty pipe.
  package mutating func takeStandardInput(_ loader: InputLoader = InputLoader()) -> SourceText? {
    let names = filenames.flatMap(FilenameList.names) + files
    let isFed = (try? loader.standardInput.status()).map { !$0.isDevice } ?? false
    guard kustomization == nil, names == ["-"] || names.isEmpty && !isRecursive, isFed else { return nil }
    guard let source = try? Input.standardInput.load(with: loader) else { return nil }
    if names.isEmpty, source.bytes.allSatisfy(ASCII.isWhite) { return nil }
    standardInput = source
    return source
  }

  /// True where standard input is read for manifests.
  var readsStandardInput: Bool {
    kustomization == nil && (filenames.flatMap(FilenameList.names) + files).contains("-")
  }

  /// True for an input that was named itself; false for a file that was found in a folder, or by a pattern.
  func isNamed(_ input: String) -> Bool {
    let names = filenames.flatMap(FilenameList.names) + files
    return names.contains(input) || !names.contains { input.hasPrefix($0) || Glob.isPattern($0) }
  }

  /// Where the first input is that is named.
  var place: InputPlace {
    if let kustomization { return .folder(kustomization) }
    guard chart == nil, let first = (filenames.flatMap(FilenameList.names) + files).first, first != "-" else {
      return .workingFolder
    }
    return InputPlace(of: first) ?? .workingFolder
  }

  private func resolveKustomization(_ folder: String) throws(Fault) -> Input {
    guard filenames.isEmpty, files.isEmpty, !isRecursive else {
      throw Fault(.usage, .kustomizationNotAlone)
    }
    guard !folder.isEmpty else { throw Fault(.usage, .emptyKustomization) }
    return .kustomization(folder)
  }

  private func resolve(_ name: String, into inputs: inout [Input]) throws(Fault) {
    if name.isEmpty { throw Fault(.usage, .emptyName) }
    if name == "-" { return inputs.append(standardInput.map(Input.text) ?? .standardInput) }
    if URLText.isURL(name) { return inputs.append(.url(name)) }
    let kind: FileStatus.Kind
    do throws(SystemError) {
      kind = try FileStatus(of: name).kind
    } catch {
      return try expand(name, after: error, into: &inputs)
    }
    append(name, of: kind, to: &inputs)
  }

  private func append(_ path: String, of kind: FileStatus.Kind, to inputs: inout [Input]) {
    switch kind {
    case .folder:
      inputs += ManifestFolder(path: path, isRecursive: isRecursive, mayBeEmpty: takesEmptyFolders).inputs()
    case .file: inputs.append(.file(path))
    case .stream: inputs.append(.stream(path))
    }
  }

  /// As kubectl does, takes a name for a pattern only where no file is called so.
  private func expand(_ name: String, after error: SystemError, into inputs: inout [Input]) throws(Fault) {
    guard error == .noSuchFile || error == .notADirectory else {
      return inputs.append(.unusable(name, .unreadable(error, input: name)))
    }
    if name == files.first, let fault = faultOfFirstWord(name) { throw Fault(.usage, fault) }
    guard Glob.isPattern(name) else {
      let missing = Diagnostic.missingFile(name, unsplit: unsplitName(holding: name))
      return inputs.append(.unusable(name, Fault(.missing, input: name, missing)))
    }
    let paths = Glob.matches(of: name)
    if paths.isEmpty { inputs.append(.unusable(name, Fault(.missing, input: name, .noMatch(of: name)))) }
    for path in paths {
      append(path, of: (try? FileStatus(of: path).kind) ?? .file, to: &inputs)
    }
  }

  /// The value of `-f` that names an existing file, was split at its commas, and thereby gave this name.
  private func unsplitName(holding name: String) -> String? {
    filenames.first { value in
      let names = FilenameList.names(in: value)
      return names.count > 1 && names.contains(name) && (try? FileStatus(of: value)) != nil
    }
  }
}

/// The value of one `-f`: names between commas, as kubectl takes them.
package enum FilenameList {
  /// The names of a value; a name in double quotes may hold commas, and `""` stands for a quote in it.
  package static func names(in value: String) -> [String] {
    let comma = UInt8(ascii: ",")
    guard value.utf8.contains(comma) || value.utf8.first == quote else { return [value] }
    var names: [String] = []
    var rest = Array(value.utf8)[...]
    while true {
      names.append(String(decoding: takeName(from: &rest), as: UTF8.self))
      guard rest.first == comma else { return names }
      rest.removeFirst()
    }
  }

  private static let quote = UInt8(ascii: "\"")

  /// Takes one name from the front, up to a comma outside of quotes.
  private static func takeName(from rest: inout ArraySlice<UInt8>) -> [UInt8] {
    var name: [UInt8] = []
    var isQuoted = false
    if rest.first == quote {
      isQuoted = true
      rest.removeFirst()
    }
    while let byte = rest.first, isQuoted || byte != UInt8(ascii: ",") {
      rest.removeFirst()
      guard isQuoted, byte == quote else {
        name.append(byte)
        continue
      }
      isQuoted = rest.first == quote
      if isQuoted { name.append(rest.removeFirst()) }
    }
    return name
  }
}

extension InputResolver {
  /// The same, where the report would not be written over one of the inputs.
  func resolve(checking report: inout Report) throws(Fault) -> [Input] {
    let all = try resolve()
    try report.check(inputs: all.lazy.compactMap(\.path))
    return all
  }
}
