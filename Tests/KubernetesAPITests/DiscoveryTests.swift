import KubernetesAPI
import ManifestText
import TestSupport
import Testing

/// What is learnt from a server about its kinds, all at once or one version after the other.
@Suite struct DiscoveryTests {
  private static let aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

  private func recorded(_ name: String) throws -> APIResponse {
    let recording = try Fixtures.value(try Fixtures.source("kube-apiserver/\(name).json").bytes)
    let response = try #require(recording["response"])
    return APIResponse(
      status: 200, contentType: response["headers"]?["content-type"]?.string ?? "",
      body: JSONWriter.compact(try #require(response["body"])))
  }

  private func answer(_ body: Value, contentType: String = "application/json") -> APIResponse {
    APIResponse(status: 200, contentType: contentType, body: JSONWriter.compact(body))
  }

  @Test func wantedVersions() {
    #expect(Discovery.Wanted(apiVersion: "v1") == Discovery.Wanted(group: "", version: "v1"))
    #expect(Discovery.Wanted(apiVersion: "apps/v1") == Discovery.Wanted(group: "apps", version: "v1"))
    let wanted = ["v1", "apps/v1", "example.com/v1"].map { Discovery.Wanted(apiVersion: $0) }
    #expect(Discovery.roots(wanted).map(\.path) == ["/api", "/apis"])
    #expect(Discovery.roots([wanted[1]]).map(\.path) == ["/apis"])
    #expect(Discovery.roots([]).isEmpty)
  }

  @Test func everythingAtOnce() throws {
    var discovery = Discovery()
    discovery.take(root: try recorded("discovery-aggregated-api"))
    discovery.take(root: try recorded("discovery-aggregated-apis"))
    #expect(
      discovery.resource(apiVersion: "v1", kind: "ConfigMap")
        == APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true))
    #expect(
      discovery.resource(group: "rbac.authorization.k8s.io", kind: "ClusterRole")
        == APIResource(
          group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole", plural: "clusterroles",
          isNamespaced: false))
    #expect(discovery.resource(group: "autoscaling", kind: "HorizontalPodAutoscaler")?.version == "v2")
    #expect(discovery.apiVersions(of: "HorizontalPodAutoscaler") == ["autoscaling/v2", "autoscaling/v1"])
    #expect(discovery.resource(apiVersion: "apps/v1beta1", kind: "Deployment") == nil)
    #expect(discovery.unanswered([Discovery.Wanted(apiVersion: "nope.example.com/v1")]).isEmpty)
  }

  /// The built-in table says what a real server says.
  @Test func builtInKindsAgreeWithTheServer() throws {
    var discovery = Discovery()
    discovery.take(root: try recorded("discovery-aggregated-api"))
    discovery.take(root: try recorded("discovery-aggregated-apis"))
    var compared = 0
    for resource in discovery.versions.flatMap(\.resources) {
      let known = BuiltInResources.resource(apiVersion: resource.apiVersion, kind: resource.kind)
      guard let known else { continue }
      #expect(known == resource)
      compared += 1
    }
    #expect(compared > 30)
  }

  @Test func oneVersionAfterTheOther() throws {
    let groups: Value = [
      "kind": "APIGroupList",
      "groups": [
        [
          "name": "apps", "versions": [["version": "v1beta2"], ["version": "v1"]],
          "preferredVersion": ["version": "v1"],
        ]
      ],
    ]
    var discovery = Discovery()
    discovery.take(root: answer(groups))
    #expect(
      discovery.unanswered([Discovery.Wanted(group: "apps", version: nil)]).map(\.path)
        == ["/apis/apps/v1", "/apis/apps/v1beta2"])
    #expect(
      discovery.unanswered([Discovery.Wanted(apiVersion: "v1"), Discovery.Wanted(apiVersion: "apps/v2")]).map(\.path)
        == ["/api/v1", "/apis/apps/v2"])
    let first = try #require(discovery.unanswered([Discovery.Wanted(apiVersion: "apps/v1")]).first)
    discovery.take(first, try recorded("discovery-legacy-apps-v1"))
    #expect(discovery.resource(group: "apps", kind: "Deployment")?.plural == "deployments")
    #expect(discovery.kinds(of: "apps/v1").count == 5)
  }

  @Test func whatTheServerDoesNotTell() throws {
    var discovery = Discovery()
    discovery.take(root: APIResponse(status: 403, body: Array("{}".utf8)))
    discovery.take(root: APIResponse(status: 200, body: Array("no json".utf8)))
    let version = try #require(discovery.unanswered([Discovery.Wanted(apiVersion: "example.com/v1")]).first)
    discovery.take(version, APIResponse(status: 404, contentType: "text/plain", body: Array("404 page not found".utf8)))
    #expect(discovery.refusals.isEmpty)
    discovery.take(version, APIResponse(status: 503, body: Array(#"{"kind":"Status","message":"away"}"#.utf8)))
    #expect(discovery.refusals["example.com/v1"]?.message == "away")
  }

  /// A server that cannot reach an extension of its own lists its versions as stale, with nothing in them.
  @Test func staleVersionsAreAskedByThemselves() {
    let list: Value = [
      "items": [
        [
          "metadata": ["name": "metrics.example.com"],
          "versions": [["version": "v1", "freshness": "Stale", "resources": []]],
        ]
      ]
    ]
    var discovery = Discovery()
    discovery.take(root: answer(list, contentType: Self.aggregated))
    #expect(
      discovery.unanswered([Discovery.Wanted(apiVersion: "metrics.example.com/v1")]).map(\.path)
        == ["/apis/metrics.example.com/v1"])
    #expect(discovery.unanswered([Discovery.Wanted(apiVersion: "other.example.com/v1")]).isEmpty)
  }
}
