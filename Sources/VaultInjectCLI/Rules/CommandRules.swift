internal import Cluster
internal import Output
internal import Workloads
internal import Injection
internal import KubernetesAPI
package import ManifestText

/// Why inputs, options and files cannot be used.
extension Rule {
  package static let commands = [
    noInput, emptyInputName, standardInputTwice, kustomizationNotAlone, noSuchFile, unreadableInput, noManifests,
    noMatch, webPage, kubectlMissing, helmMissing, kustomizeFailed, helmFailed, invalidParameter,
    internalError, emptyOption, foreignConfiguration, unknownCommand, misspeltTemplate, containerNotFound,
    noManifest, incompleteManifest, nothingRewritten,
    hardLink, nothingToExplain, adopted, adoptedTwice, guardNamespaces,
    unfitImageConfig,
  ]

  package static let noInput = Rule(
    fault: "no-input", "No manifest is named.",
    "There is nothing to work on.")
  package static let emptyInputName = Rule(
    fault: "empty-input-name", "An input is named by an empty text.",
    "A variable of a script may be empty.")
  package static let standardInputTwice = Rule(
    fault: "standard-input-twice", "Standard input is named twice.",
    "It can be read only once.")
  package static let kustomizationNotAlone = Rule(
    fault: "kustomization-not-alone", "A kustomization is named together with files.",
    "Whose order would count is not clear.")
  package static let noSuchFile = Rule(
    fault: "no-such-file", "A file or folder does not exist.",
    "Nothing was read.")
  package static let unfitImageConfig = Rule(
    fault: "unfit-image-config", "What is to tell what images start does not.",
    "A container without a command is started with its secrets by what its image starts.")
  package static let unreadableInput = Rule(
    fault: "unreadable-input", "An input cannot be read.",
    "The system's reason is told.")
  package static let noManifests = Rule(
    fault: "no-manifests", "A folder has no manifests.",
    "Files that end in .json, .yaml or .yml are read.")
  package static let noMatch = Rule(
    fault: "no-match", "No file matches a pattern.",
    "An unmatched pattern is often a misspelt name.")
  package static let webPage = Rule(
    fault: "web-page", "A server sent a web page instead of a manifest.",
    "The address is that of a page about the file.")
  package static let kubectlMissing = Rule(
    fault: "kubectl-missing", "kubectl is not on PATH.",
    "`-k` runs kubectl kustomize.")
  package static let helmMissing = Rule(
    fault: "helm-missing", "helm is not on PATH.",
    "A folder with a chart is rendered with it.")
  package static let kustomizeFailed = Rule(
    fault: "kustomize-failed", "kubectl kustomize failed.",
    "The words are its own.")
  package static let helmFailed = Rule(
    fault: "helm-failed", "helm failed.",
    "The words are its own.")
  package static let invalidParameter = Rule(
    fault: "invalid-parameter", "A parameter of Argo CD cannot be used.",
    "Parameters come from the application's manifest.")
  package static let internalError = Rule(
    fault: "internal-error", "The description of the command line cannot be read.",
    "This is a mistake of this program.")
  package static let emptyOption = Rule(
    fault: "empty-option", "The value of an option is empty.",
    "A variable of a script may be empty.")
  package static let foreignConfiguration = Rule(
    fault: "foreign-configuration", "A configuration file belongs to somebody else, or others may write it.",
    "It decides what is injected, so it is used only where it is named.")
  package static let unknownCommand = Rule(
    fault: "unknown-command", "There is no such command.",
    "A misspelt command would be read as a file's name.")
  package static let misspeltTemplate = Rule(
    fault: "misspelt-template", as: .warning, "A template is given nearly the name of a secret that has none.",
    "The secret and the template make two files.")
  package static let containerNotFound = Rule(
    fault: "container-not-found", as: .warning, "An option names a container that no pod of the input has.",
    "What it says of the container has no effect.")
  package static let noManifest = Rule(
    fault: "no-manifest", as: .note, "An input, or a part of it, is no manifest, and is passed over.",
    "Argo CD takes manifests only, and templates say nothing before they are filled in.")
  package static let incompleteManifest = Rule(
    fault: "incomplete-manifest", "A manifest has no kind or no apiVersion.",
    "Argo CD would refuse all of it.")
  package static let nothingRewritten = Rule(
    fault: "nothing-rewritten", as: .note, "No file was rewritten.",
    "All files that are named have to exist.")
  package static let hardLink = Rule(
    fault: "hard-link", as: .warning, "A file that is rewritten has another name.",
    "The other name leads to the old content.")
  package static let adopted = Rule(
    fault: "adopted", as: .note, "A change by hand was written into the configuration.",
    "What others inject with the same file changes with it.")
  package static let adoptedTwice = Rule(
    fault: "adopted-twice", "A change by hand cannot be written into the configuration.",
    "Something else decides about the same setting.")
  package static let nothingToExplain = Rule(
    fault: "nothing-to-explain", as: .note, "No object of the input makes pods, or none is selected.",
    "Only pods are injected.")
  package static let guardNamespaces = Rule(
    fault: "guard-namespaces", as: .warning, "Settings of a namespace would make another guard.",
    "It would refuse what is injected there by these settings.")
}

extension Rule {
  /// Every rule there is: the tables of all targets.
  package static let all =
    manifests + injection + policies + workloads + reading + commands + reporting + access + transport + cluster
    + preflight + guards
}
