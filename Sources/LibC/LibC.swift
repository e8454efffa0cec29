/// The one door to the C library, whatever it is called where the program is built.
///
/// Whoever needs a function of it imports this module, and names it `LibC` where a name alone would be ambiguous.
#if canImport(Darwin)
  @_exported public import Darwin
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Glibc
#endif
