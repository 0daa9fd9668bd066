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
    expectNothing(loss) { recorded, call in
      try call.problems(Double.self) { isClose($0, $1, relative: 1e-12, scale: $2) }
    }
  }

  @Test(arguments: losses)
  func floats(_ loss: String) {
    expectNothing(loss) { recorded, call in
      try call.problems(Float.self) {
        isClose(Double($0), $1, relative: 2e-6, scale: max($2, Double(Float.leastNormalMagnitude)))
      }
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    /// One unit in the last place of what the exact result rounds to, or of the terms that cancel in it.
    @Test(arguments: losses)
    func halves(_ loss: String) {
      expectNothing(loss) { recorded, call in
        guard recorded.half == true else { return [] }
        return try call.problems(Float16.self) { value, exact, scale in
          let rounded = Float16(exact)
          if !rounded.isFinite { return value == rounded }
          let unit = Double(Float16(max(scale, exact.magnitude)).ulp)
          return (Double(value) - Double(rounded)).magnitude <= unit
        }
      }
    }
  #endif

  /// Every problem of every case of a loss is told, up to a screenful.
  private func expectNothing(
    _ loss: String, _ problems: (FamilyCase, FamilyCall) throws -> [String]
  ) {
    var found: [String] = []
    for recorded in Fixtures.families[loss] ?? [] {
      do {
        found += try problems(recorded, FamilyCall(recorded)).map { "\(recorded): \($0)" }
      } catch {
        found.append("\(recorded): \(error)")
      }
    }
    #expect(found.isEmpty, "\(found.count) problems:\n\(found.prefix(12).joined(separator: "\n"))")
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
    _ type: Scalar.Type, _ isRight: (Scalar, Double, Double) -> Bool
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
      compare(reduction.rawValue, value.scalars, recorded.expected(reduction))
      compare(
        "gradient of \(reduction.rawValue)", gradient.scalars, recorded.expectedGradient(reduction))
      if gradient.shape != yPred.shape { problems.append("the gradient's shape \(gradient.shape)") }
      if try loss.evaluate(yTrue, yPred, sampleWeight: weights, mask: mask) != value {
        problems.append("\(Scalar.self) \(reduction.rawValue): another value without the gradient")
      }
    }
    return problems
  }
}
