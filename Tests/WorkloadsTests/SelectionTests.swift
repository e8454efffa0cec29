import ManifestText
import Testing
import Workloads

@Suite struct SelectionTests {
  private static let labels = ["app": "web", "tier": "3", "empty": "", "example.com/team": "shop"]

  @Test(arguments: [
    ("", true), ("app", true), ("!app", false), ("nope", false), ("!nope", true), ("! nope", true),
    ("app=web", true), ("app==web", true), ("app = web", true), ("app=db", false), ("nope=web", false),
    ("app!=web", false), ("app!=db", true), ("nope!=web", true),
    ("app in (db,web)", true), ("app in(db)", false), ("nope in (web)", false),
    ("app notin (db)", true), ("app notin (web)", false), ("nope notin (web)", true),
    ("empty", true), ("empty=", true), ("empty in ()", true), ("empty in (a,)", true), ("app=,empty", false),
    ("tier>2", true), ("tier>3", false), ("tier<10", true), ("app>1", false), ("nope<1", false),
    ("example.com/team=shop,app", true), ("app,tier notin (1,2),!nope", true), ("app,nope", false),
    ("in=x,!in", false), ("notin notin (in)", true),
  ])
  func labels(selector: String, isMet: Bool) throws {
    let selector = try LabelSelector(selector)
    #expect(try selector.matches { Self.labels[$0] } == isMet)
  }

  @Test(arguments: [
    ("*", "", true), ("", "", true), ("", "a", false), ("web", "web", true), ("web", "webs", false),
    ("web-*", "web-1", true), ("web-*", "web", false), ("*-web", "my-web", true), ("*a*b*", "xxaxxbxx", true),
    ("*a*b*", "xxbxxaxx", false), ("a?c", "abc", true), ("a?c", "ac", false), ("[a-c]1", "b1", true),
    ("[!a-c]1", "b1", false), ("[^a-c]1", "d1", true), ("[]a]", "]", true), ("[a", "[a", true), ("a[", "a", false),
    ("**", "x", true), ("*aab", "aaaaaab", true), ("ü*", "über", true), ("?", "ü", true), ("[a-]", "-", true),
  ])
  func names(pattern: String, name: String, isMatch: Bool) {
    #expect(NamePattern(pattern).matches(name) == isMatch)
  }

  @Test(arguments: [
    ("apps/v1", "Deployment", "deployment deployments deploy Deployment deploy.apps deployments.v1.apps", true),
    ("apps/v1", "Deployment", "deployment.extensions deployments.v2.apps deploy. pod", false),
    ("v1", "Pod", "pod pods po pod. pods.v1 pods.v1.", true),
    ("batch/v1", "CronJob", "cronjob cronjobs cj cj.batch", true),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies networkpolicy.networking.k8s.io", true),
    ("networking.k8s.io/v1", "Ingress", "ingresses ingress", true),
    ("v1", "Service", "ksvc svcs", false), ("serving.knative.dev/v1", "Service", "ksvc services", true),
    ("", "", "pod", false),
  ])
  func kinds(apiVersion: String, kind: String, patterns: String, isMatch: Bool) throws {
    let text = "{apiVersion: '\(apiVersion)', kind: '\(kind)'}"
    let object = try #require(try objects("a: 1\n---\n" + text).last).object
    for pattern in patterns.split(separator: " ") {
      #expect(try KindPattern(String(pattern)).matches(object) == isMatch, "\(pattern)")
    }
  }

  @Test func objectsOfAList() throws {
    let text = """
      kind: List
      items:
      - {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web, n: 1}}}
      - {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: team, labels: {app: null}}}
      - {apiVersion: v1, kind: Pod, metadata: {name: c}}
      """
    func selected(_ set: (inout Selection) throws -> Void) throws -> [String] {
      var selection = Selection()
      try set(&selection)
      return try objects(text).filter { try selection.includes($0.object, of: $0.document) }.map(\.object.name)
    }
    #expect(try selected { _ in } == ["a", "b", "c"])
    #expect(try selected { $0.labels = try LabelSelector("app") } == ["a", "b"])
    #expect(try selected { $0.labels = try LabelSelector("app=") } == ["b"])
    #expect(try selected { $0.labels = try LabelSelector("n=1") } == ["a"])
    #expect(try selected { $0.namespaces = [NamePattern("default")] } == ["a", "c"])
    #expect(
      try selected {
        $0.namespaces = [NamePattern("t*")]
        $0.defaultNamespace = "test"
        $0.names = [NamePattern("b"), NamePattern("c")]
      } == ["b", "c"])
  }

  private func objects(_ text: String) throws -> [(object: ManifestObject, document: Document)] {
    let source = SourceText(name: "x", bytes: Array(text.utf8))
    return try DocumentStream(source).flatMap { piece in
      let document = try Document(piece, of: source)
      return try ManifestObject.objects(of: document).map { ($0, document) }
    }
  }
}
