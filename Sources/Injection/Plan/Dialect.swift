public import ManifestText
public import Workloads

/// One injector's language of annotations, and what it makes of a pod that speaks it.
///
/// A dialect is a pure function from a pod and a configuration to changes: no input, no output, no globals.
public protocol Dialect: Sendable {
  /// The dialect's name on the command line.
  var name: String { get }

  /// Text that every document which asks for this dialect's injection holds, escapes in keys aside.
  var marker: String { get }

  /// The prefix of another injector whose annotations count as the dialect's own; nil where none do.
  var formerPrefix: String? { get }

  /// What stands before the slash in the dialect's annotations; empty for bare keys.
  var annotationPrefix: String { get }

  /// The annotations the dialect reads; to be asked for only where they are looked at, as they take their time to make.
  var annotations: AnnotationSchema { get }

  /// The full key of the annotation that keeps what undoing an injection needs.
  var recordKey: String { get }

  /// The full key of the annotation that asks for injection.
  var requestKey: String { get }

  /// The full key of the annotation that says a pod has been injected.
  var statusKey: String { get }

  /// What the volume is called that an injection brings where a pod mounts no service account's token.
  var tokenVolume: String { get }

  /// What the volume is called that an injection brings unless a pod brings one of that name itself; nil where there is
  /// none such.
  var sharedVolume: String? { get }

  /// The full key of the annotation that names a ConfigMap with the agents' configuration; nil where there is none.
  var configMapKey: String? { get }

  /// What containers and volumes of an injection are called, by which one is recognised.
  var injectedNames: [String] { get }

  /// The lists and maps that are the same in every pod, and mean the same wherever they stand in it.
  ///
  /// These very values are injected, and no copies of them, so that what is known of one need not be found out again.
  var constants: [Value] { get }

  /// True where values of variables such as `vault:secret/data/db#password` are replaced.
  var servesReferences: Bool { get }

  /// True where an injection leaves a record behind, without which it cannot be undone or refreshed.
  var keepsRecord: Bool { get }

  /// The same dialect for another thread: values that are injected again and again are its own, as threads that count
  /// references to the same ones wait for each other.
  func unshared() -> any Dialect

  /// What a pod says of itself, before anything else of it is looked at.
  /// - Throws: A `Diagnostic` where an annotation that says it cannot be read.
  func standing(of template: PodTemplate, namespace: String) throws(Diagnostic) -> PodStanding

  /// True for a text of the annotation that asks for injection which stands for no and does not say so.
  func isUnclear(request text: String) -> Bool

  /// What is to be said where the dialect's webhook still injects a pod that asks for what no webhook knows; nil for any
  /// other pod.
  /// - Throws: A `Diagnostic` where the pod is refused.
  func unknownToWebhook(in template: PodTemplate, namespace: String) throws(Diagnostic) -> Diagnostic?

  /// Plans the injection into a pod whose standing is `asking`.
  /// - Throws: A `Diagnostic` where the pod is refused; what was planned until then must not be written.
  func inject(
    into template: PodTemplate, namespace: String, plan: inout PodPlan
  ) throws(Diagnostic) -> InjectionOutcome.Summary
}

extension Dialect {
  /// The one in the schema.
  public var annotationPrefix: String { annotations.prefix }

  /// The key `injection` after the prefix.
  public var recordKey: String { annotations.recordKey }

  /// No other injector's annotations count unless a dialect says otherwise.
  public var formerPrefix: String? { nil }

  /// A full key of the dialect's, and the one of the other prefix that counts for it.
  func acceptedKeys(for key: String) -> [String] {
    guard let formerPrefix, let name = ByteText.rest(of: key, after: annotations.fullKey("")) else { return [key] }
    return [key, "\(formerPrefix)/\(name)"]
  }

  /// Every text is a yes, a no or a mistake unless a dialect says otherwise.
  public func isUnclear(request text: String) -> Bool { false }

  /// Every volume has a name of its own unless a dialect says otherwise.
  public var sharedVolume: String? { nil }

  /// Agents read no ConfigMap unless a dialect says otherwise.
  public var configMapKey: String? { nil }

  /// Nothing is the same in every pod unless a dialect says otherwise.
  public var constants: [Value] { [] }

