import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Every row of the migration data, evaluated: TensorFlow's columns against the recorded numbers, the
// package's columns against the package, the verdict against both.

@Suite struct MigrationDataTests {
  static let guide = MigrationGuide.softmaxCrossEntropy

  @Test func everyRecordedCaseOfTheMigrationTableIsARow() {
    let recorded = Set(Fixtures.semantics.filter { $0.section == "5.1.3" }.map(\.id))
    #expect(recorded.count == 41)
    #expect(Set(Self.guide.cases.map(\.id)) == recorded)
  }

  @Test func everyDecisionHasARecordedCaseOrAReason() {
    #expect(Self.guide.decisions.count == 18)
    for row in Self.guide.decisions {
      #expect(row.cases.isEmpty == (row.notApplicable != nil), "\(row.title)")
    }
    let shown = Set(Self.guide.decisions.flatMap(\.cases))
    let recorded = Set(Fixtures.semantics.filter { $0.section == "design5" }.map(\.id))
    // The graph cases are recorded and have no counterpart here.
    #expect(
      recorded.subtracting(shown)
        == ["design5/softmax-in-graph", "design5/softmax-in-graph-from-logits"])
  }

  /// What a title says of its data is so: arrays and shapes in backquotes are the recorded case's, or
  /// that of the second input of a row that names two.
  @Test(arguments: MigrationDataTests.guide.cases.indices)
  func titleIsTheData(_ index: Int) throws {
    let row = Self.guide.cases[index]
    let recorded = Fixtures.semantics(row.id)
    let second = Fixtures.semantics.filter { $0.section == "5.1.3-also" }.compactMap(\.weights)
    var known = [[recorded.labelSmoothing ?? 0]]
    for tensor in [recorded.weights, recorded.logits, recorded.labels].compactMap({ $0 }) + second {
      known += [tensor.values, tensor.shape.map(Double.init)]
    }
    known.append(recorded.logits?.shape.dropLast().map(Double.init) ?? [])
    for (position, part) in row.title.split(separator: "`").enumerated() where position % 2 == 1 {
      let numbers = part.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
      // Names, and shapes that are spelled with letters.
      guard !numbers.isEmpty, !part.contains(where: \.isLetter) else { continue }
      let isKnown = known.contains { array in
        array.count == numbers.count
          && zip(array, numbers).allSatisfy { isClose($0, $1, relative: 1e-6) }
      }
      #expect(isKnown, "\(row.title): \(numbers)")
    }
  }

  /// The numbers that a decision speaks of are recorded ones.
  @Test(arguments: MigrationDataTests.guide.decisions.indices)
  func decisionNumbersAreRecorded(_ index: Int) {
    let row = Self.guide.decisions[index]
    let recorded = row.cases.map(Fixtures.semantics).flatMap { one in
      [one.v1, one.keras2, one.keras3].compactMap { $0 }.flatMap(\.values).compactMap(\.tensor)
        .flatMap(\.values).map(eightDigits)
    }
    for word in "\(row.tensorFlow) \(row.here)".split(separator: " ") {
      // Eight digits: a result. Fewer: a bound, a type, a size.
      guard word.filter(\.isNumber).count >= 8 else { continue }
      #expect(recorded.contains(String(word)), "\(row.title): \(word)")
    }
  }

  @Test(arguments: MigrationDataTests.guide.cases.indices)
  func caseRow(_ index: Int) {
    let row = Self.guide.cases[index]
    let recorded = Fixtures.semantics(row.id)
    #expect(row.recorded == columns(recorded, row.quantity), "TensorFlow's numbers of \(row.id)")
    #expect(row.recipe.map { id in Self.guide.recipes.contains { $0.id == id } } ?? true)
    guard row.notApplicable == nil else { return }
    let outcome = Outcome(recorded, row.quantity)
    #expect(row.shim == outcome.shim, "the shim on \(row.id)")
    #expect(row.keras == outcome.keras, "the Keras style on \(row.id)")
    #expect(row.verdict == outcome.verdict, "the verdict on \(row.id)")
  }

  @Test(arguments: MigrationDataTests.guide.reductions.indices)
  func reduction(_ index: Int) throws {
    let row = Self.guide.reductions[index]
    let recorded = Fixtures.semantics("5.1.2/weighted")
    let key = keys[row.reduction] ?? ""
    let counterpart = row.counterpart?.rawValue
    #expect(
      row.recorded
        == MigrationGuide.Columns(
          v1: recorded.v1?[key]?.text ?? "–",
          keras2: counterpart.flatMap { recorded.keras2?[$0]?.text } ?? "–",
          keras3: counterpart.flatMap { recorded.keras3?[$0]?.text } ?? "–"))
    let labels = try #require(recorded.labels).tensor(Float.self)
    let logits = try #require(recorded.logits).tensor(Float.self)
    let weights = try #require(recorded.weights).tensor(Float.self)
    let shim = try Losses.softmaxCrossEntropy(
      onehotLabels: labels, logits: logits, weights: weights, labelSmoothing: 0.2,
      reduction: row.reduction)
    #expect(eightDigits(Double(shim.scalars[0])) == row.recorded.v1)
    guard let counterpart = row.counterpart else {
      #expect(row.verdict == .differs)
      return
    }
    // Equal for weights of either sign, and for some that are 0.
    for weights: Tensor<Float> in [weights, [0, 0.7], [-1, 2]] {
      let cce = CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: 0.2, reduction: counterpart)
      let shim = try Losses.softmaxCrossEntropy(
        onehotLabels: labels, logits: logits, weights: weights, labelSmoothing: 0.2,
        reduction: row.reduction)
      #expect((cce(labels, logits, sampleWeight: weights) == shim) == (row.verdict == .same))
    }
  }

  @Test(arguments: MigrationDataTests.guide.arguments.indices)
  func argument(_ index: Int) throws {
    let row = Self.guide.arguments[index]
    let values = try #require(
      ArgumentEvaluation.all[row.argument], "no evaluation of \(row.argument)")
    #expect((row.verdict == .same) == (try values.shim() == values.keras()), "\(row.argument)")
  }
}

