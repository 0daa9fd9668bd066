import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Every row of the migration data, evaluated: TensorFlow's columns against the recorded numbers, the
// package's columns against the package, the verdict against both.

/// A row of a guide, as the argument of a test.
struct GuideRow<Row: Sendable>: Sendable, CustomStringConvertible {
  let guide: MigrationGuide
  let row: Row
  let description: String

  static func all(_ rows: (MigrationGuide) -> [(Row, String)]) -> [GuideRow] {
    MigrationDocument.guides.flatMap { guide in
      rows(guide).map {
        GuideRow(guide: guide, row: $0.0, description: "\(guide.function) \($0.1)")
      }
    }
  }
}

@Suite struct MigrationDataTests {
  static let cases = GuideRow.all { $0.cases.map { ($0, "\($0.id) \($0.quantity)") } }
  static let reductions = GuideRow.all { $0.reductions.map { ($0, $0.title) } }
  static let arguments = GuideRow.all { $0.arguments.map { ($0, $0.argument) } }
  static let recipes = GuideRow.all { $0.recipes.map { ($0, $0.id) } }

  @Test func everyFunctionHasAGuide() {
    #expect(MigrationDocument.guides.count == 10)
    #expect(Set(MigrationDocument.guides.map(\.function)).count == 10)
    #expect(MigrationDocument.otherFunctions.count == 6)
  }

  @Test func everyRecordedCaseOfTheMigrationTablesIsARow() {
    let recorded = Set(
      Fixtures.semantics.filter { ["5.1.3", "5.2"].contains($0.section) }.map(\.id))
    #expect(recorded.count > 100)
    #expect(recorded.isSubset(of: Self.cases.map(\.row.id)))
    for one in Self.cases {
      let function = Fixtures.semantics(one.row.id).function
      #expect(function == one.guide.function, "\(one)")
    }
  }

