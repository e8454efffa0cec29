package import ManifestText

/// A change of a finished container, as the annotations with a JSON Patch ask for it.
package struct ContainerPatch: Sendable {
  private let patch: GoPatch

  /// Reads a patch; `null` is one without operations.
  /// - Throws: A `Failure` with Go's message where this is no patch.
  package init(_ text: String) throws(GoParse.Failure) {
    patch = try GoPatch(text)
  }

  /// The container after the patch, as Kubernetes reads it: members it does not know are dropped.
  /// - Throws: A `Failure` with the injector's message.
  package func apply(to container: Value) throws(GoParse.Failure) -> Value {
    let container = try ContainerPatch.normalized(container)
    let patched: GoJSONNode
    do throws(GoParse.Failure) {
      patched = try patch.apply(to: GoJSONNode(container))
    } catch {
      throw GoParse.Failure(message: "failed to apply JSON patch: \(error.message)")
    }
    return try GoRecordReader.read(patched, as: ContainerRecord.container)
  }

  /// The patch's effect on any JSON, before it is read as a container.
  package func patched(_ document: Value) throws(GoParse.Failure) -> Value {
    try patch.apply(to: GoJSONNode(document)).value
  }

  /// A container as Kubernetes writes it after reading it: known members in order, quantities in canonical form.
  /// - Throws: A `Failure` with Go's message where a value has a wrong type.
  package static func normalized(_ container: Value) throws(GoParse.Failure) -> Value {
    try GoRecordReader.read(GoJSONNode(container), as: ContainerRecord.container)
  }
}
