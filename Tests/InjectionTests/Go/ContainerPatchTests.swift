import Injection
import ManifestText
import TestSupport
import Testing

/// JSON Patch annotations, on recorded answers of the injector's engine and on what lies between them.
@Suite struct ContainerPatchTests {
  let container: Value

  init() throws {
    container = try Fixtures.value(try Fixtures.source("hashicorp/units/jsonpatch.doc.json").bytes)
  }

  @Test func recorded() throws {
    let rows = try Fixtures.jsonLines("hashicorp/units/jsonpatch.jsonl")
    #expect(rows.count == 763)
    for row in rows {
      let text = row["patch"]?.string ?? ""
      let failure = row["error"] ?? row["decodeError"] ?? row["panic"]
      do throws(GoParse.Failure) {
        let result = try ContainerPatch(text).patched(container)
        if let failure { Issue.record("\(text): expected \(failure)") }
        expectEqual(result.byMeaning, row["result"]?.byMeaning ?? .null, text)
      } catch {
        let isExpected = row["panic"] != nil ? error.message.contains("crash") : failure == .string(error.message)
        #expect(isExpected, "\(text): \(error.message), expected \(String(describing: failure))")
      }
    }
  }

  /// What the container becomes, or why it does not.
  private func outcome(_ patch: String) throws -> String {
    try GoTables.outcome {
      String(decoding: JSONWriter.compact(try ContainerPatch(patch).apply(to: ["name": "c"])), as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("[]", ##"{"name":"c","resources":{}}"##),
    (##"[{"op":"remove","path":"/name"}]"##, ##"{"name":"","resources":{}}"##),
    (##"[{"op":"remove","path":"/resources"}]"##, ##"{"name":"c","resources":{}}"##),
    (##"[{"op":"add","path":"/nope","value":1}]"##, ##"{"name":"c","resources":{}}"##),
    (##"[{"op":"add","path":"/TTY","value":true}]"##, ##"{"name":"c","resources":{},"tty":true}"##),
    (##"[{"op":"add","path":"/\u017ftdin","value":true}]"##, ##"{"name":"c","resources":{},"stdin":true}"##),
    (
      ##"[{"op":"add","path":"/Image","value":"b"},{"op":"add","path":"/image","value":"a"}]"##,
      ##"{"name":"c","image":"a","resources":{}}"##
    ),
    (
      ##"[{"op":"replace","path":"","value":{"tty":false,"command":[],"name":null,"lifecycle":null}}]"##,
      ##"{"name":"","resources":{}}"##
    ),
    (
      ##"[{"op":"add","path":"/resources","value":{"limits":{"memory":1024,"cpu":"1000m","a":null}}}]"##,
      ##"{"name":"c","resources":{"limits":{"a":"0","cpu":"1","memory":"1024"}}}"##
    ),
    (
      ##"[{"op":"add","path":"/resources/requests","value":{"cpu":" 0.5 "}}]"##,
      ##"{"name":"c","resources":{"requests":{"cpu":"500m"}}}"##
    ),
    (
      ##"[{"op":"add","path":"/env","value":[{"name":"A","value":""},null,{"value":"b","x":1}]}]"##,
      ##"{"name":"c","env":[{"name":"A"},{"name":""},{"name":"","value":"b"}],"resources":{}}"##
    ),
    (
      ##"[{"op":"add","path":"/securityContext","value":{"runAsUser":0,"privileged":false}}]"##,
      ##"{"name":"c","resources":{},"securityContext":{"privileged":false,"runAsUser":0}}"##
    ),
    (
      ##"[{"op":"add","path":"/livenessProbe","value":{"httpGet":{"port":"http","httpHeaders":[{}]},"periodSeconds":0}}]"##,
      ##"{"name":"c","resources":{},"livenessProbe":{"httpGet":{"port":"http","httpHeaders":[{"name":"","value":""}]}}}"##
    ),
    (
      ##"[{"op":"add","path":"/startupProbe","value":{"tcpSocket":{},"grpc":{"port":5}}}]"##,
      ##"{"name":"c","resources":{},"startupProbe":{"tcpSocket":{"port":0},"grpc":{"port":5}}}"##
    ),
    (
      ##"[{"op":"add","path":"/restartPolicy","value":"Always"}]"##,
      ##"{"name":"c","resources":{},"restartPolicy":"Always"}"##
    ),
    (
      ##"[{"op":"add","path":"/env","value":[{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu"}}}]}]"##,
      ##"{"name":"c","env":[{"name":"R","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"0"}}}],"##
        + ##""resources":{}}"##
    ),
    (
      ##"[{"op":"add","path":"/volumeMounts","value":[{"mountPath":"/m","name":"v","readOnly":false}]}]"##,
      ##"{"name":"c","resources":{},"volumeMounts":[{"name":"v","mountPath":"/m"}]}"##
    ),
    (
      ##"[{"op":"add","path":"/ports","value":[{"containerPort":80,"protocol":"TCP","name":"web"}]}]"##,
      ##"{"name":"c","ports":[{"name":"web","containerPort":80,"protocol":"TCP"}],"resources":{}}"##
    ),
    (
      ##"[{"op":"add","path":"/lifecycle","value":{"preStop":{"sleep":{"seconds":5}},"stopSignal":"SIGINT"}}]"##,
      ##"{"name":"c","resources":{},"lifecycle":{"preStop":{"sleep":{"seconds":5}},"stopSignal":"SIGINT"}}"##
    ),
    // Of two spellings of one map, Go merges the second into the first.
    (
      ##"[{"op":"replace","path":"/resources","value":{"limits":{"cpu":"1"},"Limits":{"memory":"1Ki"}}}]"##,
      ##"{"name":"c","resources":{"limits":{"cpu":"1","memory":"1Ki"}}}"##
    ),
  ])
  func readBack(patch: String, container: String) throws {
    #expect(try outcome(patch) == container)
  }

  @Test(arguments: [
    (
      ##"[{"op":"add","path":"/image","value":1}]"##,
      "json: cannot unmarshal number into Go struct field Container.image of type string"
    ),
    (
      ##"[{"op":"add","path":"/env","value":"x"}]"##,
      "json: cannot unmarshal string into Go struct field Container.env of type []v1.EnvVar"
    ),
    (
      ##"[{"op":"add","path":"/env","value":[{"name":true}]}]"##,
      "json: cannot unmarshal bool into Go struct field EnvVar.env.name of type string"
    ),
    (
      ##"[{"op":"add","path":"/ports","value":[{"containerPort":99999999999}]}]"##,
      "json: cannot unmarshal number 99999999999 into Go struct field ContainerPort.ports.containerPort of type int32"
    ),
    (
      ##"[{"op":"replace","path":"","value":[]}]"##,
      "json: cannot unmarshal array into Go value of type v1.Container"
    ),
    (
      ##"[{"op":"add","path":"/livenessProbe","value":{"httpGet":{"port":1.5}}}]"##,
      "json: cannot unmarshal number 1.5 into Go value of type int32"
    ),
    (##"[{"op":"add","path":"/x","value":1},{"op":"frob"}]"##, "failed to apply JSON patch: Unexpected kind: frob"),
    (
      ##"[{"op":"replace","path":""}]"##,
      "failed to apply JSON patch: a `replace` of the whole container has no value, which ends the injector's webhook "
        + "with a crash"
    ),
  ])
  func refusals(patch: String, message: String) throws {
    #expect(try outcome(patch) == "error: \(message)")
  }

  /// A quantity that cannot be read weighs more than a wrong type before it.
  @Test func quantitiesAreRefusedFirst() throws {
    let patch =
      ##"[{"op":"add","path":"/image","value":1},{"op":"add","path":"/resources/limits","value":{"cpu":"x"}}]"##
    #expect(try outcome(patch).hasPrefix("error: quantities must match the regular expression"))
  }

  /// Operations as a list.
  private func patch(_ operations: [String]) -> String { "[\(operations.joined(separator: ","))]" }

  /// What copies its own copies is refused long before memory runs out, and so is what nests without end.
  @Test func isRefusedBeyondTheBudget() throws {
    let first = ##"{"op":"add","path":"/u","value":[1]}"##
    let doubling = repeatElement(##"{"op":"copy","from":"/u","path":"/u/-"}"##, count: 60)
    let copies = repeatElement(##"{"op":"copy","from":"/u","path":"/v"}"##, count: 6_000)
    let tooMuch = "error: failed to apply JSON patch: the operations of the patch copy or search far too much"
    #expect(try outcome(patch([first] + doubling)) == tooMuch)
    let list = (0..<500).map(String.init).joined(separator: ",")
    #expect(try outcome(patch([##"{"op":"add","path":"/u","value":[\##(list)]}"##] + copies)) == tooMuch)
    let additions = repeatElement(##"{"op":"add","path":"/u/-","value":1}"##, count: 6_000)
    #expect(try outcome(patch([first] + additions)) == tooMuch)
    let nested = (1...200).map { level in
      ##"{"op":"add","path":"/u\##(String(repeating: "/0", count: level))","value":[]}"##
    }
    let tooDeep = "error: failed to apply JSON patch: the patch nests lists and maps more than 128 levels deep"
    #expect(try outcome(patch([first] + nested)) == tooDeep)
  }

  /// As many operations as anybody writes are done.
  @Test func hundredsOfOperationsAreDone() throws {
    let first = ##"{"op":"add","path":"/args","value":["a"]}"##
    let operations = (0..<500).map { index in
      index.isMultiple(of: 2)
        ? ##"{"op":"copy","from":"/args/0","path":"/args/-"}"## : ##"{"op":"add","path":"/args/-","value":"b"}"##
    }
    let value = try ContainerPatch(patch([first] + operations)).apply(to: ["name": "c"])
    #expect(value["args"]?.array?.count == 501)
  }

  @Test(arguments: [
    // A copy is spelt by Go's encoder, a moved or added value as it was.
    (##"[{"op":"add","path":"/u","value":"<"},{"op":"test","path":"/u","value":"<"}]"##, true),
    (
      ##"[{"op":"add","path":"/u","value":"<"},{"op":"copy","from":"/u","path":"/v"},{"op":"test","path":"/v","value":"<"}]"##,
      false
    ),
    (
      ##"[{"op":"add","path":"/u","value":"\/\u003c\"\\"},{"op":"copy","from":"/u","path":"/v"},{"op":"test","path":"/v","value":"\/\u003c\"\\"}]"##,
      true
    ),
    // A null that was copied is an empty object to a test, and cannot be told from null otherwise.
    (##"[{"op":"add","path":"/u","value":null},{"op":"test","path":"/u","value":null}]"##, true),
    (
      ##"[{"op":"add","path":"/u","value":null},{"op":"copy","from":"/u","path":"/v"},{"op":"test","path":"/v","value":null}]"##,
      false
    ),
    (
      ##"[{"op":"add","path":"/u","value":null},{"op":"copy","from":"/u","path":"/v"},{"op":"test","path":"/v","value":{}}]"##,
      true
    ),
    (
      ##"[{"op":"add","path":"/u","value":null},{"op":"copy","from":"/u","path":"/v"},{"op":"remove","path":"/v/x"}]"##,
      false
    ),
    (##"[{"op":"test","path":"/resources","value":{"limits":null}}]"##, false),
    (
      ##"[{"op":"add","path":"/u","value":{"b":[1,{"c":null}],"a":1}},{"op":"test","path":"/u","value":{"a":1,"b":[1,{"c":null}]}}]"##,
      true
    ),
    (##"[{"op":"add","path":"/u","value":[null]},{"op":"test","path":"/u","value":[null]}]"##, false),
    (##"[{"op":"test","path":"","value":{"resources":{},"name":"c"}}]"##, true),
    (
      ##"[{"op":"test","path":"/~0~1","value":null},{"op":"add","path":"/~0~1","value":1},{"op":"test","path":"/~0~1","value":1}]"##,
      true
    ),
    (##"[{"op":"add","path":"/u","value":[]},{"op":"test","path":"/u/0"}]"##, false),
  ])
  func tests(patch: String, succeeds: Bool) throws {
    let outcome = try outcome(patch)
    #expect(outcome.hasPrefix("error") != succeeds, "\(outcome)")
  }
}

extension Value {
  /// Numbers as the same number is spelt elsewhere, and members in order.
  fileprivate var byMeaning: Value {
    switch self {
    case .number(let text): .number(Double(text)?.description ?? text)
    case .array(let elements): .array(elements.map(\.byMeaning))
    case .object(let members):
      .object(GoJSON.sorted(members.map { Member(key: $0.key, value: $0.value.byMeaning) }))
    default: self
    }
  }
}
