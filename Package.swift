// swift-tools-version: 6.0

import PackageDescription

let package = Package(
  name: "KerasLosses",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "KerasLosses", targets: ["KerasLosses"]),
    .library(name: "TFCompatV1", targets: ["TFCompatV1"]),
    .executable(name: "keras-losses", targets: ["keras-losses"]),
  ],
  targets: [
    .target(
      name: "CLossKernels",
      // Only for fma on x86 processors that lack the instruction.
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux, .android]))]),
    .target(name: "KerasLosses", dependencies: ["CLossKernels"]),
    .target(name: "TFCompatV1", dependencies: ["KerasLosses"]),
    .executableTarget(name: "keras-losses", dependencies: ["KerasLosses", "TFCompatV1"]),
    .target(name: "CMemoryLoops"),
    .executableTarget(name: "losses-benchmark", dependencies: ["KerasLosses", "CMemoryLoops"]),
    .testTarget(
      name: "KerasLossesTests", dependencies: ["KerasLosses", "KernelHashes", "TestSupport"]),
    .testTarget(
      name: "TFCompatV1Tests", dependencies: ["KerasLosses", "TFCompatV1", "TestSupport"]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["keras-losses", "KerasLosses", "TFCompatV1", "TestSupport"]),
    .executableTarget(
      name: "KernelHashes", dependencies: ["CLossKernels"], path: "Tests/KernelHashes"),
    .target(name: "TestSupport", dependencies: ["KerasLosses"], path: "Tests/TestSupport"),
  ],
  swiftLanguageModes: [.v6]
)
