internal import ManifestText
internal import Platform

/// Objects that are about to be deleted, as they are, each in a file that only this user can read.
///
/// The files are removed with this value, except those whose paths were asked for. Secrets are never written.
struct KeptManifests {
  private var folders: ScratchFolders?
  private var paths: [Int: String] = [:]

  /// Keeps an object; nothing of a secret.
  mutating func keep(_ value: Value, of object: ClusterObject, _ index: Int) throws(SystemError) {
    guard object.kind != "Secret" else { return }
    if folders == nil { folders = try ScratchFolders(["deleted"]) }
    let title = "\(object.namespace.map { "\($0)." } ?? "")\(object.qualifiedName)"
    // Names of files may have 255 bytes, which a namespace and a name together can pass.
    let name = "\(index + 1).\(String(decoding: title.utf8.prefix(200), as: UTF8.self)).yaml"
    paths[index] = try folders?.write(YAMLWriter.block(value.restorable), to: name, in: 0)
  }

  /// Where an object is kept, from now on for good; nil where it is not.
  func path(_ index: Int) -> String? {
    guard let path = paths[index] else { return nil }
    folders?.leave(path)
    return path
  }
}

extension Value {
  /// An object as a cluster has it, in the form in which it can be created again.
  fileprivate var restorable: Value {
    var object = self
    object.removeMembers(["status"])
    object["metadata"]?.removeMembers([
      "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink", "deletionTimestamp",
      "deletionGracePeriodSeconds",
    ])
    switch object["kind"]?.string {
    case "Pod": object["spec"]?.removeMembers(["nodeName"])
    case "Job" where object["spec"]?["manualSelector"] != true:
      // The server makes these from the object's id.
      let labels = [
        "controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name",
      ]
      object["spec"]?.removeMembers(["selector"])
      object["metadata"]?["labels"]?.removeMembers(labels)
      object["spec"]?["template"]?["metadata"]?["labels"]?.removeMembers(labels)
    default: break
    }
    return object
  }
}
