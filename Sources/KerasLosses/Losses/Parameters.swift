// The domains of parameters that several losses share.

/// `value` if it lies in 0...1.
package func valid(fraction value: Double, _ argument: String) throws(LossError) -> Double {
  guard (0...1).contains(value) else {
    throw LossError(.parameter, argument, "must lie in 0...1; got \(value).")
  }
  return value
}

/// `value` if it is finite and greater than 0.
package func valid(positive value: Double, _ argument: String) throws(LossError) -> Double {
  guard value > 0, value.isFinite else {
    throw LossError(.parameter, argument, "must be finite and greater than 0; got \(value).")
  }
  return value
}

/// `value` if it is finite and not negative.
package func valid(nonnegative value: Double, _ argument: String) throws(LossError) -> Double {
  guard value >= 0, value.isFinite else {
    throw LossError(.parameter, argument, "must be finite and not negative; got \(value).")
  }
  return value
}

/// `values` if there is at least one and all are finite and not negative.
package func valid(nonnegative values: [Double], _ argument: String) throws(LossError) -> [Double] {
  guard !values.isEmpty else {
    throw LossError(.parameter, argument, "must be a number or a list of at least one; got [].")
  }
  for value in values { _ = try valid(nonnegative: value, argument) }
  return values
}

/// `value` if it lies between 0 and 1, and is neither.
package func valid(betweenZeroAndOne value: Double, _ argument: String) throws(LossError) -> Double
{
  guard value > 0, value < 1 else {
    throw LossError(.parameter, argument, "must lie between 0 and 1; got \(value).")
  }
  return value
}
