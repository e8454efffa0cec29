package import Workloads

/// Where one kind keeps its pod templates, as a user told it.
package struct PodPathSetting: Equatable, Sendable {
  /// The API group; empty for the core group.
  package let group: String
  package let kind: String
  /// The paths as they were written, each of which can be read.
  package var paths: [String]

  /// The kind as it is written in files and options: `GROUP/KIND`, or `KIND` alone in the core group.
  package var name: String { group.isEmpty ? kind : "\(group)/\(kind)" }

  var settingPath: String { "\(SettingSchema.podPaths).\(name)" }

  /// The kind with its templates; a kind that is known keeps what is known of how its pods end.
  package var workloadKind: WorkloadKind {
    let known = WorkloadKinds.known.first { $0.group == group && $0.kind == kind }
    return WorkloadKind(group, kind, paths.compactMap(PodPath.init), lifetime: known?.lifetime ?? .service)
  }
}

extension PodPathSetting {
  /// Why a kind or a path cannot be read.
  enum Fault: Error, Equatable {
    /// It is not of the form `GROUP/KIND`.
    case kind(String)
    /// It has a version, which kinds are told without.
    case version(String, group: String, kind: String)
    /// A step is empty.
    case path(String)
    /// A step is a number, where only every element can be meant.
    case index(String)
  }

  /// - Throws: what is wrong with the kind's name; no path is looked at.
  init(name: String) throws(Fault) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: (group, kind) = ("", parts[0])
    case 2: (group, kind) = (parts[0], parts[1])
    case 3: throw .version(name, group: parts[0], kind: parts[2])
    default: throw .kind(name)
    }
    guard !kind.isEmpty, kind.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: ".") }) else {
      throw .kind(name)
    }
    paths = []
  }

  /// Adds a path.
  mutating func append(path: String) throws(Fault) {
    guard let steps = PodPath(path)?.steps else { throw .path(path) }
    if steps.contains(where: { Int($0) != nil }) { throw .index(path) }
    paths.append(path)
  }
}
