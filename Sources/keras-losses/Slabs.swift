// A loss over files, one slab of samples after the other: the numbers of one slab are in memory at a
// time, and the result is that of the whole arrays, to the bit.

import KerasLosses

/// The files of one call.
package struct Operands: Sendable {
  let labels: NpyFile
  let predictions: NpyFile
  let weights: NpyFile?
  let mask: NpyFile?
  /// The options that the files were given for.
  let names: ArgumentNames

  package init(
    labels: NpyFile, predictions: NpyFile, weights: NpyFile? = nil, mask: NpyFile? = nil,
    names: ArgumentNames
  ) {
    self.labels = labels
    self.predictions = predictions
    self.weights = weights
    self.mask = mask
    self.names = names
  }

  /// An error of the library, with the file at fault before it.
  func failure(_ error: LossError) -> Failure {
    let file =
      switch error.argument {
      case names.labels: labels
      case names.weights: weights
      case "mask": mask
      default: predictions
      }
    return .data((file ?? predictions).path, error.description)
  }
}

/// A loss over files whose shapes have been checked.
package struct SlabbedCall<Scalar: LossScalar>: Sendable {
  private let kernel: any RowKernel
  private let geometry: SampleGeometry
  private let labels: NpyRows
  private let predictions: NpyRows
  private let weights: NpyRows?
  private let mask: NpyRows?
  /// How many numbers of labels, and as many of predictions, are in memory at a time. One sample is the
  /// least.
  private let slabElements: Int

  /// A call under the rules of either style.
  ///
  /// - Parameter style: TensorFlow 1's rules for shapes and weights, or Keras's.
  package init(
    _ plan: LossPlan, _ operands: Operands, style: CallStyle, slabElements: Int = 1 << 18
  ) throws(Failure) {
    do {
      let (shape, axis) = try style.samples(plan, operands)
      let geometry = SampleGeometry(shape: shape, axis: axis)
      let losses = geometry.lossShape
      if let mask = operands.mask {
        let names = operands.names
        try SampleWeights<Scalar>.check(
          mask: mask.shape, losses: losses, predictions: operands.predictions.shape, names: names)
      }
      let aligned = try style.weights(operands, losses)
      kernel = plan.kernel
      labels = operands.labels.rows(of: shape, axis: axis)
      predictions = operands.predictions.rows(of: shape, axis: axis)
      weights = aligned.flatMap { operands.weights?.broadcast($0, over: losses) }
      mask = operands.mask?.broadcast(losses, over: losses)
      self.geometry = geometry
      self.slabElements = slabElements
    } catch {
      throw operands.failure(error)
    }
  }

  /// The number of losses.
  package var sampleCount: Int { geometry.sampleCount }

  /// The value under a reduction.
  package func value(_ rule: some AccumulatorRule, _ progress: inout Progress) -> Tensor<Scalar> {
    var accumulator = LossAccumulator()
    guard rule.denominator(of: accumulator) != nil else {
      var values: [Scalar] = []
      for slab in slabs {
        values += pass(over: slab).weightedLosses().scalars
        progress.advance(by: slab.count)
      }
      return Tensor(unchecked: geometry.lossShape, scalars: values)
    }
    for slab in slabs {
      accumulator.merge(pass(over: slab).accumulated())
      progress.advance(by: slab.count)
    }
    return Tensor(accumulator.finish(rule.denominator(of: accumulator) ?? .one))
  }

  /// The value under a reduction; the gradient goes to `write`, piece by piece, each with the number
  /// of its first element in the array of predictions.
  package func value(
    _ rule: some AccumulatorRule, _ progress: inout Progress,
    gradient write: ([Scalar], Int) throws(Failure) -> Void
  ) throws(Failure) -> Tensor<Scalar> {
    let totals = totals()
    var accumulator = LossAccumulator()
    var values: [Scalar] = []
    for slab in slabs {
      var gradient = [Scalar](repeating: 0, count: slab.count * geometry.classes)
      let part = pass(over: slab).value(rule, totals: totals, gradient: &gradient)
      if rule.denominator(of: totals) == nil {
        values += part.value.scalars
      } else {
        accumulator.merge(part.accumulator)
      }
      try scatter(gradient, of: slab, write)
      progress.advance(by: slab.count)
    }
    guard let denominator = rule.denominator(of: totals) else {
      return Tensor(unchecked: geometry.lossShape, scalars: values)
    }
    return Tensor(accumulator.finish(denominator))
  }

  /// The weighted losses one by one, and what they leave for every reduction at once.
  package func losses(
    _ progress: inout Progress
  ) -> (weighted: Tensor<Scalar>, accumulator: LossAccumulator) {
    var accumulator = LossAccumulator()
    var values: [Scalar] = []
    for slab in slabs {
      let weights = sampleWeights(slab)
      // The losses are computed once; weighting them is cheap enough to be done twice.
      let losses = loop(over: slab).losses(
        of: 0..<slab.count, keep: weights.keep(in: 0..<slab.count))
      let source = GivenLosses(Tensor(unchecked: [slab.count], scalars: losses))
      let pass = LossPass(source, weights: weights)
      accumulator.merge(pass.accumulated())
      values += pass.weightedLosses().scalars
      progress.advance(by: slab.count)
    }
    return (Tensor(unchecked: geometry.lossShape, scalars: values), accumulator)
  }

  /// The totals of the weights alone: what the denominators of a gradient need before the first slab.
  private func totals() -> LossAccumulator {
    var totals = LossAccumulator()
    for slab in slabs {
      let weights = sampleWeights(slab)
      let all = 0..<slab.count
      totals.feed(weights: weights.weights(in: all), count: slab.count, keep: weights.keep(in: all))
    }
    return totals
  }

  private func pass(over slab: Range<Int>) -> LossPass<SampleLoop<Scalar, Scalar>> {
    LossPass(loop(over: slab), weights: sampleWeights(slab))
  }

  /// The samples of a slab as rows of a matrix.
  private func loop(over slab: Range<Int>) -> SampleLoop<Scalar, Scalar> {
    let shape = [slab.count, geometry.classes]
    return SampleLoop(
      kernel: kernel, geometry: SampleGeometry(shape: shape, axis: 1),
      yTrue: Tensor(unchecked: shape, scalars: labels.gather(slab)),
      yPred: Tensor(unchecked: shape, scalars: predictions.gather(slab)))
  }

  private func sampleWeights(_ slab: Range<Int>) -> SampleWeights<Scalar> {
    let shape = [slab.count]
    return SampleWeights(
      lossShape: shape,
      weights: weights.map { Tensor(unchecked: shape, scalars: $0.gather(slab)) },
      alignedShape: shape,
      mask: mask.map { Tensor(unchecked: shape, scalars: $0.gather(slab)) })
  }
}

