// swift-tools-version: 6.2
import PackageDescription

/// Strictness shared by every Swift target: warnings stop the build, and unsafe code is spelt out.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .unsafeFlags(["-Xfrontend", "-require-explicit-sendable"]),
  // The compiler writes generic types as names, which the program would look up at each start, going through all
  // conformances it holds: a third of the instructions for one manifest, against 0.4 % more program.
  .unsafeFlags(
    ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release)),
]

/// Tests speak to unsafe interfaces of the platform freely, and are otherwise as strict.
let tests: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny"),
]

/// What is told of a target to those who use the program lies in its folder.
let guide = ["README.md"]

/// The commit that is built, which plugin/release.sh tells.
///
/// SwiftPM knows it too, but may tell an old one: it keeps what this file says for as long as the file and the
/// environment stay the same.
let commit = Context.environment["VAULT_INJECT_COMMIT"] ?? ""

let package = Package(
  name: "kubectl-vault-inject",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "kubectl-vault-inject", targets: ["kubectl-vault-inject"])
  ],
  // What the product does without, and why:
  // - FoundationEssentials in its own targets, though swift-argument-parser links it: its Base64 takes neither the
  //   letters of URLs nor absent padding, which tokens have, and its ISO 8601 refuses the small t and z of RFC 3339. We
  //   would keep readers of our own beside it; now these are all there is, 76 and 46 lines that go over bytes.
  //   Foundation itself brings ICU: 59 MB of program instead of 15, and 2 ms more at each start.
  // - Yams: reads 4 MB/s, and loses comments and flow style.
  // - swift-system: has no polling, processes, signals or extended attributes, nor what replaces a file in one step
  //   (O_TMPFILE, linkat, an exchanging rename), so that Platform would keep its own calls beside it.
  // - swift-subprocess, AsyncHTTPClient: bring concurrency's runtime, and SwiftNIO, to every start. libcurl is opened
  //   only when a cluster is asked.
  dependencies: [
    // The command line: parsing, help, completion scripts.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Tests only: an independent judge of what a YAML text means.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    // Headers come from libcurl4-openssl-dev; the library itself is opened on first use.
    .target(name: "CCurl"),
    // What Swift does not see of the system, or every system spells in its own way.
    .target(name: "CFiles"),
    // Lets a release run with older versions of glibc than that of the machine it is built on.
    .target(name: "CGlibcFloor"),
    // What is known only when the program is built.
    .target(name: "CBuild", cSettings: [.define("VAULT_INJECT_COMMIT", to: "\"\(commit)\"")]),
    // The one door to the C library, which every system calls by another name.
    .target(name: "LibC", swiftSettings: strict),
    // Files, processes, signals, clocks and terminals.
    .target(name: "Platform", dependencies: ["CFiles", "LibC"], swiftSettings: strict),
    // Work that several threads do.
    .target(name: "Threads", dependencies: ["CFiles", "LibC"], swiftSettings: strict),
    .target(name: "ManifestText", dependencies: ["CLibYAML", "LibC"], swiftSettings: strict),
    // What Vault's agent makes of its templates; nothing of Kubernetes.
    .target(name: "AgentTemplates", dependencies: ["ManifestText"], swiftSettings: strict),
    .target(name: "Workloads", dependencies: ["ManifestText"], swiftSettings: strict),
    .target(
      name: "Injection", dependencies: ["AgentTemplates", "ManifestText", "Threads", "Workloads"],
      exclude: guide, swiftSettings: strict),
    .target(name: "KubernetesAPI", dependencies: ["CCurl", "LibC", "ManifestText", "Platform"], swiftSettings: strict),
    // What a client asks Vault; nothing of manifests.
    .target(name: "VaultAPI", dependencies: ["KubernetesAPI", "ManifestText"], swiftSettings: strict),
    // What is shown and reported, and the one door to standard output and standard error.
    .target(
      name: "Output", dependencies: ["CBuild", "Injection", "KubernetesAPI", "ManifestText", "Platform", "Workloads"],
      swiftSettings: strict),
    // What is asked of a cluster, and what is made of its answers.
    .target(
      name: "Cluster",
      dependencies: ["Injection", "KubernetesAPI", "ManifestText", "Output", "Platform", "VaultAPI", "Workloads"],
      exclude: guide, swiftSettings: strict),
    .target(
      name: "VaultInjectCLI",
      dependencies: [
        "Cluster", "Injection", "KubernetesAPI", "LibC", "ManifestText", "Output", "Platform", "Threads", "VaultAPI",
        "Workloads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: guide, swiftSettings: strict),
    // Runs inside pods, where an application's image has no shell; see plugin/Containerfile.vaultinjector-env.
    .executableTarget(name: "vaultinjector-env"),
    .executableTarget(
      name: "kubectl-vault-inject", dependencies: ["CGlibcFloor", "VaultInjectCLI"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["ManifestText"], path: "Tests/TestSupport",
      swiftSettings: tests),
    .target(
      name: "ClusterTestSupport", dependencies: ["KubernetesAPI", "ManifestText"], path: "Tests/ClusterTestSupport",
      swiftSettings: tests),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: tests),
    .testTarget(
      name: "ManifestTextTests",
      dependencies: ["ManifestText", "TestSupport", .product(name: "Yams", package: "Yams")],
      swiftSettings: tests),
    .testTarget(
      name: "AgentTemplatesTests", dependencies: ["AgentTemplates", "ManifestText", "TestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "WorkloadsTests", dependencies: ["ManifestText", "TestSupport", "Workloads"], swiftSettings: tests),
    .testTarget(
      name: "InjectionTests",
      dependencies: [
        "AgentTemplates", "Injection", "ManifestText", "Output", "TestSupport", "VaultInjectCLI", "Workloads",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: tests),
    .testTarget(
      name: "KubernetesAPITests", dependencies: ["KubernetesAPI", "TestSupport"], swiftSettings: tests),
    .testTarget(
      name: "VaultAPITests",
      dependencies: ["ClusterTestSupport", "KubernetesAPI", "ManifestText", "TestSupport", "VaultAPI"],
      swiftSettings: tests),
    .testTarget(
      name: "OutputTests", dependencies: ["ManifestText", "Output", "Platform", "TestSupport"], swiftSettings: tests),
    .testTarget(
      name: "ClusterTests",
      dependencies: [
        "Cluster", "ClusterTestSupport", "Injection", "KubernetesAPI", "ManifestText", "Output", "Platform",
        "TestSupport", "Workloads",
      ],
      swiftSettings: tests),
    .testTarget(
      name: "VaultInjectCLITests",
      dependencies: [
        "Cluster", "ClusterTestSupport", "Injection", "KubernetesAPI", "ManifestText", "Output", "Platform",
        "TestSupport", "VaultInjectCLI", "Workloads",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: tests),
  ]
)

// `Tests/run` builds for a single test its target alone, and of the others what that one needs; each is listed after
// what it uses.
if let tested = Context.environment["VAULT_INJECT_TEST_TARGET"] {
  var needed: Set = [tested]
  for target in package.targets.reversed() where needed.contains(target.name) {
    for case .byNameItem(let name, _) in target.dependencies { needed.insert(name) }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products = []
}
