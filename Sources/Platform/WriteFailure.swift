/// Why something could not be written.
package enum WriteFailure: Error, Equatable, Sendable {
  /// The system does not let it.
  case system(SystemError)
  /// Nobody may write the file, by its permissions.
  case readOnlyFile
  /// Nobody, or not this user, may put files into the folder.
  case readOnlyFolder
  /// The file belongs to somebody else, and a new one would not.
  case ownerNotKept
  /// Somebody else changed or replaced the file after it was read.
  case changedMeanwhile

  /// Takes the system's answers for failures of writing.
  static func wrapping<Result>(_ call: () throws(SystemError) -> Result) throws(WriteFailure) -> Result {
    do throws(SystemError) {
      return try call()
    } catch {
      throw .system(error)
    }
  }
}
