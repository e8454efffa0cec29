// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the ordinary build knows nothing of it; its sources are links to the program's.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library", "-enforce-exclusivity=checked"]),
]

let package = Package(
  name: "fuzz",
  products: [.library(name: "Fuzz", type: .static, targets: ["Fuzz"])],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
    .target(name: "LibC"),
    .target(name: "ManifestText", dependencies: ["CLibYAML", "LibC"], swiftSettings: settings),
    .target(name: "Workloads", dependencies: ["ManifestText"], swiftSettings: settings),
    .target(name: "Injection", dependencies: ["ManifestText", "Workloads"], swiftSettings: settings),
    .target(name: "Fuzz", dependencies: ["Injection", "ManifestText", "Workloads"], swiftSettings: settings),
  ]
)
