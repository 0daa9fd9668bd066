import KerasLosses

/// Whether `value` is `expected` up to `relative` times the larger of the expectation and `scale`.
/// NaN equals NaN, and an infinity itself.
package func isClose(
  _ value: Double, _ expected: Double, relative: Double, scale: Double = 0
) -> Bool {
  if expected.isNaN || value.isNaN { return expected.isNaN && value.isNaN }
  if expected.isInfinite || value.isInfinite { return value == expected }
  return (value - expected).magnitude <= relative * max(expected.magnitude, scale)
}

/// Whether all values are close; differing counts are not.
package func isClose<Scalar: LossScalar>(
  _ values: Tensor<Scalar>, _ expected: [Double], relative: Double, scale: Double = 0
) -> Bool {
  values.scalars.count == expected.count
    && zip(values.scalars, expected).allSatisfy {
      isClose(Double($0), $1, relative: relative, scale: scale)
    }
}

/// The error that `body` throws, as text; nil if it throws none.
package func errorText(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// A repeatable source of random numbers (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
