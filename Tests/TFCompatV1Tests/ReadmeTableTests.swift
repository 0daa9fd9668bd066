import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The README's table of losses: every loss of the list, each "yes" from a run of it.

#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
  private typealias Half = Float16
  private let hasHalf = true
#else
  private typealias Half = Float
  private let hasHalf = false
#endif

@Suite struct ReadmeTableTests {
  private static let begin = "<!-- begin: the table of losses, written by ReadmeTableTests -->"
  private static let end = "<!-- end: the table of losses -->"

  /// README.md has the table that the losses give. `UPDATE_README=1` writes it anew.
  @Test(.enabled(if: hasHalf, "no Float16 to be run"))
  func fileHasTheTable() throws {
    let url = Fixtures.root.appendingPathComponent("README.md")
    var file = try String(contentsOf: url, encoding: .utf8)
    let begin = try #require(file.range(of: Self.begin + "\n"))
    let end = try #require(file.range(of: "\n" + Self.end, range: begin.upperBound..<file.endIndex))
    let table = try Self.table()
    if ProcessInfo.processInfo.environment["UPDATE_README"] != nil {
      file.replaceSubrange(begin.upperBound..<end.lowerBound, with: table)
      try Data(file.utf8).write(to: url)
    } else {
      #expect(
        file[begin.upperBound..<end.lowerBound] == table,
        "run UPDATE_README=1 swift test --filter ReadmeTableTests")
    }
  }

  /// What the package is for: nothing in the table is missing.
  @Test(arguments: LossIdentifier.catalog.map(\.names.class))
  func lossDoesEverything(_ name: String) throws {
    let entry = try LossIdentifier.entry(named: name)
    for feature in Feature.allCases {
      #expect(try LossProbe(entry).has(feature), "\(name): \(feature.rawValue)")
    }
  }

  private static func table() throws -> String {
    let header = ["loss", "by name"] + Feature.allCases.map(\.rawValue) + ["TensorFlow 1"]
    let rows = try LossIdentifier.catalog.map { entry in
      let probe = LossProbe(entry)
      return try ["`\(entry.names.class)`", probe.names()]
        + Feature.allCases.map { try probe.has($0) ? "yes" : "no" } + [counterparts(entry)]
    }
    return ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  /// The functions of `tf.compat.v1.losses` that MIGRATION.md leads to this loss.
  private static func counterparts(_ entry: LossIdentifier.Entry) -> String {
    let guides = MigrationDocument.guides.filter { $0.kerasClass == entry.names.class }
    return guides.isEmpty ? "–" : guides.map { "`\($0.function)`" }.joined(separator: ", ")
  }
}

/// A column of the table.
private enum Feature: String, CaseIterable {
  case value, gradient, weights, mask, reductions
  case half = "Float16"
}

/// One loss on operands that fit it.
private struct LossProbe {
  private let entry: LossIdentifier.Entry
  private let labels: Tensor<Int32>
  private let predictions: Tensor<Double>

  init(_ entry: LossIdentifier.Entry) {
    self.entry = entry
    let operands = randomOperands(for: entry.make(.none), rows: 6, columns: 10)
    labels = operands.labels
    predictions = Tensor(converting: operands.predictions)
  }

  /// Keras's function name and aliases, each of which finds the loss.
  func names() throws -> String {
    let names = [entry.names.function] + entry.names.aliases
    for name in names {
      let found = try LossIdentifier(name).loss
      #expect(type(of: found) == entry.type, "\(name)")
    }
    return names.map { "`\($0)`" }.joined(separator: ", ")
  }

  func has(_ feature: Feature) throws -> Bool {
    switch feature {
    case .value: try hasValue()
    case .gradient: try hasGradient()
    case .weights: try hasWeights()
    case .mask: try hasMask()
    case .reductions: try hasReductions()
    case .half: try hasHalfPrecision()
    }
  }

