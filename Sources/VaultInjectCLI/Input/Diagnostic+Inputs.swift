package import Output
internal import ManifestText
package import Platform

/// What is said about inputs that cannot be had; the input's name stands before the sentence.
extension Diagnostic {
  private static let pipeHint = "pipe it in instead, with -f -"

  // MARK: The command line

  static let noInput = Diagnostic(
    rule: "no-input", message: "no manifest is named",
    hint: "name files or folders, with or without -f; - is standard input, -k DIR runs kubectl kustomize")

  static let emptyName = Diagnostic(
    rule: "empty-input-name", message: "one of the files is named by an empty string",
    hint: "a variable may be empty, or two commas in the value of -f have nothing between them")

  static let emptyKustomization = Diagnostic(
    rule: "empty-input-name", message: "the value of -k is empty",
    hint: "-k takes a folder with a kustomization.yaml")

  static let standardInputTwice = Diagnostic(
    rule: "standard-input-twice", message: "standard input (-) is named twice, but can be read only once",
    hint: "name it once; one stream may hold many documents, with --- between them")

  static let kustomizationNotAlone = Diagnostic(
    rule: "kustomization-not-alone", message: "-k cannot be used together with -f, -R or file arguments",
    hint: "run the command once for each, or list the files as resources in the kustomization")

  // MARK: Files and folders

  /// No file is called so; `unsplit` is an existing name that the commas in `-f` took apart.
  static func missingFile(_ path: String, unsplit: String? = nil) -> Diagnostic {
    if FileStatus.isBrokenLink(path) {
      return Diagnostic(rule: "no-such-file", message: "is a link to a file that does not exist")
    }
    if let unsplit {
      return Diagnostic(
        rule: "no-such-file", message: "no such file or folder",
        hint: "-f takes several names between commas; to name one file, leave -f out: '\(unsplit)'")
    }
    let nearest = MissingPath(path).nearest
    return Diagnostic(
      rule: "no-such-file", message: "no such file or folder", hint: nearest.map { "did you mean \($0)?" })
  }

  static func unreadable(_ error: SystemError) -> Diagnostic {
    let hint: String? =
      switch error {
      case .permissionDenied: "make it readable for the user who runs this, or \(pipeHint)"
      case .isADirectory: "a folder was put where a file is read"
      default: nil
      }
    return Diagnostic(rule: "unreadable-input", message: "cannot be read: \(error.reason)", hint: hint)
  }

  static func noManifests(unreadSubfolders: Int) -> Diagnostic {
    let endings = "a file of another name is read when it is named itself"
    return Diagnostic(
      rule: "no-manifests", message: "this folder has no file that ends in .json, .yaml or .yml",
      hint: unreadSubfolders == 0 ? endings : "-R reads its \(subfolders(unreadSubfolders)) too; \(endings)")
  }

  private static func subfolders(_ count: Int) -> String {
    count == 1 ? "subfolder" : "\(count) subfolders"
  }

  static let noMatch = Diagnostic(
    rule: "no-match", message: "no file matches this pattern",
    hint: "* and ? stand for letters of one name, not for folders in between; -R reads a folder to any depth")
}

extension Fault {
  /// The system refuses to let a file be read.
  package static func unreadable(_ error: SystemError, input: String) -> Fault {
    Fault(.refused, input: input, .unreadable(error))
  }
}
