internal import ManifestText

/// A container that is to be injected, as far as the API server or the kubelet would refuse it.
struct InjectedContainer {
  /// The container's name.
  let name: String
  private let container: Value

  init(_ container: Value) {
    self.container = container
    name = container["name"]?.string ?? ""
  }

  /// What there is to say about its mounts and amounts.
  ///
  /// `place` tells where the manifest asks for an amount, such as `requests` of `cpu`.
  func findings(
    at request: Range<Int>?, place: (_ list: String, _ resource: String) -> Range<Int>? = { _, _ in nil }
  ) -> [Diagnostic] {
    mounts(at: request) + amounts(at: request, place)
  }

  private func mounts(at request: Range<Int>?) -> [Diagnostic] {
    var paths = NameIndex()
    return (container["volumeMounts"]?.array ?? []).compactMap { $0["mountPath"]?.string }
      .filter { !$0.isEmpty && !paths.add($0) }.map { .mountPathTwice(name, $0, at: request) }
  }

  private func amounts(
    at request: Range<Int>?, _ place: (String, String) -> Range<Int>?
  ) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    let (limits, requests) = (amounts("limits"), amounts("requests"))
    for (list, amounts) in [("limits", limits), ("requests", requests)] {
      for (resource, amount) in amounts where amount.utf8.first == ASCII.dash && Quantity.exceeds("0", amount) {
        findings.append(.negativeAmount(name, list, resource, amount, at: place(list, resource) ?? request))
      }
    }
    for (resource, amount) in requests {
      guard let limit = limits.first(where: { $0.resource == resource }),
        Quantity.exceeds(amount, limit.amount)
      else { continue }
      let found = place("requests", resource) ?? place("limits", resource) ?? request
      // Whoever writes a limit of zero means none, and what the API server says of it is plain enough.
      let isZero = !Quantity.exceeds(limit.amount, "0")
      findings.append(.requestOverLimit(as: isZero ? .note : nil, name, resource, amount, limit.amount, at: found))
    }
    for (resource, amount) in limits
    where resource == "memory" && Quantity.exceeds("1Mi", amount) && Quantity.exceeds(amount, "0") {
      findings.append(.memoryTooSmall(name, amount, at: place("limits", resource) ?? request))
    }
    return findings
  }

  private func amounts(_ list: String) -> [(resource: String, amount: String)] {
    (container["resources"]?[list]?.members ?? []).compactMap { member in
      switch member.value {
      case .string(let text), .number(let text): (member.key, text)
      default: nil
      }
    }
  }
}
