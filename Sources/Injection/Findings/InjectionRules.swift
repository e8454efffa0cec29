package import ManifestText

extension Rule {
  /// Every rule about pods in manifests, whatever the dialect.
  package static let manifests =
    annotations + podSources + values + files + requests + environment + templates + hashiCorp + talend

  /// Those whose findings can be dropped.
  package static let ignorable = manifests.filter(\.isIgnorable)
}

/// What refuses an injection, its undoing or a conversion, whatever the dialect.
extension Rule {
  package static let injection = [
    twoDialects, injectedChanged, recordDamaged, recordVersion, noRecord, conversionOfInjected, notConvertible,
    cannotAsk, vaultNeeds, webhookConfig, talendRefusal, hashicorpRefusal, invalidSetting, unknownSetting,
    invalidConfiguration, unknownName,
  ]

  package static let twoDialects = Rule(
    fault: "two-dialects", "A pod asks two injectors for injection.",
    "Both would add containers and volumes of the same names, and each webhook only knows of its own.")
  package static let injectedChanged = Rule(
    fault: "injected-changed", "What was injected was changed by hand.",
    "Taking it out would lose the change, so nothing is done.")
  package static let recordDamaged = Rule(
    fault: "record-damaged", "The record of an injection was changed by hand.",
    "It no longer tells what was injected, and what was there before.")
  package static let recordVersion = Rule(
    fault: "record-version", "The record of an injection is of a version this program does not know.",
    "A newer release wrote it.")
  package static let noRecord = Rule(
    fault: "no-record", "A pod was injected, and nothing tells how.",
    "Only what this program injected without `--exact` leaves a record behind.")
  package static let conversionOfInjected = Rule(
    fault: "conversion-of-injected", "A pod is to be converted that has been injected.",
    "Only what asks for an injection is converted; take the injection out first.")
  package static let notConvertible = Rule(
    fault: "not-convertible", "An annotation means something the other injector has no annotation for.",
    "Leaving it out would silently change what the pod gets.")
  package static let cannotAsk = Rule(
    fault: "cannot-ask", "A pod cannot be made to ask for what is wanted.",
    "It asks for something else already, nothing makes a pod, or the injector has no annotation for it.")
  package static let vaultNeeds = Rule(
    fault: "vault-needs", as: .note, "Vault has to allow what annotations ask for.",
    "Agents get nothing from a role or a path that Vault does not know; `policy` writes both.")
  package static let webhookConfig = Rule(
    fault: "webhook-config", "A webhook's configuration cannot be used.",
    "Its five files are read as the webhook reads them.")
  package static let talendRefusal = Rule(
    fault: "talend-refusal", in: "talend", "Talend's webhook refuses the pod.",
    "The message is the webhook's own, word for word: in a cluster the pod would not be created.")
  package static let hashicorpRefusal = Rule(
    fault: "hashicorp-refusal", in: "hashicorp", "HashiCorp's webhook refuses the pod.",
    "The message after our own words is the webhook's: in a cluster the pod would not be created.")
  package static let invalidSetting = Rule(
    fault: "invalid-setting", "A setting has a value it cannot have.",
    "Injecting with another value than was meant would change every pod.")
  package static let unknownSetting = Rule(
    fault: "unknown-setting", "There is no setting of that name.",
    "A misspelt setting would silently keep its default.")
  package static let invalidConfiguration = Rule(
    fault: "invalid-configuration", "A configuration file is not a map of settings.",
    "Nothing of it can be used.")
  package static let unknownName = Rule(
    fault: "unknown-name", "There is nothing of that name to be explained.",
    "`explain annotation`, `explain setting` and `explain rule` list what there is.")
}
