// A loss over files, one slab of samples after the other: the numbers of one slab are in memory at a
// time, and the result is that of the whole arrays, to the bit.

import KerasLosses
import TFCompatV1

/// A loss over files whose shapes have been checked.
package struct SlabbedCall<Scalar: LossScalar>: Sendable {
  private(set) var kernel: any LossKernel
  /// Whether the loss asks for it and there are labels that are neither 0 nor 1.
  private(set) var hasOtherLabels = false
  let geometry: SampleGeometry
  private let operands: Operands
  private let labels: NpyRows
  private let predictions: NpyRows
  private let weights: NpyRows?
  private let mask: NpyRows?
  /// How many numbers of labels, and as many of predictions, are in memory at a time. One sample is the
  /// least.
  let slabElements: Int

  /// A call under the rules of either style.
  ///
  /// - Parameter style: what is computed, under TensorFlow 1's rules for shapes and weights or Keras's.
  package init(
    _ style: CallStyle, _ operands: Operands, slabElements: Int = 1 << 18
  ) throws(Failure) {
    do {
      let (kernel, geometry) = try style.samples(operands)
      let losses = geometry.lossShape
      if let mask = operands.mask {
        let names = operands.names
        try SampleWeights<Scalar>.check(
          mask: mask.shape, losses: losses, predictions: operands.predictions.shape, names: names)
      }
      let aligned = try style.weights(operands, losses)
      self.kernel = kernel
      labels = operands.labels.rows(of: geometry.labels)
      predictions = operands.predictions.rows(of: geometry.predictions)
      weights = aligned.flatMap { operands.weights?.broadcast($0, over: losses) }
      mask = operands.mask?.broadcast(losses, over: losses)
      self.geometry = geometry
      self.operands = operands
      self.slabElements = slabElements
    } catch {
      throw operands.failure(error)
    }
    if kernel.dependsOnBinaryLabels {
      let isBinary = slabs.allSatisfy(labelsAreBinary)
      kernel = kernel.adapted(toBinaryLabels: isBinary)
      hasOtherLabels = !isBinary
    }
  }

  /// Whether all labels of a slab that a mask does not exclude are 0 or 1.
  private func labelsAreBinary(_ slab: Range<Int>) -> Bool {
    let numbers: [Double] = labels.gather(slab)
    let keep: [Bool]? = mask?.gather(slab)
    let classes = geometry.classes
    return numbers.indices.allSatisfy {
      numbers[$0] == 0 || numbers[$0] == 1 || keep?[$0 / classes] == false
    }
  }

  /// The number of losses.
  package var sampleCount: Int { geometry.sampleCount }

  /// The shape of the losses.
  var lossShape: [Int] { geometry.lossShape }

  /// The value under a reduction.
  package func value(
    _ rule: some AccumulatorRule, _ progress: inout Progress
  ) throws(Failure) -> Tensor<Scalar> {
    var all = Part()
    for slab in slabs {
      let isReduced = rule.denominator(of: all.accumulator) != nil
      all.append(try part(over: slab, isReduced ? .accumulate : .keepLosses))
      progress.advance(by: slab.count)
    }
    return value(of: all, rule.denominator(of: all.accumulator))
  }

  /// The value under a reduction; the gradient goes to `write`, piece by piece, each with the number
  /// of its first element in the array of predictions.
  package func value(
    _ rule: some AccumulatorRule, _ progress: inout Progress,
    gradient write: ([Scalar], Int) throws(Failure) -> Void
  ) throws(Failure) -> Tensor<Scalar> {
    var totals = LossAccumulator()
    for slab in slabs { totals.merge(try part(over: slab, .totals).accumulator) }
    var all = Part()
    for slab in slabs {
      let part = try part(over: slab, .differentiate(rule, totals))
      try scatter(part.gradient, of: slab, write)
      all.append(part)
      progress.advance(by: slab.count)
    }
    return value(of: all, rule.denominator(of: totals))
  }

  /// The weighted losses one by one, and what they leave for every reduction at once.
  ///
  /// - Parameter keepsAll: whether all losses are returned, or those at both ends.
  package func losses(
    _ progress: inout Progress, keepsAll: Bool
  ) throws(Failure) -> MigrationReport<Scalar>.Side {
    var accumulator = LossAccumulator()
    var listing = LossEnds<Scalar>(count: sampleCount, keepsAll: keepsAll)
    for slab in slabs {
      let part = try part(over: slab, .keepLosses)
      accumulator.merge(part.accumulator)
      listing.append(part.losses)
      progress.advance(by: slab.count)
    }
    return MigrationReport.Side(
      accumulator: accumulator,
      losses: MigrationReport.Listing(shape: lossShape, scalars: listing.scalars))
  }

  private func value(
    of part: Part, _ denominator: LossAccumulator.Denominator?
  ) -> Tensor<Scalar> {
    denominator.map { Tensor(part.accumulator.finish($0)) }
      ?? Tensor(unchecked: geometry.lossShape, scalars: part.losses)
  }
}

