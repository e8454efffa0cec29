internal import ArgumentParser

/// What the program has to say of itself: its help, its version, its scripts and settings.
enum ProgramText {
  /// Prints a text on standard output.
  /// - Throws: An `ExitCode`, after the report, where it cannot be written: a script cut short must not pass for one.
  static func print(_ text: String) throws {
    var output = OutputBuffer()
    output.append(text)
    do throws(OutputError) {
      try output.write()
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(error.exitCode, error.diagnostic)
      report.finish()
      throw error.exitCode
    }
  }
}