private let keys: [Losses.Reduction: String] = [
  .none: "none", .sum: "sum", .sumOverBatchSize: "sum_over_batch_size", .mean: "mean",
  .sumByNonzeroWeights: "sum_by_nonzero_weights",
]

private func columns(
  _ recorded: SemanticsCase, _ quantity: MigrationGuide.Quantity
) -> MigrationGuide.Columns {
  let v1 = recorded.graph?.v1 ?? recorded.v1
  let keras2 = recorded.graph?.keras2 ?? recorded.keras2
  let keras3 = recorded.graph?.keras3 ?? recorded.keras3
  func text(_ result: RecordedResult?) -> String { result?.text ?? "–" }
  return switch quantity {
  case .defaultReduction:
    .init(
      v1: text(v1?["sum_by_nonzero_weights"]), keras2: text(keras2?["sum_over_batch_size"]),
      keras3: text(keras3?["sum_over_batch_size"]))
  case .weightedMean:
    .init(v1: text(v1?["mean"]), keras2: "–", keras3: text(keras3?["mean_with_sample_weight"]))
  case .sum:
    .init(v1: text(v1?["sum"]), keras2: text(keras2?["sum"]), keras3: text(keras3?["sum"]))
  case .logitsGradient:
    .init(
      v1: recorded.v1Gradient?["sum"]?.firstRowText ?? "–", keras2: "–",
      keras3: recorded.keras3Gradient?["sum"]?.firstRowText ?? "–")
  }
}

/// What this package gives for a recorded case, as the rows print it.
private struct Outcome {
  let shim: String
  let keras: String

  var verdict: MigrationGuide.Verdict {
    if shim == "LossError" && keras == "LossError" { return .refused }
    return shim == keras ? .same : .differs
  }

  init(_ recorded: SemanticsCase, _ quantity: MigrationGuide.Quantity) {
    guard let labels = recorded.labels?.tensor(Float.self),
      let logits = recorded.logits?.tensor(Float.self)
    else {
      shim = "no data"
      keras = "no data"
      return
    }
    let weights = recorded.weights?.tensor(Float.self)
    let smoothing = recorded.labelSmoothing ?? 0
    let fromLogits = recorded.fromLogits ?? true
    let isGradient = if case .logitsGradient = quantity { true } else { false }
    let (v1Reduction, kerasReduction): (Losses.Reduction, KerasReduction) =
      switch quantity {
      case .defaultReduction: (.sumByNonzeroWeights, .sumOverBatchSize)
      case .weightedMean: (.mean, .meanWithSampleWeight)
      case .sum, .logitsGradient: (.sum, .sum)
      }
    shim =
      fromLogits
      ? Self.text(isGradient) {
        try Losses.softmaxCrossEntropyWithGradient(
          onehotLabels: labels, logits: logits, weights: weights ?? 1, labelSmoothing: smoothing,
          reduction: v1Reduction)
      } : "–"
    keras = Self.text(isGradient) {
      // The decoder throws where the initializer traps.
      let configuration =
        #"{"from_logits": \#(fromLogits), "label_smoothing": \#(smoothing), "#
        + #""axis": \#(recorded.axis ?? -1), "reduction": "\#(kerasReduction.rawValue)"}"#
      let loss = try JSONDecoder().decode(
        CategoricalCrossentropy.self, from: Data(configuration.utf8))
      return try loss.valueWithGradient(
        labels, logits, sampleWeight: weights, mask: recorded.mask?.mask)
    }
  }

  private static func text(
    _ isGradient: Bool, _ body: () throws -> (value: Tensor<Float>, gradient: Tensor<Float>)
  ) -> String {
    do {
      let (value, gradient) = try body()
      guard isGradient else { return eightDigits(Double(value.scalars.first ?? 0)) }
      let row = gradient.scalars.prefix(gradient.shape.last ?? 1).map { eightDigits(Double($0)) }
      return "[" + row.joined(separator: ", ") + "]"
    } catch {
      return "LossError"
    }
  }
}
