package import ManifestText

/// What an API server, or the way to it, answers.
extension Rule {
  package static let cluster = [
    noServiceAccount, namespaceTerminating, quota, limitRange, noPriorityClass, noRuntimeClass, forbidden,
    admissionPolicy, initOrder, takenOver, namespaceMismatch, invalidName, objectTwice, notMigrated, notKept,
    perhapsDeleted, deleted, beingDeleted, interrupted, unauthorized, speaksTls, noObject, generateName, externalDiff,
    endlessList, answer, noObjects, notListed, notRead, notFound, immutable, stillInjected, comesWithInput, noNamespace,
    fieldConflict, conflict, methodNotAllowed, noServerSideApply, clusterBusy, clusterUnavailable, clusterSlow,
    clusterFault, invalid, duplicateElement, unknownField, webhookDryRun, webhook, refusedByCluster, noPods,
    serverWarning, foreignContainers, setParent, setMember, notPruned, notReady, notWaitedFor,
  ]

  package static let noServiceAccount = Rule(
    fault: "no-service-account", "The service account of a pod does not exist.",
    "The API server creates no pods without it.")
  package static let namespaceTerminating = Rule(
    fault: "namespace-terminating", "The namespace is being deleted.",
    "Nothing can be created in it.")
  package static let quota = Rule(
    fault: "quota", "A quota of the namespace is exceeded.",
    "The API server refuses what goes beyond it; injected containers count too.")
  package static let limitRange = Rule(
    fault: "limit-range", "A limit range of the namespace is not kept.",
    "It bounds what one container or pod may ask for.")
  package static let noPriorityClass = Rule(
    fault: "no-priority-class", "The priority class of a pod does not exist.",
    "The API server refuses the pod.")
  package static let noRuntimeClass = Rule(
    fault: "no-runtime-class", "The runtime class of a pod does not exist.",
    "The API server refuses the pod.")
  package static let forbidden = Rule(
    fault: "forbidden", "The user may not do this.",
    "The cluster's RBAC does not allow it.")
  package static let admissionPolicy = Rule(
    fault: "admission-policy", "A policy of the cluster refuses the object.",
    "A ValidatingAdmissionPolicy judged it.")
  package static let initOrder = Rule(
    fault: "init-order", as: .warning, "The server keeps the init containers in another order.",
    "Containers that need the secrets may start before them.")
  package static let takenOver = Rule(
    fault: "taken-over", as: .note, "Fields of another field manager are taken over.",
    "They are removed from the object where the manifest has them no longer.")
  package static let namespaceMismatch = Rule(
    fault: "namespace-mismatch", "An object names another namespace than the command line.",
    "kubectl refuses that too.")
  package static let invalidName = Rule(
    fault: "invalid-name", "A name cannot be that of any object.",
    "The API server would refuse it, or understand the request otherwise.")
  package static let objectTwice = Rule(
    fault: "object-twice", "One object stands twice in the input.",
    "The second would overwrite the first.")
  package static let notMigrated = Rule(
    fault: "not-migrated", as: .warning, "Fields that `kubectl apply` owns could not be taken over.",
    "Fields that are gone from the manifest may stay in the cluster.")
  package static let notKept = Rule(
    fault: "not-kept", "An object to be replaced could not be kept.",
    "It is not deleted before it can be put back.")
  package static let perhapsDeleted = Rule(
    fault: "perhaps-deleted", "An object may have been deleted, and not created again.",
    "The connection broke off in between.")
  package static let deleted = Rule(
    fault: "deleted", "An object was deleted, and is not there again.",
    "The manifest that was kept brings it back.")
  package static let beingDeleted = Rule(
    fault: "being-deleted", "An object is being deleted.",
    "Something holds its deletion back, such as a finalizer.")
  package static let interrupted = Rule(
    fault: "interrupted", "The run was interrupted.",
    "What was under way is told object by object.")
  package static let unauthorized = Rule(
    fault: "unauthorized", "The API server does not take the credentials.",
    "They may have expired.")
  package static let speaksTls = Rule(
    fault: "speaks-tls", "The API server speaks TLS, and was asked without it.",
    "Credentials are sent over TLS only.")
  package static let noObject = Rule(
    fault: "no-object", "A document is no Kubernetes object.",
    "Only objects can be sent to an API server.")
  package static let generateName = Rule(
    fault: "generate-name", "An object without a fixed name is to be applied.",
    "It would be another one each time.")
  package static let externalDiff = Rule(
    fault: "external-diff", "The program that shows differences failed.",
    "`KUBECTL_EXTERNAL_DIFF` names it.")
  package static let endlessList = Rule(
    fault: "endless-list", "The API server's list does not end.",
    "It leads to the same page again and again.")
  package static let answer = Rule(
    fault: "answer", "An answer of the API server cannot be read.",
    "It was cut short, or something else answered.")
  package static let noObjects = Rule(
    fault: "no-objects", "The cluster has no such objects.",
    "Nothing was done.")
  package static let notListed = Rule(
    fault: "not-listed", "Objects cannot be listed.",
    "The user may not, or the list expired.")
  package static let notRead = Rule(
    fault: "not-read", "An object cannot be read.",
    "The user may not.")
  package static let notFound = Rule(
    fault: "not-found", "The cluster has no such object.",
    "Nothing was done.")
  package static let immutable = Rule(
    fault: "immutable", "A field cannot be changed once the object exists.",
    "The object has to be deleted and created again.")
  package static let stillInjected = Rule(
    fault: "still-injected", "An object is still injected after its undoing.",
    "Another field manager owns what was injected.")
  package static let comesWithInput = Rule(
    fault: "comes-with-input", as: .note, "An object could not be tried out.",
    "What it needs comes with the same input.")
  package static let noNamespace = Rule(
    fault: "no-namespace", "The namespace does not exist.",
    "Objects are created in namespaces that exist.")
  package static let fieldConflict = Rule(
    fault: "field-conflict", "Another field manager owns a field.",
    "The API server leaves its value to it.")
  package static let conflict = Rule(
    fault: "conflict", "An object was changed at the same moment.",
    "Nothing of it was written.")
  package static let methodNotAllowed = Rule(
    fault: "method-not-allowed", "The kind cannot be changed this way.",
    "What serves it does not offer it.")
  package static let noServerSideApply = Rule(
    fault: "no-server-side-apply", "The kind takes no server-side apply.",
    "What serves it is older.")
  package static let clusterBusy = Rule(
    fault: "cluster-busy", "The API server is too busy.",
    "It asks to be left alone for a moment.")
  package static let clusterUnavailable = Rule(
    fault: "cluster-unavailable", "The API server, or what serves the kind for it, is not available.",
    "Nothing was done.")
  package static let clusterSlow = Rule(
    fault: "cluster-slow", "The API server took too long.",
    "What it did meanwhile is not known.")
  package static let clusterFault = Rule(
    fault: "cluster-fault", "The API server, or something behind it, failed.",
    "The fault is in the cluster.")
  package static let invalid = Rule(
    fault: "invalid", "The API server refuses an object as invalid.",
    "The words are the server's.")
  package static let duplicateElement = Rule(
    fault: "duplicate-element", "A list has two elements of one key.",
    "The API server tells elements apart by it.")
  package static let unknownField = Rule(
    fault: "unknown-field", "A kind has no such field.",
    "A misspelt field would silently be dropped.")
  package static let webhookDryRun = Rule(
    fault: "webhook-dry-run", "A webhook cannot be asked without effect.",
    "The server refuses dry runs where one of its webhooks might do something.")
  package static let webhook = Rule(
    fault: "webhook", "A webhook of the cluster refuses the object.",
    "The words are the webhook's.")
  package static let refusedByCluster = Rule(
    fault: "refused-by-cluster", "The API server refuses an object.",
    "The words are the server's.")
  package static let noPods = Rule(
    fault: "no-pods", as: .note, "Nothing in the input makes pods.",
    "There is nothing to be verified.")
  package static let serverWarning = Rule(
    fault: "server-warning", as: .warning, "The API server warns of something.",
    "The words are the server's.")
  package static let setParent = Rule(
    fault: "set-parent", "The object that `--applyset` names cannot keep the set.",
    "Nothing is applied, as what it would leave behind could not be found again.")
  package static let setMember = Rule(
    fault: "set-member", "An object bears the label of another set.",
    "It would be pruned with that one.")
  package static let notPruned = Rule(
    fault: "not-pruned", "What is gone from the manifests is still in the cluster.",
    "It stays a member of the set, and is pruned by a later run.")
  package static let notReady = Rule(
    fault: "not-ready", "A workload is not ready.",
    "Its pods do not run as they should, or not yet.")
  package static let notWaitedFor = Rule(
    fault: "not-waited-for", as: .note, "A workload can never be ready, or nobody knows when it is.",
    "`--wait` does not wait for it.")
  package static let foreignContainers = Rule(
    fault: "foreign-containers", as: .note, "The cluster adds containers to the pods.",
    "Other webhooks do; some must run before the agent does.")
}