  private func losses() throws -> Tensor<Double> {
    try entry.make(.none).evaluate(labels, predictions)
  }

  /// One number per loss, none of which is like another.
  private func weights() throws -> Tensor<Double> {
    let shape = try losses().shape
    return Tensor(
      shape: shape, scalars: (0..<shape.reduce(1, *)).map { 0.5 + 0.25 * Double($0) })
  }

  /// Numbers, not all of them 0, and the same with and without the gradient.
  private func hasValue() throws -> Bool {
    let losses = try losses()
    let beside = try entry.make(.none).valueWithGradient(labels, predictions).value
    return losses.scalars.allSatisfy(\.isFinite) && losses.scalars.contains { $0 != 0 }
      && beside == losses
  }

  /// The derivative along the numbers 1, −½, ⅓, … is what a central difference says it is.
  private func hasGradient() throws -> Bool {
    let loss = entry.make(.sumOverBatchSize)
    let direction = predictions.scalars.indices.map {
      ($0.isMultiple(of: 2) ? 1 : -1) / Double($0 + 1)
    }
    func value(at step: Double) throws -> Double {
      let moved = zip(predictions.scalars, direction).map { $0 + step * $1 }
      return try loss.evaluate(labels, Tensor(shape: predictions.shape, scalars: moved)).item
    }
    let step = 0x1p-20
    let difference = (try value(at: step) - value(at: -step)) / (2 * step)
    let gradient = try loss.valueWithGradient(labels, predictions).gradient
    let derivative = zip(gradient.scalars, direction).reduce(0) { $0 + $1.0 * $1.1 }
    return gradient.shape == predictions.shape
      && isClose(derivative, difference, relative: 1e-6)
  }

  private func hasWeights() throws -> Bool {
    let weights = try weights()
    let weighted = try entry.make(.none).evaluate(labels, predictions, sampleWeight: weights)
    let expected = zip(try losses().scalars, weights.scalars).map { $0 * $1 }
    return isClose(weighted, expected, relative: 1e-15)
  }

  /// A loss under a mask is 0, has no gradient, and reads nothing.
  private func hasMask() throws -> Bool {
    let shape = try losses().shape
    let mask = Tensor(
      shape: shape, scalars: [Bool](repeating: false, count: shape.reduce(1, *)))
    let nothing = Tensor(
      shape: predictions.shape, scalars: predictions.scalars.map { _ in Double.nan })
    let (value, gradient) = try entry.make(.sumOverBatchSize)
      .valueWithGradient(labels, nothing, mask: mask)
    return value == 0 && gradient.scalars.allSatisfy { $0 == 0 }
  }

  private func hasReductions() throws -> Bool {
    let weights = try weights()
    let pairs = zip(try losses().scalars, weights.scalars)
    let sum = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    // Losses of 0 have no part in a mean of Circle's.
    let counted = pairs.filter { entry.type != Circle.self || $0.0 > 0 }
    return try Reduction.allCases.allSatisfy { reduction in
      let result = try entry.make(reduction)
        .evaluate(labels, predictions, sampleWeight: weights)
      let divisor: Double
      switch reduction {
      case .none: return result.shape == weights.shape
      case .sum: divisor = 1
      case .mean, .sumOverBatchSize: divisor = Double(counted.count)
      case .meanWithSampleWeight: divisor = counted.reduce(0) { $0 + $1.1 }
      }
      return result.shape == [] && isClose(result.item, sum / divisor, relative: 1e-14)
    }
  }

  /// A Float16 result is that of Double, rounded.
  private func hasHalfPrecision() throws -> Bool {
    let loss = entry.make(.none)
    let half = Tensor<Half>(converting: predictions)
    let narrow = try loss.evaluate(labels, half)
    let wide = try loss.evaluate(labels, Tensor<Double>(converting: half))
    let rounded = wide.scalars.map { Double(Half($0)) }
    return isClose(narrow, rounded, relative: 0x1p-10, scale: 0x1p-14)
  }
}
