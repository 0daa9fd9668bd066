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
  let y: Tensor<Int32>
  let p: Tensor<Float>
  switch loss.plan.kernel.labels {
  case .dense:
    y = labels([rows, columns], below: 2)
    p = numbers([rows, columns], 0x1p-24, 0.01)
  case .classIDs:
    y = labels([rows], below: 2)
    p = numbers([rows, columns], 0x1p-24, 0.01)
  case .identities:
    // Every row meets every other.
    let rows = min(rows, 300)
    y = labels([rows], below: 2)
    p = numbers([rows, columns], 0x1p-24 / Float(columns).squareRoot(), 0)
  case .classSequences:
    let steps = max(columns / 5, 2)
    y = labels([rows, min(steps / 2, 20)], below: 5)
    p = numbers([rows, steps, 5], 0x1p-22, 0)
  }
  let losses = (try? loss.losses(y, p))?.shape ?? []
  return (y, p, numbers(Array(losses.prefix(1)), 0x1p-20, 0))
}

/// Random numbers of a shape.
package func randomTensor(
  _ shape: [Int], _ range: ClosedRange<Double>, _ generator: inout SeededGenerator
) -> Tensor<Double> {
  Tensor(
    shape: shape,
    scalars: (0..<shape.reduce(1, *)).map { _ in Double.random(in: range, using: &generator) })
}
