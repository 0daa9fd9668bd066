// The domains of parameters that several losses share.

/// `smoothing` if it lies in 0...1.
package func valid(
  smoothing: Double, argument: String = "labelSmoothing"
) throws(LossError) -> Double {
  guard (0...1).contains(smoothing) else {
    throw LossError(.parameter, argument, "must lie in 0...1; got \(smoothing).")
  }
  return smoothing
}
