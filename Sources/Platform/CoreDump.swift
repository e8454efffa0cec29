internal import LibC

/// The image of a process that the system may write to disk when the process fails.
package enum CoreDump {
  /// Forbids it for this process and those it starts: its memory holds secrets.
  package static func forbid() {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Darwin)
      _ = unsafe setrlimit(RLIMIT_CORE, &limit)
    #else
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    #endif
  }
}
