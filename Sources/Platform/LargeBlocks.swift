internal import CFiles

/// Memory for whole files and tables, as opposed to the many small pieces.
package enum LargeBlocks {
  /// From this size on a block is asked of the system and handed back to it, rather than kept among the small ones.
  private static let size: Int32 = 256 << 10

  /// Keeps large blocks apart for the whole run.
  ///
  /// GNU's allocator does so by itself until the first of them is freed; from then on it puts blocks as large among the
  /// small ones, where they leave holes.
  package static func keepApart() {
    cfiles_keep_apart(size)
  }
}
