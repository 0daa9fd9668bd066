/// One call of a loss: validated operands, and the ways to go through them.
///
/// Every loss and every caller (Keras-style, TensorFlow-1-style, the command) goes through here. A pass
/// feeds its weighted losses to a ``LossAccumulator``; an ``AccumulatorRule`` finishes it.
package struct LossPass<Source: LossSource>: Sendable {
  package typealias Scalar = Source.Scalar

  private let source: Source
  private let weights: SampleWeights<Scalar>
  private let sampleCount: Int

  /// How many samples are in flight at a time: enough to amortize a call, few enough for the cache.
  private static var chunk: Int { 1024 }

  package init(_ source: Source, weights: SampleWeights<Scalar>) {
    self.source = source
    self.weights = weights
    sampleCount = source.lossShape.reduce(1, *)
  }

  private var chunks: StrideTo<Int> { stride(from: 0, to: sampleCount, by: Self.chunk) }

  private func range(_ start: Int) -> Range<Int> {
    start..<min(start + Self.chunk, sampleCount)
  }

  /// The accumulator of the weights alone: enough to know every denominator.
  package func totals() -> LossAccumulator {
    var totals = LossAccumulator()
    for start in chunks {
      let range = range(start)
      totals.feed(
        weights: weights.weights(in: range), count: range.count, keep: weights.keep(in: range))
    }
    return totals
  }

  /// The accumulator of all weighted losses.
  package func accumulated() -> LossAccumulator {
    var accumulator = LossAccumulator()
    for start in chunks {
      let range = range(start)
      let keep = weights.keep(in: range)
      accumulator.feed(
        losses: source.losses(of: range, keep: keep), weights: weights.weights(in: range),
        keep: keep)
    }
    return accumulator
  }

  /// The weighted losses one by one, 0 where masked.
  package func weightedLosses() -> Tensor<Scalar> {
    var values: [Scalar] = []
    values.reserveCapacity(sampleCount)
    for start in chunks {
      let range = range(start)
      let keep = weights.keep(in: range)
      values += weighted(source.losses(of: range, keep: keep), range, keep)
    }
    return Tensor(unchecked: source.lossShape, scalars: values)
  }

  /// The value under `rule`.
  package func value(_ rule: some AccumulatorRule) -> Tensor<Scalar> {
    if rule.denominator(of: LossAccumulator()) == nil { return weightedLosses() }
    let accumulator = accumulated()
    return Tensor(accumulator.finish(rule.denominator(of: accumulator) ?? .one))
  }

  /// The value under `rule`, and into `gradient` the derivative of its sum with respect to the
  /// predictions.
  ///
  /// `totals` are the weights' totals where the pass is only a part of a larger one.
  package func value(
    _ rule: some AccumulatorRule, totals: LossAccumulator? = nil, gradient: inout [Scalar]
  ) -> (value: Tensor<Scalar>, accumulator: LossAccumulator) {
    let totals = totals ?? self.totals()
    let denominator = rule.denominator(of: totals)
    var accumulator = LossAccumulator()
    var values: [Scalar] = []
    for start in chunks {
      let range = range(start)
      let keep = weights.keep(in: range)
      let chunkWeights = weights.weights(in: range)
      let scales = (0..<range.count).map { index in
        totals.scale(ofWeight: chunkWeights.map { Double($0[index]) } ?? 1, denominator ?? .one)
      }
      let losses = source.losses(of: range, keep: keep, scales: scales, gradient: &gradient)
      if denominator == nil {
        values += weighted(losses, range, keep)
      } else {
        accumulator.feed(losses: losses, weights: chunkWeights, keep: keep)
      }
    }
    guard let denominator else {
      return (Tensor(unchecked: source.lossShape, scalars: values), accumulator)
    }
    return (Tensor(accumulator.finish(denominator)), accumulator)
  }

  private func weighted(_ losses: [Scalar], _ range: Range<Int>, _ keep: [Bool]?) -> [Scalar] {
    let weights = weights.weights(in: range)
    return losses.indices.map { index in
      guard keep?[index] ?? true else { return 0 }
      return weights.map { losses[index] * $0[index] } ?? losses[index]
    }
  }
}
