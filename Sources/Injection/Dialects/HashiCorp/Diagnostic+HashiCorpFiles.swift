internal import ManifestText

/// What is said about folders and files.
extension Diagnostic {
  static func relativeFolder(_ key: String, _ folder: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .relativeFolder,
      message: "the folder `\(folder)` is mounted at /\(folder), whatever the containers' working directories are",
      hint: "give `\(key)` the whole path, such as /\(folder)", range: range)
  }

  static func hidesSystem(_ key: String, _ folder: String, _ contents: String, at range: Range<Int>) -> Diagnostic {
    // Nobody can make a folder in those of the kernel.
    let isOfKernel = ["/proc", "/sys", "/dev"].contains(folder)
    return Diagnostic(
      rule: .hiddenFolder,
      message: "the secrets' volume is mounted over \(folder), which hides \(contents)",
      hint: "give `\(key)` a folder of its own, such as /vault/secrets"
        + (isOfKernel ? "" : " or \(folder == "/" ? "" : folder)/vault"),
      range: range)
  }

  static func hidesProgram(
    _ key: String, _ folder: String, _ program: String, _ container: String, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .hiddenFolder,
      message:
        "the secrets' volume is mounted over \(folder), which hides \(program), with which `\(container)` starts",
      hint: "give `\(key)` a folder of its own, such as \(folder)/secrets", range: range)
  }

  static func hidesApplication(_ key: String, _ folder: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .hiddenApplication,
      message: "the secrets' volume is mounted over \(folder), and hides what the image has there",
      hint: "give `\(key)` a folder below it, such as \(folder)/secrets, where the application is in \(folder)",
      range: range)
  }

  static func outsideVolumes(
    _ key: String, _ destination: String, _ folders: [String], at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(
      rule: .fileOutsideVolumes,
      message: "the agent would write \(destination), which is in none of the secrets' volumes",
      hint: "name a file below \(folders.first ?? "the folder") in `\(key)`, without `..`; secret-volume-path-NAME "
        + "mounts a folder elsewhere", range: range)
  }

  static func absoluteFile(
    _ name: String, _ file: String, _ destination: String, _ folder: String, at range: Range<Int>
  ) -> Diagnostic {
    let path = GoText.cleaned(file)
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { (String(path[..<$0]), String(path[$0...].dropFirst())) }
    let (parent, base) = cut ?? ("", path)
    let isThere = ByteText.rest(of: path, after: folder + "/")
    let elsewhere =
      parent.isEmpty
      ? "name it without the slash"
      : "for \(path), set secret-volume-path-\(name): \(parent) and agent-inject-file-\(name): \(base)"
    return Diagnostic(
      rule: .absoluteFile, message: "the path `\(file)` is taken below the folder: the file becomes \(destination)",
      hint: isThere.map { "write `\($0)`: the folder \(folder) comes before it" } ?? elsewhere, range: range)
  }

  static func unmounted(_ key: String, _ file: String, _ hint: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      rule: .unmountedFile, message: "`\(key)` names \(file), and nothing is mounted there in the agents", hint: hint,
      range: range)
  }

  static func unreadable(
    _ file: String, _ owner: Int64, _ container: String, _ user: Int64, _ hint: String, at range: Range<Int>?
  ) -> Diagnostic {
    Diagnostic(
      rule: .unreadableFile,
      message: "\(file) is user \(owner)'s alone, and `\(container)` runs as user \(user), which cannot read it",
      hint: hint, range: range)
  }
}
