// mean_pairwise_squared_error over files, one slab of samples after the other.

import KerasLosses
import TFCompatV1

/// A call whose shapes have been checked.
package struct PairwiseSlabs<Scalar: LossScalar> {
  private let shapes: PairwiseShapes
  private let labels: NpyRows
  private let predictions: NpyRows
  private let weights: NpyRows?
  private let slabLength: Int

  /// - Parameter slabElements: how many numbers of labels, and as many of predictions, are in memory at a
  ///   time. One sample is the least.
  package init(_ operands: Operands, slabElements: Int = 1 << 18) throws(Failure) {
    do {
      shapes = try PairwiseShapes(
        labels: operands.labels.shape, predictions: operands.predictions.shape,
        weights: operands.weights?.shape ?? [], names: operands.names)
    } catch {
      throw operands.failure(error)
    }
    func samples(_ file: NpyFile) -> NpyRows {
      file.rows(of: SampledShape(file.shape, axes: Array(file.shape.indices.dropFirst())))
    }
    labels = samples(operands.labels)
    predictions = samples(operands.predictions)
    weights = operands.weights.map(samples)
    slabLength = max(1, slabElements / max(1, shapes.sampleSize))
  }

  /// The number of samples.
  package var sampleCount: Int { shapes.sampleCount }

  /// What the weighted terms of all samples leave.
  package func accumulated(_ progress: inout Progress) -> LossAccumulator {
    var result = LossAccumulator()
    for start in stride(from: 0, to: sampleCount, by: slabLength) {
      let slab = start..<min(start + slabLength, sampleCount)
      let call = PairwiseCall<Scalar, Scalar>(
        PairwiseShapes(shapes, sampleCount: slab.count), tensor(labels.gather(slab)),
        tensor(predictions.gather(slab)), weights(of: slab))
      result.merge(call.accumulated(call.terms()))
      progress.advance(by: slab.count)
    }
    return result
  }

  private func weights(of slab: Range<Int>) -> Tensor<Scalar> {
    guard let weights else { return 1 }
    return tensor(weights.gather(shapes.hasWeightsPerSample ? slab : 0..<1))
  }

  private func tensor(_ scalars: [Scalar]) -> Tensor<Scalar> {
    Tensor(unchecked: [scalars.count], scalars: scalars)
  }
}
