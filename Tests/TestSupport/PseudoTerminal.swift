import Foundation

/// A terminal with nobody in front of it, at which some text has been typed.
public final class PseudoTerminal {
  private let process = Process()

  /// The number of the open terminal, as a program sitting in it would have it for standard input.
  public let descriptor: Int32

  /// Opens a terminal and types.
  public init(typing text: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, text]
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    descriptor = open(line.trimmingCharacters(in: .whitespacesAndNewlines), O_RDWR | O_NOCTTY)
  }

  deinit {
    close(descriptor)
    kill(process.processIdentifier, SIGKILL)
  }

  private static let script = """
    import os, pty, sys, time
    master, terminal = pty.openpty()
    os.write(master, sys.argv[1].encode())
    print(os.ttyname(terminal), flush=True)
    time.sleep(60)
    """
}
