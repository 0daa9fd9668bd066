import KerasLosses
import TestSupport
import Testing

// Random cases of every loss, recorded from Keras in float64: values and gradients, in all types.

@Suite struct FamilyCaseTests {
  private static let losses = Fixtures.families.keys.sorted()

  private static func cases(_ loss: String) -> [FamilyCase] { Fixtures.families[loss] ?? [] }

  @Test func thereAreEnough() {
    #expect(Fixtures.families.values.map(\.count).reduce(0, +) >= 2_000)
    #expect(Self.losses.count == 21)
    #expect(Fixtures.families.values.allSatisfy { $0.count > 100 })
  }

  @Test(arguments: losses)
  func doubles(_ loss: String) {
    #expect(
      problems(in: Self.cases(loss)) { try $0.kerasProblems(FamilyTolerance.double) } == "")
  }

  @Test(arguments: losses)
  func floats(_ loss: String) {
    #expect(
      problems(in: Self.cases(loss)) { try $0.kerasProblems(FamilyTolerance.float) } == "")
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: losses)
    func halves(_ loss: String) {
      let cases = Self.cases(loss).filter { $0.half == true }
      #expect(cases.count > 30)
      #expect(problems(in: cases) { try $0.kerasProblems(FamilyTolerance.half) } == "")
    }
  #endif
}

extension FamilyCase {
  /// What is wrong with the values and the gradients of the loss, under every reduction.
  func kerasProblems<Scalar: LossScalar>(
    _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    switch labels {
    case "int32": try kerasProblems(yTrue.integerTensor(Int32.self), isRight)
    case "int64": try kerasProblems(yTrue.integerTensor(Int64.self), isRight)
    case "uint8": try kerasProblems(yTrue.integerTensor(UInt8.self), isRight)
    case "bool": try kerasProblems(yTrue.booleans, isRight)
    default: try kerasProblems(yTrue.tensor(Scalar.self), isRight)
    }
  }

  private func kerasProblems<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    let yPred = yPred.tensor(Scalar.self)
    let weights = sampleWeight?.tensor(Scalar.self)
    let mask = mask?.booleans
    return try Reduction.allCases.flatMap { reduction in
      let loss = try identifier(reduction).loss
      let result = try loss.valueWithGradient(yTrue, yPred, sampleWeight: weights, mask: mask)
      // Keras's two names of one reduction.
      let name = (reduction == .mean ? Reduction.sumOverBatchSize : reduction).rawValue
      var found = problems(of: result, name, isRight)
      if try loss.evaluate(yTrue, yPred, sampleWeight: weights, mask: mask) != result.value {
        found.append("\(Scalar.self) \(reduction.rawValue): another value without the gradient")
      }
      return found
    }
  }
}