  @Test func everyDecisionHasARecordedCaseOrAReason() {
    let decisions = MigrationDocument.decisions
    #expect(decisions.count == 25)
    for row in decisions {
      #expect(row.cases.isEmpty == (row.notApplicable != nil), "\(row.title)")
    }
    let shown = Set(decisions.flatMap(\.cases))
    let recorded = Set(Fixtures.semantics.filter { $0.section == "design5" }.map(\.id))
    // The graph cases are recorded and have no counterpart here.
    #expect(
      recorded.subtracting(shown)
        == ["design5/softmax-in-graph", "design5/softmax-in-graph-from-logits"])
    #expect(shown.isSubset(of: recorded))
  }

  @Test func recipesHaveNamesOfTheirOwn() {
    let ids = Self.recipes.map(\.row.id) + MigrationDocument.elementRecipes.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  /// What a title says of its data is so: arrays and shapes in backquotes are the recorded case's, or
  /// that of the second input of a row that names two.
  @Test(arguments: cases)
  func titleIsTheData(_ one: GuideRow<MigrationGuide.CaseRow>) throws {
    let recorded = Fixtures.semantics(one.row.id)
    let second = Fixtures.semantics.filter { $0.section == "5.1.3-also" }.compactMap(\.weights)
    var known = [[recorded.labelSmoothing ?? 0]]
    for tensor in [recorded.weights, recorded.logits, recorded.labels].compactMap({ $0 }) + second {
      known += [tensor.values, tensor.shape.map(Double.init)]
    }
    known.append(recorded.logits?.shape.dropLast().map(Double.init) ?? [])
    for (position, part) in one.row.title.split(separator: "`").enumerated()
    where position % 2 == 1 {
      let numbers = part.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
      // Names, and shapes that are spelled with letters.
      guard !numbers.isEmpty, !part.contains(where: \.isLetter) else { continue }
      let isKnown = known.contains { array in
        array.count == numbers.count
          && zip(array, numbers).allSatisfy { isClose($0, $1, relative: 1e-6) }
      }
      #expect(isKnown, "\(one.row.title): \(numbers)")
    }
  }

  /// The numbers that a decision speaks of are recorded ones, or the true ones.
  @Test(arguments: MigrationDocument.decisions.indices)
  func decisionNumbersAreRecorded(_ index: Int) {
    let row = MigrationDocument.decisions[index]
    let cases = row.cases.map(Fixtures.semantics)
    let recorded = cases.flatMap { one in
      [one.v1, one.keras2, one.keras3].compactMap { $0 }.flatMap(\.values).compactMap(\.tensor)
    }
    let known = (recorded + cases.compactMap(\.trueLosses)).flatMap(\.values).map(eightDigits)
    for word in "\(row.tensorFlow) \(row.here)".split(separator: " ") {
      // Eight digits: a result. Fewer: a bound, a type, a size.
      guard word.filter(\.isNumber).count >= 8 else { continue }
      #expect(known.contains(String(word)), "\(row.title): \(word)")
    }
  }

  @Test(arguments: cases)
  func caseRow(_ one: GuideRow<MigrationGuide.CaseRow>) {
    let row = one.row
    let recorded = Fixtures.semantics(row.id)
    #expect(row.recorded == columns(recorded, row.quantity), "TensorFlow's numbers of \(row.id)")
    let recipe = row.recipe.map { MigrationDocument.recipe($0, of: one.guide) != nil }
    #expect(recipe ?? true, "the recipe of \(row.id)")
    guard row.notApplicable == nil else { return }
    let outcome = Outcome(recorded, row.quantity)
    #expect(row.shim == outcome.shim, "the shim on \(row.id)")
    #expect(row.keras == outcome.keras, "the Keras style on \(row.id)")
    #expect(row.verdict == outcome.verdict, "the verdict on \(row.id)")
  }

  @Test(arguments: MigrationDocument.guides.indices)
  func example(_ index: Int) throws {
    let example = MigrationDocument.guides[index].example
    let recorded = Fixtures.semantics(example.id)
    let evaluation = Evaluation(recorded, Float.self)
    let v1 = try evaluation.v1(.sumByNonzeroWeights).value.item
    let keras = try evaluation.keras(.sumOverBatchSize)?.value.item
    #expect(example.v1 == eightDigits(Double(v1)))
    #expect(example.keras == keras.map { eightDigits(Double($0)) })
    let key = recorded.keras3 == nil ? "sum" : "sum_by_nonzero_weights"
    let tensorFlow = try #require(recorded.v1?[key]?.tensor).values[0]
    #expect(isClose(Double(v1), tensorFlow, relative: 1e-6))
    if let keras {
      let recorded = try #require(recorded.keras3?["sum_over_batch_size"]?.tensor).values[0]
      #expect(isClose(Double(keras), recorded, relative: 1e-6))
    }
  }

  @Test(arguments: reductions)
  func reduction(_ one: GuideRow<MigrationGuide.ReductionRow>) throws {
    let row = one.row
    let recorded = Fixtures.semantics(one.guide.example.id)
    let key = keys[row.reduction] ?? ""
    let counterpart = row.counterpart?.rawValue
    #expect(
      row.recorded
        == MigrationGuide.Columns(
          v1: recorded.v1?[key]?.text ?? "–",
          keras2: counterpart.flatMap { recorded.keras2?[$0]?.text } ?? "–",
          keras3: counterpart.flatMap { recorded.keras3?[$0]?.text } ?? "–"))
    var evaluation = Evaluation(recorded, Float.self)
    let v1 = try evaluation.v1(row.reduction).value.scalars[0]
    let tensorFlow = try #require(recorded.v1?[key]?.tensor).values[0]
    #expect(isClose(Double(v1), tensorFlow, relative: 1e-6))
    guard let counterpart = row.counterpart else {
      #expect(row.verdict == .differs)
      return
    }
    // Equal for weights of either sign, and for some that are 0: one for each sample, of the rank of
    // the function's losses.
    let rank = try evaluation.v1(.none).value.rank
    for weights: Tensor<Float> in [[1, 1], [0, 0.7], [-1, 2], [0.3, 0.7]] {
      evaluation.weights = weights.reshaped(to: [2] + [Int](repeating: 1, count: rank - 1))
      let v1 = try evaluation.v1(row.reduction).value
      let keras = try #require(try evaluation.keras(counterpart)).value
      let isSame =
        v1.scalars.count == keras.scalars.count
        && isClose(v1, keras.scalars.map { Double($0) }, relative: 2e-7)
      #expect(isSame == (row.verdict == .same), "\(weights): \(v1) and \(keras)")
    }
  }

  @Test(arguments: arguments)
  func argument(_ one: GuideRow<MigrationGuide.ArgumentRow>) throws {
    let isSame = try ArgumentEvaluation(one.guide).isSame(one.row.argument)
    #expect(isSame == (one.row.verdict == .same), "\(one)")
  }
}

