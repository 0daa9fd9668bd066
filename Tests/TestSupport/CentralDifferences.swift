import KerasLosses

/// The derivatives of a function of a tensor, by central differences.
package func centralDifferences(
  at point: Tensor<Double>, step: Double, _ function: (Tensor<Double>) throws -> Double
) rethrows -> [Double] {
  func moved(_ element: Int, by offset: Double) throws -> Double {
    var scalars = point.scalars
    scalars[element] += offset
    return try function(Tensor(shape: point.shape, scalars: scalars))
  }
  return try point.scalars.indices.map {
    (try moved($0, by: step) - moved($0, by: -step)) / (2 * step)
  }
}
