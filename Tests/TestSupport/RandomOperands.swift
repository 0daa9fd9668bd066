import KerasLosses

/// Operands that fit a loss, about `rows` · `columns` predictions in all: positive numbers below 1.01, labels 0 or
/// 1 and class ids, weights of many sizes.
package func randomOperands(
  for loss: any KerasLoss, rows: Int, columns: Int
) -> (labels: Tensor<Int32>, predictions: Tensor<Float>, weights: Tensor<Float>) {
  var generator = SeededGenerator(seed: 3)
  func labels(_ shape: [Int], below limit: UInt64) -> Tensor<Int32> {
    Tensor(
      shape: shape,
      scalars: (0..<shape.reduce(1, *)).map { _ in Int32(generator.next() % limit) })
  }
  func numbers(_ shape: [Int], _ unit: Float, _ least: Float) -> Tensor<Float> {
    Tensor(
      shape: shape,
      scalars: (0..<shape.reduce(1, *)).map { _ in Float(generator.next() >> 40) * unit + least })
  }
  let shape = [rows, columns]
  let y =
    switch loss.plan.kernel.labels {
    case .dense: labels(shape, below: 2)
    case .classIDs, .identities, .classSequences: labels([rows], below: 2)
    }
  let p = numbers(shape, 0x1p-24, 0.01)
  let isScalar = (try? loss.losses(y, p))?.shape == []
  return (y, p, numbers(isScalar ? [] : [rows], 0x1p-20, 0))
}
