import KerasLosses
import TFCompatV1
import TestSupport
import Testing

/// The rows of a guide's argument table, evaluated on both sides with the guide's example.
struct ArgumentEvaluation {
  private let guide: MigrationGuide
  private let example: Evaluation<Double>

  init(_ guide: MigrationGuide) {
    self.guide = guide
    var example = Evaluation(Fixtures.semantics(guide.example.id), Double.self)
    example.weights = nil
    self.example = example
  }

  /// Whether the argument has the same effect on both sides.
  func isSame(_ argument: String) throws -> Bool {
    let name = String(argument.prefix { $0 != "=" })
    var changed = example
    switch name {
    case "scope", "loss_collection": return try hasNoEffect(name)
    case "weights":
      changed.weights = weights
      return try areEqual(changed, .sum, .sum)
    case "reduction":
      changed.weights = sampleWeights
      return try areEqual(changed, .sumByNonzeroWeights, .sumOverBatchSize)
    case "label_smoothing": changed.smoothing = 0.2
    case "delta": changed.delta = 2
    case "epsilon": changed.epsilon = 0.01
    case "axis", "(dim": changed.axis = 0
    case "(padding labels of weight 0)":
      changed.ids = [1, -1]
      changed.weights = [1, 0]
      changed.ignoreClass = -1
    case "(the type of the result)": return try !doubleStaysDouble()
    default: break
    }
    return try areEqual(changed, .sumByNonzeroWeights, .sumOverBatchSize)
  }

  /// Weights of the rank of the losses, one of them 0: per sample, or per element where there is a
  /// loss for each of these.
  private var weights: Tensor<Double> {
    if case .meanOverLastAxis = guide.plan.relation { return [[1, 0], [2, 1]] }
    if case .meanOverLastAxisOfBinaryLabels = guide.plan.relation { return [[1, 0], [2, 1]] }
    if case .otherFormula = guide.plan.relation { return [[0], [2]] }
    return [0, 0.7]
  }

  private var sampleWeights: Tensor<Double> {
    if case .sameLosses = guide.plan.relation { return [0, 0.7] }
    return [[0], [0.7]]
  }

  private func areEqual(
    _ evaluation: Evaluation<Double>, _ v1: Losses.Reduction, _ keras: KerasReduction
  ) throws -> Bool {
    // Where one side takes the arrays and the other does not, they are not the same.
    guard let v1 = try? evaluation.v1(v1).value, let keras = try? evaluation.keras(keras)?.value
    else { return false }
    return isClose(v1, keras.scalars, relative: 1e-14)
  }

  private func hasNoEffect(_ argument: String) throws -> Bool {
    guard guide.kerasClass != nil else { return false }
    let plain = try example.v1(.sumByNonzeroWeights).value
    var changed = example
    if argument == "scope" {
      changed.scope = "tower"
      let keras = try #require(try changed.keras(.sumOverBatchSize)).value
      let same = try #require(try example.keras(.sumOverBatchSize)).value
      return try changed.v1(.sumByNonzeroWeights).value == plain && keras == same
    }
    let collection = LossCollection<Double>()
    changed.collection = collection
    let value = try changed.v1(.sumByNonzeroWeights).value
    return try value == plain && collection.getTotalLoss() == plain
  }

  /// Whether a change shows that no `float32` holds.
  private func doubleStaysDouble() throws -> Bool {
    var changed = example
    changed.predictions = Tensor(
      shape: example.predictions.shape,
      scalars: example.predictions.scalars.enumerated().map { $1 * (1 + 1e-10 * Double($0 + 1)) })
    return try changed.v1(.sum).value != example.v1(.sum).value
  }
}