  /// Values stay as they are unless a dialect says otherwise.
  public var servesReferences: Bool { false }

  /// A webhook knows all that pods ask for unless a dialect says otherwise.
  public func unknownToWebhook(in template: PodTemplate, namespace: String) throws(Diagnostic) -> Diagnostic? { nil }

  /// Injections leave a record behind unless a dialect says otherwise.
  public var keepsRecord: Bool { true }
}

/// What a pod says of itself to a dialect.
public enum PodStanding: Equatable, Sendable {
  /// It asks for injection and has not been injected.
  case asking
  /// It is to be left as it is.
  case leftAlone(InjectionOutcome.Reason)
}

/// What a dialect made of a pod.
public enum InjectionOutcome: Equatable, Sendable {
  /// Why a pod is left as it is.
  public enum Reason: String, Equatable, Sendable {
    /// Its annotations do not ask.
    case notAsked = "does not ask for injection"
    /// It says it has been injected.
    case alreadyInjected = "already injected"
    /// It is a pod whose containers have been started, and cannot change.
    case alreadyRunning = "already running"
    /// There is nothing injected that could be taken out.
    case notInjected = "not injected"
    /// It says it has been injected, and nothing says how.
    case injectedWithoutRecord = "already injected, by the webhook or with --exact: there is no record of it"
    /// It lives in a namespace of the system's own.
    case systemNamespace = "in a system namespace"
    /// It cannot be read, and nothing in it asks.
    case unreadable = "cannot be read, and nothing in this file asks for injection"
    /// It is what some program makes a manifest of.
    case template = "cannot be read before another program has filled in its {{ … }}"
    /// It is of no kind that makes pods.
    case notAWorkload = "not a workload"
    /// It asks for everything that it was to be made to ask for.
    case asksAlready = "asks for all of it already"
    /// The selection leaves it out.
    case notSelected = "not selected"
  }

  /// The names of what was added to a pod.
  public struct Summary: Equatable, Sendable {
    /// Init containers, in order.
    public var initContainers: [String] = []
    /// Containers, in order.
    public var containers: [String] = []
    /// Volumes, in order.
    public var volumes: [String] = []

    /// Nothing added.
    public init() {}
  }

  /// The names of what another injection changes, in the order of the pod's lists.
  public struct Changes: Equatable, Sendable {
    /// What is injected now and was not before.
    public var added: [String] = []
    /// What was injected and is not any more.
    public var removed: [String] = []
    /// What was injected and is injected otherwise now.
    public var changed: [String] = []
    /// In what they differ, by the names of those that changed.
    public var differences: [Difference] = []
    /// True where only what is known of the injection is written again.
    public var isOfRecordOnly = false

    /// What differs of one of them.
    public struct Difference: Equatable, Sendable {
      /// What it is called.
      public let name: String
      /// A value of it that is another now.
      public let change: ValueChange
      /// True where somebody changed what was injected, so that its former value may be anybody's secret.
      public let isByHand: Bool
    }

    /// These names; no change without any.
    public init(added: [String] = [], removed: [String] = [], changed: [String] = []) {
      (self.added, self.removed, self.changed) = (added, removed, changed)
    }
  }

  /// The pod is changed.
  case injected(Summary)
  /// The pod is left as it is.
  case skipped(Reason)
}

/// The changes planned for one pod, among those of its document, and what there is to say about them.
public struct PodPlan: Sendable {
  /// The changes planned for the document.
  public var edits: Edits
  /// Warnings and notes.
  public var findings: [Diagnostic] = []
  /// The address that nobody chose, once a pod is injected whose agents ask Vault there.
  package var assumedAddress: String?
  /// True where nobody asks for the changes, so that a dialect need not plan those it finds nothing by.
  package let wantsFindingsOnly: Bool
  /// The ConfigMaps of the same input.
  package let configMaps: InputConfigMaps

  /// Plans nothing yet.
  package init(edits: Edits, wantsFindingsOnly: Bool = false, beside configMaps: InputConfigMaps = .none) {
    self.edits = edits
    self.configMaps = configMaps
    self.wantsFindingsOnly = wantsFindingsOnly
  }
}
