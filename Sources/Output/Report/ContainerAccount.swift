internal import Injection
internal import ManifestText
internal import Workloads

/// Tells whether the containers that options name are in any pod of the inputs.
struct ContainerAccount {
  /// Those that no pod has so far: `checkout`, or with the name of an object and a slash before it.
  private var missed: [String]
  private let kinds: WorkloadKinds
  private let finding: (String, String?) -> Diagnostic?
  /// The containers that were read as long as something was missed.
  private var known: Set<String> = []
  private var hasRead = false

  init(_ names: [String], _ kinds: WorkloadKinds, orTell finding: @escaping (String, String?) -> Diagnostic?) {
    (missed, self.kinds, self.finding) = (names, kinds, finding)
  }

  /// Looks for them in an input, as far as it can be read.
  mutating func look(in source: SourceText) {
    guard !missed.isEmpty, let pieces = try? DocumentStream(source) else { return }
    hasRead = true
    for piece in pieces {
      guard let document = try? Document(piece, of: source), let objects = try? ManifestObject.objects(of: document)
      else { continue }
      for object in objects {
        for template in (try? PodTemplate.templates(of: object, in: document, kinds: kinds)) ?? [] {
          look(in: template)
        }
      }
    }
  }

  private mutating func look(in template: PodTemplate) {
    for list in [ContainerList.containers, .initContainers] {
      for container in (try? template.containers(list)) ?? [] {
        guard let name = try? container.name() else { continue }
        let names = [name, "\(template.object.name)/\(name)"]
        known.formUnion(names)
        missed.removeAll(where: names.contains)
      }
    }
  }

  /// What there is to say of those that are missed, with the name that may have been meant.
  var findings: [Diagnostic] {
    guard hasRead else { return [] }
    return missed.compactMap { name in
      let holdsSlash = name.utf8.contains(UInt8(ascii: "/"))
      let names = known.filter { $0.utf8.contains(UInt8(ascii: "/")) == holdsSlash }.sorted()
      return finding(name, NearestName.nearest(to: name, among: names))
    }
  }
}