extension SlabbedCall {
  /// What is to be done with a slab.
  private enum Work {
    case totals
    case accumulate
    case keepLosses
    case differentiate(any AccumulatorRule, LossAccumulator)
  }

  /// What a slab leaves.
  private struct Part {
    var accumulator = LossAccumulator()
    var losses: [Scalar] = []
    var gradient: [Scalar] = []

    mutating func append(_ other: Part) {
      accumulator.merge(other.accumulator)
      losses += other.losses
    }
  }

  private func part(over slab: Range<Int>, _ work: Work) throws(Failure) -> Part {
    let shape = [slab.count]
    let weights = SampleWeights<Scalar>(
      lossShape: shape,
      weights: weights.map { Tensor(unchecked: shape, scalars: $0.gather(slab)) },
      alignedShape: shape,
      mask: mask.map { Tensor(unchecked: shape, scalars: $0.gather(slab)) })
    // Class ids keep their own kind of number: integers never pass through floating point.
    switch (kernel.labels, operands.labels.header.type) {
    case (.dense, _): return try part(slab, weights, work, Scalar.self)
    case (_, .float16), (_, .float32), (_, .float64):
      return try part(slab, weights, work, Double.self)
    case (_, .uint64): return try part(slab, weights, work, UInt64.self)
    default: return try part(slab, weights, work, Int64.self)
    }
  }

  private func part<Label: TensorElement>(
    _ slab: Range<Int>, _ weights: SampleWeights<Scalar>, _ work: Work, _ type: Label.Type
  ) throws(Failure) -> Part {
    let loop = loop(over: slab, type)
    do {
      try loop.checkLabels(
        weights, names: operands.names, firstSample: slab.lowerBound,
        shapes: (operands.labels.shape, operands.predictions.shape))
    } catch {
      throw operands.failure(error)
    }
    let pass = LossPass(loop, weights: weights)
    var part = Part()
    switch work {
    case .totals: part.accumulator = pass.totals()
    case .accumulate: part.accumulator = pass.accumulated()
    case .keepLosses:
      let result = pass.weightedLosses()
      part.losses = result.losses.scalars
      part.accumulator = result.accumulator
    case .differentiate(let rule, let totals):
      part.gradient = [Scalar](repeating: 0, count: slab.count * geometry.classes)
      let result = pass.value(rule, totals: totals, gradient: &part.gradient)
      part.accumulator = result.accumulator
      if rule.denominator(of: totals) == nil { part.losses = result.value.scalars }
    }
    return part
  }

  /// The samples of a slab as rows of a matrix.
  private func loop<Label: TensorElement>(
    over slab: Range<Int>, _ type: Label.Type
  ) -> SampleLoop<Label, Scalar> {
    let rows = geometry.rows(slab.count)
    return SampleLoop(
      kernel: kernel, geometry: rows,
      yTrue: Tensor(unchecked: rows.labels.shape, scalars: labels.gather(slab)),
      yPred: Tensor(unchecked: rows.predictions.shape, scalars: predictions.gather(slab)))
  }
}
