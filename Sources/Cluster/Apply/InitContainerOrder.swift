internal import ManifestText
internal import Workloads

/// Init containers run one after the other, so the order the server keeps them in is part of what was applied.
enum InitContainerOrder {
  /// The names of the containers in the order that was asked for, and in the answer's; nil where the two agree.
  ///
  /// Containers that others added in between do not matter.
  static func difference(
    sent: Value, answered: Value, templates: [PodPath]
  ) -> (sent: [String], answered: [String])? {
    for template in templates {
      for (wanted, got) in zip(template.templates(in: sent), template.templates(in: answered)) {
        let names = names(of: wanted.value)
        let kept = InitContainerOrder.names(of: got.value).filter(names.contains)
        if names != kept { return (names, kept) }
      }
    }
    return nil
  }

  private static func names(of template: Value) -> [String] {
    template["spec"]?["initContainers"]?.array?.compactMap { $0["name"]?.string } ?? []
  }
}
