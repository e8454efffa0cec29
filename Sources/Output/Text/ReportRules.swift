package import ManifestText

/// What is said about a run as a whole, and what became of objects.
extension Rule {
  package static let reporting = [
    injected, refreshed, uninjected, converted, notInjected, staleInjection, notConverted, annotated, notAnnotated,
    fixed, notFixed, nothingInjected, nothingSelected, unknownKind, outputFailed, usage,
  ]

  package static let injected = Rule(
    fault: "injected", as: .note, "The object's pods were injected.",
    "Containers, volumes and mounts were added.")
  package static let refreshed = Rule(
    fault: "refreshed", as: .note, "An injection was brought up to date.",
    "What was injected before gave way to what is injected now.")
  package static let uninjected = Rule(
    fault: "uninjected", as: .note, "An injection was taken out.",
    "The object is as it was before.")
  package static let converted = Rule(
    fault: "converted", as: .note, "Annotations are another injector's now.",
    "They mean the same to it.")
  package static let notInjected = Rule(
    fault: "not-injected", "An object asks for injection and is not injected.",
    "A check found it; applied like this, its pods start without secrets unless a webhook injects them.")
  package static let staleInjection = Rule(
    fault: "stale-injection", "An object was injected with another configuration or other annotations.",
    "What is in the manifest is not what would be injected now.")
  package static let notConverted = Rule(
    fault: "not-converted", "An object has annotations that are to be converted.",
    "A check of `convert` found it.")
  package static let annotated = Rule(
    fault: "annotated", as: .note, "Pods were made to ask for secrets.",
    "Their annotations ask; an injection gives them the agents.")
  package static let notAnnotated = Rule(
    fault: "not-annotated", "An object does not ask for all that it is to ask for.",
    "A check of `annotate` found it.")
  package static let nothingInjected = Rule(
    fault: "nothing-injected", "None of the selected objects is injected.",
    "`--require-injection` asks for one at least.")
  package static let nothingSelected = Rule(
    fault: "nothing-selected", "No object is selected, or none has one of the names.",
    "A selection that meets nothing is often a misspelt name.")
  package static let unknownKind = Rule(
    fault: "unknown-kind", "A kind is not known to make pods, or the cluster has no such kind.",
    "Files are not rewritten, and clusters not changed, on a guess.")
  package static let outputFailed = Rule(
    fault: "output-failed", "A result could not be written.",
    "What was to be written is lost or only half there; files are replaced as a whole or not at all.")
  package static let usage = Rule(
    fault: "usage", "The command line cannot be carried out as it is written.",
    "Nothing was read or written.")
  package static let fixed = Rule(
    fault: "fixed", as: .note, "What was found in an object was put right.",
    "Only what has one right answer is.")
  package static let notFixed = Rule(
    fault: "not-fixed", "An object has findings that can be put right.", "A check found it; lint --fix does it.")
}
