import KerasLosses
import TestSupport
import Testing

/// Expects the gradient of a loss to be the central differences of its values, in Double.
func expectCentralDifferences<Label: TensorElement>(
  _ loss: some DifferentiableLoss, _ yTrue: Tensor<Label>, _ yPred: Tensor<Double>,
  sampleWeight: Tensor<Double>? = nil, mask: Tensor<Bool>? = nil, step: Double = 1e-5,
  relative: Double = 1e-7, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let gradient = try loss.valueWithGradient(
    yTrue, yPred, sampleWeight: sampleWeight, mask: mask
  ).gradient
  #expect(gradient.shape == yPred.shape, sourceLocation: sourceLocation)
  func total(_ element: Int, _ offset: Double) throws -> Double {
    var moved = yPred.scalars
    moved[element] += offset
    return try loss.evaluate(
      yTrue, Tensor(shape: yPred.shape, scalars: moved), sampleWeight: sampleWeight, mask: mask
    ).scalars.reduce(0, +)
  }
  for element in yPred.scalars.indices {
    let expected = try (total(element, step) - total(element, -step)) / (2 * step)
    let value = gradient.scalars[element]
    #expect(
      isClose(value, expected, relative: relative, scale: 1),
      "element \(element): \(value), not \(expected)", sourceLocation: sourceLocation)
  }
}

/// Random numbers of a shape.
func randomTensor(
  _ shape: [Int], _ range: ClosedRange<Double>, _ generator: inout SeededGenerator
) -> Tensor<Double> {
  Tensor(
    shape: shape,
    scalars: (0..<shape.reduce(1, *)).map { _ in Double.random(in: range, using: &generator) })
}
