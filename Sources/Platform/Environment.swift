internal import CFiles
internal import LibC

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
  package static var arguments: [String] {
    (0..<Int(CommandLine.argc)).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { unsafe FilePath.text($0) }
    }
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

/// Time that only moves forward.
package enum MonotonicClock {
  /// Milliseconds since a moment that stays the same while the process runs.
  package static var milliseconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
  }

  /// Waits.
  package static func pause(milliseconds: Int) {
    var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    unsafe nanosleep(&time, nil)
  }
}

/// Time as calendars have it.
package enum WallClock {
  /// Seconds since 1970 began.
  package static var seconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec)
  }
}
