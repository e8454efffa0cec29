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
