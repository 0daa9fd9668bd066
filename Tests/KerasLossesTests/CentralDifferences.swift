import KerasLosses
import TestSupport
import Testing

/// Expects the gradient of a loss to be the central differences of its values, in Double, and returns how far it
/// is from them at most, in units of the larger of 1 and the derivative.
@discardableResult
func expectCentralDifferences<Label: TensorElement>(
  _ loss: some DifferentiableLoss, _ yTrue: Tensor<Label>, _ yPred: Tensor<Double>,
  sampleWeight: Tensor<Double>? = nil, mask: Tensor<Bool>? = nil, step: Double = 1e-5,
  relative: Double = 1e-7, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Double {
  let gradient = try loss.valueWithGradient(
    yTrue, yPred, sampleWeight: sampleWeight, mask: mask
  ).gradient
  #expect(gradient.shape == yPred.shape, sourceLocation: sourceLocation)
  let expected = try centralDifferences(at: yPred, step: step) {
    try loss.evaluate(yTrue, $0, sampleWeight: sampleWeight, mask: mask).scalars.reduce(0, +)
  }
  var worst = 0.0
  for (element, (value, expected)) in zip(gradient.scalars, expected).enumerated() {
    #expect(
      isClose(value, expected, relative: relative, scale: 1),
      "element \(element): \(value), not \(expected)", sourceLocation: sourceLocation)
    worst = max(worst, (value - expected).magnitude / max(1, expected.magnitude))
  }
  return worst
}
