/// Why a text cannot be read, or not be edited.
extension Rule {
  package static let reading = [
    yamlSyntax, jsonSyntax, helmTemplate, encoding, byteOrderMark, tooLarge, outOfMemory, tooDeep, aliasBomb,
    duplicateKey, number, tag, mergeKey, mapKey, wrongType, formerText, internalMistake,
  ]

  package static let yamlSyntax = Rule(
    fault: "yaml-syntax", "The text is not YAML.",
    "Nothing can be told of a manifest that cannot be read, and kubectl refuses it as well.")
  package static let jsonSyntax = Rule(
    fault: "json-syntax", "The text is not JSON.",
    "What begins with a brace is read as JSON, as kubectl does; its grammar has no comments and no trailing commas.")
  package static let helmTemplate = Rule(
    fault: "helm-template", "The text is a Helm template that was never rendered.",
    "Braces stand where YAML expects a value; only what `helm template` prints is a manifest.")
  package static let encoding = Rule(
    fault: "encoding", "The text is not UTF-8.",
    "Manifests are UTF-8; everything else is read as other characters than were meant, or not at all.")
  package static let byteOrderMark = Rule(
    fault: "byte-order-mark", "A byte order mark stands where an edit would move it into a line.",
    "It is invisible, and would become part of a key or value.")
  package static let tooLarge = Rule(
    fault: "too-large", "The input or the object is larger than can be handled.",
    "The API server and this program have bounds, and a text beyond them is not a manifest somebody wrote.")
  package static let outOfMemory = Rule(
    fault: "out-of-memory", "There is not enough memory to read the document.",
    "Nothing was written.")
  package static let tooDeep = Rule(
    fault: "too-deep", "Lists and maps are nested deeper than any manifest needs.",
    "Depth is bounded so that a hostile document cannot exhaust the stack; no Kubernetes object comes near the bound.")
  package static let aliasBomb = Rule(
    fault: "alias-bomb", "The aliases of the document expand to far more than is written.",
    "A few lines can stand for gigabytes; kubectl refuses such documents too.")
  package static let duplicateKey = Rule(
    fault: "duplicate-key", "A key occurs twice in one map.",
    "Tools disagree on which of the two counts, so what is applied may not be what was read.")
  package static let number = Rule(
    fault: "number", "A number is beyond what can be stored.",
    "The API server would store another one.")
  package static let tag = Rule(
    fault: "tag", "A value is not what its tag says.",
    "kubectl refuses it too.")
  package static let mergeKey = Rule(
    fault: "merge-key", "A merge key names something that is no map.",
    "`<<` takes a map, or a list of maps, whose keys it brings in.")
  package static let mapKey = Rule(
    fault: "map-key", "A key is a list, a map or null.",
    "Keys of Kubernetes objects are text.")
  package static let wrongType = Rule(
    fault: "wrong-type", "A value has another type than its field takes.",
    "The API server refuses the object.")
  package static let formerText = Rule(
    fault: "former-text", "What stood here before the injection cannot be put back in JSON.",
    "It used an anchor, which JSON has none of.")
  package static let internalMistake = Rule(
    fault: "internal", "This program made a mistake, and noticed it.",
    "What would be written is read again and compared with the plan; where the two differ nothing is written.")
}
