internal import CFiles

/// What a file system keeps beside a file's content: extended attributes, and the access control list among them.
enum ExtendedAttributes {
  /// Gives a file exactly the attributes of another.
  ///
  /// Attributes of the system's own are left to the system where it does not let them be set.
  /// - Throws: what the system answers where an attribute that is the user's cannot be kept.
  static func copy(from source: FileDescriptor, to copy: FileDescriptor) throws(SystemError) {
    let names = names(of: source)
    for name in ExtendedAttributes.names(of: copy) where !names.contains(name) {
      _ = unsafe cfiles_remove_attribute(copy.number, name)
    }
    for name in names {
      guard let value = value(name, of: source) else { continue }
      let isSet = unsafe value.withUnsafeBytes { bytes in
        unsafe cfiles_set_attribute(copy.number, name, bytes.baseAddress, bytes.count)
      }
      if isSet != 0, !isTheSystemsOwn(name) { throw SystemError.last }
    }
    guard cfiles_copy_access(source.number, copy.number) == 0 else { throw SystemError.last }
  }

  private static func isTheSystemsOwn(_ name: String) -> Bool {
    name.hasPrefix("security.") || name.hasPrefix("trusted.")
  }

  private static func names(of file: FileDescriptor) -> [String] {
    let room = cfiles_attribute_names(file.number, nil, 0)
    guard room > 0 else { return [] }
    var buffer = [CChar](repeating: 0, count: room)
    let count = unsafe cfiles_attribute_names(file.number, &buffer, room)
    guard count > 0 else { return [] }
    return buffer[..<count].split(separator: 0).map { name in
      String(decoding: name.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  private static func value(_ name: String, of file: FileDescriptor) -> [UInt8]? {
    let room = unsafe cfiles_attribute(file.number, name, nil, 0)
    guard room >= 0 else { return nil }
    var value = [UInt8](repeating: 0, count: room)
    let count = unsafe cfiles_attribute(file.number, name, &value, room)
    return count == room ? value : nil
  }
}