extension SlabbedCall {
  /// The slabs in order. Each holds whole blocks of `classes` × `inner` numbers, or lies within one.
  private var slabs: some Sequence<Range<Int>> {
    sequence(state: 0) { start -> Range<Int>? in
      guard start < geometry.sampleCount else { return nil }
      let slab = slab(from: start)
      start = slab.upperBound
      return slab
    }
  }

  private func slab(from start: Int) -> Range<Int> {
    let inner = geometry.inner
    let classes = max(geometry.classes, 1)
    let blocks = slabElements / (classes * inner)
    if blocks > 0 { return start..<min(start + blocks * inner, geometry.sampleCount) }
    let endOfBlock = (start / inner + 1) * inner
    return start..<min(start + max(1, slabElements / classes), endOfBlock)
  }

  /// Brings the rows of a slab to where they lie in the predictions: element `c` of sample
  /// `o · inner + i` is number `(o · classes + c) · inner + i`.
  private func scatter(
    _ rows: [Scalar], of slab: Range<Int>, _ write: ([Scalar], Int) throws(Failure) -> Void
  ) throws(Failure) {
    let classes = geometry.classes
    let inner = geometry.inner
    let first = geometry.offset(ofSample: slab.lowerBound)
    if inner == 1 { return try write(rows, first) }
    if slab.count % inner == 0, slab.lowerBound % inner == 0 {
      let turned = rows.indices.map { number in
        let i = number % inner
        let c = number / inner % classes
        return rows[((number / inner / classes) * inner + i) * classes + c]
      }
      return try write(turned, first)
    }
    for c in 0..<classes {
      let column = stride(from: c, to: rows.count, by: classes).map { rows[$0] }
      try write(column, first + c * inner)
    }
  }
}
