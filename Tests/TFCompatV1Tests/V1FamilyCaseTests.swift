import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Random cases of every function of tf.compat.v1.losses: its formulas in float64, which the recording program
// compares with TensorFlow's float32.

@Suite struct V1FamilyCaseTests {
  private static let functions = Fixtures.v1Families.keys.sorted()

  @Test func thereAreEnough() {
    #expect(Self.functions.count == 11)
    #expect(Fixtures.v1Families.values.allSatisfy { $0.count >= 40 })
  }

  private static func cases(_ function: String) -> [FamilyCase] {
    Fixtures.v1Families[function] ?? []
  }

  @Test(arguments: functions)
  func doubles(_ function: String) {
    #expect(problems(in: Self.cases(function)) { try $0.v1Problems(FamilyTolerance.double) } == "")
  }

  @Test(arguments: functions)
  func floats(_ function: String) {
    #expect(problems(in: Self.cases(function)) { try $0.v1Problems(FamilyTolerance.float) } == "")
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: functions)
    func halves(_ function: String) {
      let cases = Self.cases(function).filter { $0.half == true }
      #expect(problems(in: cases) { try $0.v1Problems(FamilyTolerance.half) } == "")
    }
  #endif
}

extension FamilyCase {
  /// What is wrong with the values and the gradients of the function whose name the case carries.
  fileprivate func v1Problems<Scalar: LossScalar>(
    _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    switch labels {
    case "int32": try v1Problems(yTrue.integerTensor(Int32.self), isRight)
    case "int64": try v1Problems(yTrue.integerTensor(Int64.self), isRight)
    case "uint8": try v1Problems(yTrue.integerTensor(UInt8.self), isRight)
    case "bool": try v1Problems(yTrue.booleans, isRight)
    default: try v1Problems(yTrue.tensor(Scalar.self), isRight)
    }
  }

  private func v1Problems<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    var function = V1Call(name: loss)
    if let smoothing = config["label_smoothing"] { function.smoothing = try smoothing.decoded() }
    if let delta = config["delta"] { function.delta = try delta.decoded() }
    if let epsilon = config["epsilon"] { function.epsilon = try epsilon.decoded() }
    if let axis = config["axis"] { function.axis = try axis.decoded() }
    let predictions = yPred.tensor(Scalar.self)
    let weights = sampleWeight?.tensor(Scalar.self) ?? 1
    // mean_pairwise_squared_error reduces by itself.
    let isPairwise = loss == "mean_pairwise_squared_error"
    return try v1Reductions.filter { !isPairwise || $0.key == "sum" }.flatMap { name, reduction in
      try problems(of: function(labels, predictions, weights, nil, reduction), name, isRight)
    }
  }
}
