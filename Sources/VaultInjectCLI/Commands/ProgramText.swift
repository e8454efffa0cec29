internal import Output

/// What the program has to say of itself: its help, its version, its scripts and settings.
enum ProgramText {
  /// Prints a text on standard output; where it cannot be written that is reported, as a script cut short must not pass
  /// for one.
  static func print(_ text: String) -> Ending {
    var output = OutputBuffer()
    output.append(text)
    do throws(OutputError) {
      try output.write()
      return .done
    } catch {
      var report = Report(showsUnchanged: false)
      report.fail(error)
      return report.finish()
    }
  }
}
