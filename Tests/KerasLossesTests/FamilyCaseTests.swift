import KerasLosses
import TestSupport
import Testing

// Random cases of every loss, recorded from Keras in float64: values and gradients, in all types.

@Suite struct FamilyCaseTests {
  private static let losses = Fixtures.families.keys.sorted()

  @Test func thereAreEnough() {
    #expect(Fixtures.families.values.map(\.count).reduce(0, +) >= 2_000)
    #expect(Self.losses.count == 21)
    #expect(Fixtures.families.values.allSatisfy { $0.count > 100 })
  }

  @Test(arguments: losses)
  func doubles(_ loss: String) {
    expectNothing(Fixtures.families[loss]) { try $0.problems(FamilyTolerance.double) }
  }

  @Test(arguments: losses)
  func floats(_ loss: String) {
    expectNothing(Fixtures.families[loss]) { try $0.problems(FamilyTolerance.float) }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: losses)
    func halves(_ loss: String) {
      let cases = Fixtures.families[loss]?.filter { $0.half == true }
      #expect((cases?.count ?? 0) > 30)
      expectNothing(cases) { try $0.problems(FamilyTolerance.half) }
    }
  #endif
}

/// Every problem of every case is told, up to a screenful.
func expectNothing(
  _ cases: [FamilyCase]?, _ problems: (FamilyCall) throws -> [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var found: [String] = []
  for recorded in cases ?? [] {
    do {
      found += try problems(FamilyCall(recorded)).map { "\(recorded): \($0)" }
    } catch {
      found.append("\(recorded): \(error)")
    }
  }
  if !found.isEmpty {
    Issue.record(
      "\(found.count) problems:\n\(found.prefix(12).joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }
}

/// A recorded case and its loss under every reduction.
struct FamilyCall {
  private let recorded: FamilyCase
  private let losses: [(reduction: Reduction, loss: any KerasLoss)]

  init(_ recorded: FamilyCase) throws {
    self.recorded = recorded
    losses = try Reduction.allCases.map { ($0, try recorded.identifier($0).loss) }
  }

  /// What is wrong with the values and the gradients in a type; `isRight` takes a number, the expected
  /// one, and what an error is relative to.
  func problems<Scalar: LossScalar>(
    _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    switch recorded.labels {
    case "int32": try problems(recorded.yTrue.integerTensor(Int32.self), isRight)
    case "int64": try problems(recorded.yTrue.integerTensor(Int64.self), isRight)
    case "uint8": try problems(recorded.yTrue.integerTensor(UInt8.self), isRight)
    case "bool": try problems(recorded.yTrue.booleans, isRight)
    default: try problems(recorded.yTrue.tensor(Scalar.self), isRight)
    }
  }

  private func problems<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    let yPred = recorded.yPred.tensor(Scalar.self)
    let weights = recorded.sampleWeight?.tensor(Scalar.self)
    let mask = recorded.mask?.booleans
    var problems: [String] = []
    func compare(
      _ name: String, _ found: [Scalar], _ expected: (values: [Double], scales: [Double])
    ) {
      let isSame =
        found.count == expected.values.count
        && found.indices.allSatisfy { isRight(found[$0], expected.values[$0], expected.scales[$0]) }
      if !isSame { problems.append("\(Scalar.self) \(name): \(found), not \(expected.values)") }
    }
    for (reduction, loss) in losses {
      let (value, gradient) = try loss.valueWithGradient(
        yTrue, yPred, sampleWeight: weights, mask: mask)
      // Keras's two names of one reduction.
      let name = (reduction == .mean ? Reduction.sumOverBatchSize : reduction).rawValue
      compare(name, value.scalars, recorded.expected(name))
      compare("gradient of \(name)", gradient.scalars, recorded.expectedGradient(name))
      if gradient.shape != yPred.shape { problems.append("the gradient's shape \(gradient.shape)") }
      if try loss.evaluate(yTrue, yPred, sampleWeight: weights, mask: mask) != value {
        problems.append("\(Scalar.self) \(reduction.rawValue): another value without the gradient")
      }
    }
    return problems
  }
}
