import KerasLosses

// What is wrong with the results for recorded cases, as text.

/// The problems of every case, up to a screenful; empty if there are none.
package func problems(
  in cases: [FamilyCase], _ problems: (FamilyCase) throws -> [String]
) -> String {
  var found: [String] = []
  for recorded in cases {
    do {
      found += try problems(recorded).map { "\(recorded): \($0)" }
    } catch {
      found.append("\(recorded): \(error)")
    }
  }
  guard !found.isEmpty else { return "" }
  return "\(found.count) problems:\n\(found.prefix(12).joined(separator: "\n"))"
}

extension FamilyCase {
  /// What is wrong with a value and its gradient under a reduction. `isRight` takes a number, the expected
  /// one, and what an error is relative to.
  package func problems<Scalar: LossScalar>(
    of result: (value: Tensor<Scalar>, gradient: Tensor<Scalar>), _ reduction: String,
    _ isRight: (Scalar, Double, Double) -> Bool
  ) -> [String] {
    var problems: [String] = []
    func compare(
      _ name: String, _ found: [Scalar], _ expected: (values: [Double], scales: [Double])
    ) {
      let isSame =
        found.count == expected.values.count
        && found.indices.allSatisfy { isRight(found[$0], expected.values[$0], expected.scales[$0]) }
      if !isSame { problems.append("\(Scalar.self) \(name): \(found), not \(expected.values)") }
    }
    compare(reduction, result.value.scalars, expected(reduction))
    compare("gradient of \(reduction)", result.gradient.scalars, expectedGradient(reduction))
    if result.gradient.shape != yPred.shape {
      problems.append("the gradient's shape \(result.gradient.shape)")
    }
    return problems
  }
}
