// swift-tools-version: 6.0

// A package as a user would write one: it depends on KerasLosses by path and uses its public API alone.

import PackageDescription

let package = Package(
  name: "Consumer",
  platforms: [.macOS(.v15), .iOS(.v18)],
  dependencies: [.package(name: "KerasLosses", path: "../..")],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [
        .product(name: "KerasLosses", package: "KerasLosses"),
        .product(name: "TFCompatV1", package: "KerasLosses"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
