import KubernetesAPI
import ManifestText
import Synchronization

/// A cluster that is a function, and remembers what it was asked.
package final class TransportDouble: Transport, Sendable {
  package let asked = Mutex<[String]>([])
  private let answer: @Sendable (APIRequest, UserCredentials) -> Result<APIResponse, TransportError>

  package init(_ answer: @escaping @Sendable (APIRequest, UserCredentials) -> Result<APIResponse, TransportError>) {
    self.answer = answer
  }

  package convenience init(_ answer: @escaping @Sendable (APIRequest) -> APIResponse) {
    self.init { request, _ in .success(answer(request)) }
  }

  package func send(
    _ requests: [APIRequest], as user: UserCredentials,
    onResponse: (_ index: Int, _ result: Result<APIResponse, TransportError>) -> Void
  ) {
    // Answers come in any order.
    for (index, request) in requests.enumerated().reversed() {
      let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      let path = query.isEmpty ? request.path : "\(request.path)?\(query)"
      asked.withLock { $0.append("\(request.method.rawValue) \(path)") }
      onResponse(index, answer(request, user))
    }
  }
}

extension APIResponse {
  package static func status(_ code: Int, _ reason: String, _ message: String) -> APIResponse {
    let status: Value = [
      "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string(message),
      "reason": .string(reason),
    ]
    return APIResponse(status: code, body: JSONWriter.compact(status))
  }
}
