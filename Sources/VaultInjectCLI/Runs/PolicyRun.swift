internal import Cluster
internal import Injection
internal import ManifestText
internal import Output
internal import Platform
internal import Workloads

/// Whose policies a run is to write, and where they go.
struct PolicyPlan {
  enum Destination {
    case output(PolicyFormat)
    /// A file for each policy.
    case folder(String)

    /// True where something is read even of nothing.
    fileprivate var isForMachines: Bool { if case .output(.json) = self { true } else { false } }
  }

  let configurations: Configurations
  /// The namespace of objects that name none; nil where the command line has none.
  let namespace: String?
  let selection: Selection
  /// The program that speaks to Vault.
  let program: String
  let inputs: TransformPlan.Inputs
  let draft: PolicyDraft
  let lifetime: TokenLifetime
  let destination: Destination
  /// Asks Vault for the versions of KV engines; nil where that is not wanted.
  let engines: EngineInquiry?
}

/// Gathers what the pods of the inputs ask, and writes the policies when all of them have been read: of a role that other
/// pods have in common, half the pods tell half the policy.
struct PolicyRun: ~Copyable {
  private let plan: PolicyPlan
  private var draft: PolicyDraft
  private var report: Report
  private var engines: EngineInquiry?
  private var mounts: MountAccount
  private var isEmpty = true

  init(_ plan: PolicyPlan, report: consuming Report) {
    self.plan = plan
    self.report = report
    draft = plan.draft
    mounts = MountAccount(draft.versions)
    engines = plan.engines
  }

  /// The whole run.
  consuming func all() -> Ending {
    do throws(Fault) {
      var inputs = try ConfiguredInputs(plan.inputs, plan.configurations, &report)
      while let (source, loaded) = inputs.next(&report) { read(source, with: loaded) }
      report.settleSelection()
      if report.failure == nil { try write() }
    } catch {
      report.fail(error)
    }
    return report.finish()
  }

  // MARK: Reading

  private mutating func read(_ source: SourceText, with loaded: LoadedConfiguration) {
    let reader = loaded.accessReader(namespace: plan.namespace, selection: plan.selection).informed(by: source)
    let lines = LineIndex(source)
    var result = DocumentPipeline.Result()
    do throws(Diagnostic) {
      for piece in try DocumentStream(source) where reader.mayConcern(piece.range, of: source) {
        for object in reader.read(try Document(piece, of: source)) {
          result.objects.append(take(object, loaded.policy, lines))
        }
      }
    } catch {
      result.findings.append(error)
    }
    result.isRefused = (result.findings + result.objects.flatMap(\.refusals)).contains { $0.severity == .error }
    report.add(ReportEntry(result, of: source))
  }

  /// Notes what the pods of an object ask; the object with what is to be said of it.
  private mutating func take(_ object: ObjectAccess, _ policy: FindingPolicy, _ lines: LineIndex) -> ObjectPlan {
    var plan = object.lookedAt
    guard let offset = plan.offset, let manifest = plan.object else { return plan }
    let workload = PolicyWorkload(
      name: manifest.displayName, namespace: object.namespace, location: lines.location(of: offset))
    do throws(Diagnostic) {
      var findings: [Diagnostic] = []
      for pod in object.pods {
        isEmpty = false
        for path in pod.requests.compactMap(\.requestedPath) { mounts.note(path) }
        askForEngines(of: pod)
        findings += try draft.add(pod, of: workload) { lines.location(of: $0.lowerBound) }
      }
      let verdict = policy.verdict(on: findings)
      plan.findings = verdict.findings
      if let refusal = verdict.refusal { plan.outcome = .refused(refusal) }
    } catch {
      plan.outcome = .refused(error)
    }
    return plan
  }

  /// Asks Vault about the engines of a pod's paths; where it does not answer, nothing further is asked or written.
  private mutating func askForEngines(of pod: VaultAccess) {
    guard let login = pod.login else { return }
    do throws(Fault) {
      for path in pod.requests.compactMap(\.requestedPath) where draft.needsEngine(of: path) {
        let engine = try engines?.kvEngine(of: path.text, inVaultNamespace: login.vaultNamespace)
        if let engine { draft.take(engine.version == 2 ? .two : .one, ofEngineAt: engine.mount) }
      }
    } catch {
      engines = nil
      report.fail(error)
    }
  }

  // MARK: Writing

  private mutating func write() throws(Fault) {
    if isEmpty { report.add(.nothingToAllow) }
    guard !isEmpty || plan.destination.isForMachines else { return }
    let (policies, gaps, findings) = draft.policies()
    for finding in (findings + mounts.findings).compactMap(plan.configurations.base.policy.judged) {
      report.add(finding)
    }
    guard report.failure == nil else { return }
    let papers = PolicyPapers(policies: policies, gaps: gaps, lifetime: plan.lifetime, program: plan.program)
    switch plan.destination {
    case .output(let format): try deliver(format.text(of: papers))
    case .folder(let folder): try deliver(papers.written(to: folder).map { "\($0)\n" }.joined())
    }
  }

  private func deliver(_ text: String) throws(Fault) {
    var output = OutputBuffer()
    output.append(text)
    do throws(OutputError) {
      try output.write()
    } catch {
      throw Fault(error)
    }
  }
}

extension PolicyPapers {
  /// Writes a file for each policy, all of them or none; their paths.
  fileprivate func written(to folder: String) throws(Fault) -> [String] {
    do throws(SystemError) {
      var files = try NewFiles(in: folder)
      do throws(SystemError) {
        for file in self.files { try files.add(Array(file.text.utf8), as: file.name) }
        try files.commit()
      } catch {
        files.discard()
        throw error
      }
    } catch {
      throw Fault(OutputError(folder, error))
    }
    return files.map { folder.utf8.last == UInt8(ascii: "/") ? folder + $0.name : "\(folder)/\($0.name)" }
  }
}
