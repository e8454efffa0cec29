import Foundation
import KubernetesAPI
import ManifestText
import TestSupport

/// A request to a real server, and its answer, recorded.
struct RecordedAnswer {
  let method: String
  let path: String
  let body: Value?
  let response: APIResponse

  init(_ name: String, of kind: String = "vault") throws {
    let value = try Fixtures.value(try Fixtures.source("\(kind)/\(name).json").bytes)
    let request = value["request"], answer = value["response"]
    method = request?["method"]?.string ?? ""
    path = request?["path"]?.string ?? ""
    body = request?["body"]
    guard case .number(let status)? = answer?["status"], let status = Int(status) else { throw Unreadable() }
    let content = answer?["body"].flatMap { $0 == .null ? nil : $0 }
    response = APIResponse(status: status, body: content.map { JSONWriter.compact($0) } ?? [])
  }

  struct Unreadable: Error {}
}
