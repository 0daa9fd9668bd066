// The domains of parameters that several losses share.

/// `smoothing` if it lies in 0...1.
package func valid(
  smoothing: Double, argument: String = "labelSmoothing"
) throws(LossError) -> Double {
  try valid(fraction: smoothing, argument)
}

/// `value` if it lies in 0...1.
package func valid(fraction value: Double, _ argument: String) throws(LossError) -> Double {
  guard (0...1).contains(value) else {
    throw LossError(.parameter, argument, "must lie in 0...1; got \(value).")
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

/// `value` if it is finite and greater than 0.
package func valid(positive value: Double, _ argument: String) throws(LossError) -> Double {
  guard value > 0, value.isFinite else {
    throw LossError(.parameter, argument, "must be finite and greater than 0; got \(value).")
  }
  return value
}
