internal import CFiles
package import LibC

/// What the process was started with.
package enum Environment {
  /// A variable's value; nil where it is not set.
  package static func value(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe FilePath.text($0) }
  }

  /// A variable's value; nil where it is not set or empty, which most conventions take for the same.
  package static func nonEmpty(_ name: String) -> String? {
    value(name).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The words the process was started with, the program's name first.
  package static let arguments: [String] = (0..<Int(CommandLine.argc)).compactMap { index in
    unsafe CommandLine.unsafeArgv[index].map { unsafe FilePath.text($0) }
  }

  /// Every variable in the form `NAME=value`, as bytes: nothing says that values are text.
  static var all: [[UInt8]] {
    guard var next = unsafe cfiles_environment() else { return [] }
    var result: [[UInt8]] = []
    while let variable = unsafe next.pointee {
      result.append(unsafe Array(UnsafeRawBufferPointer(start: variable, count: strlen(variable))))
      unsafe next += 1
    }
    return result
  }

  /// The folder that relative paths start from; nil where it was removed.
  package static var currentFolder: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe FilePath.text(path)
  }
}

/// The user this process works for.
package enum CurrentUser {
  /// True for the user, for root, who can do everything anyway, and for whoever became root by `sudo`.
  package static func trusts(_ owner: uid_t) -> Bool {
    let user = geteuid()
    return owner == user || owner == 0 || user == 0 && owner == invoker
  }

  /// The user who called `sudo`; nil where nobody did.
  private static var invoker: uid_t? { Environment.value("SUDO_UID").flatMap { uid_t($0) } }
}

/// The system and processor this program was built for, in Go's names: `linux/amd64`.
package enum PlatformName {
  package static let current = "\(system)/\(processor)"

  #if os(macOS)
    private static let system = "darwin"
  #else
    private static let system = "linux"
  #endif

  #if arch(arm64)
    private static let processor = "arm64"
  #elseif arch(x86_64)
    private static let processor = "amd64"
  #else
    private static let processor = "unknown"
  #endif
}