private let keys = Dictionary(uniqueKeysWithValues: v1Reductions.map { ($0.value, $0.key) })

private func columns(
  _ recorded: SemanticsCase, _ quantity: MigrationGuide.Quantity
) -> MigrationGuide.Columns {
  let v1 = recorded.graph?.v1 ?? recorded.v1
  let keras2 = recorded.graph?.keras2 ?? recorded.keras2
  let keras3 = recorded.graph?.keras3 ?? recorded.keras3
  func text(_ result: RecordedResult?) -> String { result?.text ?? "–" }
  func all(_ key: String, _ text: (RecordedResult?) -> String) -> MigrationGuide.Columns {
    .init(v1: text(v1?[key]), keras2: text(keras2?[key]), keras3: text(keras3?[key]))
  }
  return switch quantity {
  case .defaultReduction:
    .init(
      v1: text(v1?["sum_by_nonzero_weights"]), keras2: text(keras2?["sum_over_batch_size"]),
      keras3: text(keras3?["sum_over_batch_size"]))
  case .weightedMean:
    .init(v1: text(v1?["mean"]), keras2: "–", keras3: text(keras3?["mean_with_sample_weight"]))
  case .sum: all("sum", text)
  case .batchSize: all("sum_over_batch_size", text)
  case .losses: all("none") { $0?.listText ?? "–" }
  case .gradient:
    .init(
      v1: recorded.v1Gradient?["sum"]?.firstRowText ?? "–", keras2: "–",
      keras3: recorded.keras3Gradient?["sum"]?.firstRowText ?? "–")
  }
}

/// What this package gives for a recorded case, as the rows print it.
struct Outcome {
  let shim: String
  let keras: String

  var verdict: MigrationGuide.Verdict {
    if shim == "LossError" && keras == "LossError" { return .refused }
    return shim == keras ? .same : .differs
  }

  init(_ recorded: SemanticsCase, _ quantity: MigrationGuide.Quantity) {
    let evaluation = Evaluation(recorded, Float.self)
    let (v1Reduction, kerasReduction): (Losses.Reduction, KerasReduction) =
      switch quantity {
      case .defaultReduction: (.sumByNonzeroWeights, .sumOverBatchSize)
      case .weightedMean: (.mean, .meanWithSampleWeight)
      case .batchSize: (.sumOverBatchSize, .sumOverBatchSize)
      case .sum, .gradient: (.sum, .sum)
      case .losses: (.none, .none)
      }
    // What TensorFlow 1 cannot be asked for.
    let hasV1 =
      evaluation.fromLogits && evaluation.ignoreClass == nil && evaluation.mask == nil
    shim = hasV1 ? Self.text(quantity) { try evaluation.v1(v1Reduction) } : "–"
    keras = Self.text(quantity) { try evaluation.keras(kerasReduction) }
  }

  private static func text(
    _ quantity: MigrationGuide.Quantity, _ body: () throws -> Evaluation<Float>.Result?
  ) -> String {
    func list(_ values: some Sequence<Float>) -> String {
      "[" + values.map { eightDigits(Double($0)) }.joined(separator: ", ") + "]"
    }
    do {
      guard let (value, gradient) = try body() else { return "–" }
      switch quantity {
      case .losses: return list(value.scalars)
      case .gradient: return list(gradient.scalars.prefix(gradient.shape.last ?? 1))
      default: return eightDigits(Double(value.scalars.first ?? 0))
      }
    } catch {
      return "LossError"
    }
  }
}
