/// One call of a loss: validated operands, and the ways to go through them.
///
/// Every loss and every caller (Keras-style, TensorFlow-1-style, the command) goes through here. A pass
/// feeds its weighted losses to a ``LossAccumulator``; an ``AccumulatorRule`` finishes it. Samples are taken
/// in blocks that depend on the shape alone; threads take blocks, and since the accumulator is exact, who
/// took which does not matter.
package struct LossPass<Source: LossSource>: Sendable {
  package typealias Scalar = Source.Scalar

  private let source: Source
  private let weights: SampleWeights<Scalar>
  private let sampleCount: Int

  package init(_ source: Source, weights: SampleWeights<Scalar>) {
    let source = source.prepared(weights)
    self.source = source
    self.weights = weights
    sampleCount = source.lossShape.reduce(1, *)
  }

  /// The accumulator of the weights alone: enough to know every denominator, or those of a rule.
  package func totals(for rule: (any AccumulatorRule)? = nil) -> LossAccumulator {
    var totals = LossAccumulator()
    let readsWeights = rule?.readsWeights ?? true
    if !source.leavesSamplesOut, readsWeights ? weights.areAllOne : !weights.haveMask {
      totals.feed(weights: nil as ArraySlice<Scalar>?, count: sampleCount, keep: nil)
      return totals
    }
    for start in stride(from: 0, to: sampleCount, by: 4096) {
      let range = start..<min(start + 4096, sampleCount)
      totals.feed(
        weights: readsWeights ? weights.weights(in: range) : nil, count: range.count,
        keep: source.keep(in: range, mask: weights.keep(in: range)))
    }
    return totals
  }

  /// The accumulator of all weighted losses: for every reduction, or for one.
  package func accumulated(for rule: (any AccumulatorRule)? = nil) -> LossAccumulator {
    run(
      elementsPerLoss: source.elementsReadPerLoss, sumsWeights: rule?.dividesByWeights ?? true,
      adding: (divisor: 1, gradient: nil)
    ) { source, block, local in
      // Losses that are there already are not copied.
      if let given = source.given(block) { return local.feed(given) }
      Self.compute(source, block, &local)
      local.feed()
    }
  }

  /// The weighted losses one by one, 0 where masked, and what they leave for every reduction.
  package func weightedLosses() -> (losses: Tensor<Scalar>, accumulator: LossAccumulator) {
    let (values, accumulator) = SharedArray.fresh(of: Scalar.self, count: sampleCount) { target in
      run(elementsPerLoss: source.elementsReadPerLoss) { source, block, local in
        Self.compute(source, block, &local)
        local.store(into: target)
        local.feed()
      }
    }
    return (Tensor(unchecked: source.lossShape, scalars: values), accumulator)
  }

  /// The value under `rule`.
  package func value(_ rule: some AccumulatorRule) -> Tensor<Scalar> {
    if rule.denominator(of: LossAccumulator()) == nil { return weightedLosses().losses }
    let accumulator = accumulated(for: rule)
    return Tensor(accumulator.finish(rule.denominator(of: accumulator) ?? .one))
  }

  /// The value under `rule`, and into `gradient` the derivative of its sum with respect to the
  /// predictions.
  ///
  /// `totals` are the weights' totals where the pass is only a part of a larger one.
  package func value(
    _ rule: some AccumulatorRule, totals: LossAccumulator? = nil, gradient: inout [Scalar]
  ) -> (value: Tensor<Scalar>, accumulator: LossAccumulator) {
    SharedArray.reusing(&gradient) { value(rule, totals: totals, gradient: $0) }
  }

  /// The value under `rule` and a new gradient.
  package func valueWithGradient(
    _ rule: some AccumulatorRule
  ) -> (value: Tensor<Scalar>, gradient: [Scalar]) {
    let (gradient, result) = SharedArray.fresh(of: Scalar.self, count: source.gradientCount) {
      value(rule, totals: nil, gradient: $0)
    }
    return (result.value, gradient)
  }

  private func value(
    _ rule: some AccumulatorRule, totals: LossAccumulator?, gradient: SharedArray
  ) -> (value: Tensor<Scalar>, accumulator: LossAccumulator) {
    let totals = totals ?? self.totals(for: rule)
    let denominator = rule.denominator(of: totals)
    let divisor = totals.divisor(denominator ?? .one)
    func step(_ source: Source, _ block: Range<Int>, _ local: inout PassBlock<Scalar>) {
      local.setScales(block.count, divisor: divisor)
      Self.compute(source, block, &local, gradient)
    }
    guard let denominator else {
      let (values, accumulator) = SharedArray.fresh(of: Scalar.self, count: sampleCount) { target in
        run(elementsPerLoss: source.elementsPerLoss) { source, block, local in
          step(source, block, &local)
          local.store(into: target)
        }
      }
      return (Tensor(unchecked: source.lossShape, scalars: values), accumulator)
    }
    let accumulator = run(
      elementsPerLoss: source.elementsPerLoss, sumsWeights: denominator == .weights,
      adding: divisor == 0 ? nil : (divisor, gradient)
    ) { source, block, local in
      step(source, block, &local)
      local.feed()
    }
    return (Tensor(accumulator.finish(denominator)), accumulator)
  }

  private static func compute(
    _ source: Source, _ block: Range<Int>, _ local: inout PassBlock<Scalar>,
    _ gradient: SharedArray? = nil
  ) {
    source.compute(
      block, keep: local.keep, losses: &local.losses, scales: gradient == nil ? nil : local.scales,
      gradient: gradient)
  }

  /// Samples per block: a sixteenth of all, as threads begin one after the other, within 16 Ki ... 64 Ki elements, but
  /// not fewer than have to be read together; all where they depend on each other.
  private func blockLength(elementsPerLoss: Int) -> Int {
    if source.isBatchwise { return max(1, sampleCount) }
    let elements = jobLength(sampleCount * elementsPerLoss, most: 1 << 16)
    return max(1, source.samplesTogether, elements / max(1, elementsPerLoss))
  }

  /// Samples that are computed at a time. Losses that are stored are few enough to be added up before they leave the
  /// cache, as are weights that are brought into order; else memory is read fastest without a pause.
  private func partLength(_ blockLength: Int, stores: Bool) -> Int {
    if source.isBatchwise || !stores && weights.lieInPlace { return blockLength }
    return min(blockLength, max(source.samplesTogether, 2048))
  }

  /// How a source that can do so adds its weighted losses without storing them.
  fileprivate typealias Adding = (divisor: Double, gradient: SharedArray?)

  /// Runs `body` over all samples and returns what the threads accumulated: once, or a second time where the
  /// source was prepared on a supposition that did not hold. Losses that the source adds by itself do not come to `body`.
  private func run(
    elementsPerLoss: Int, sumsWeights: Bool = true, adding: Adding? = nil,
    _ body: (Source, Range<Int>, inout PassBlock<Scalar>) -> Void
  ) -> LossAccumulator {
    let accumulator = run(source, elementsPerLoss, sumsWeights, adding, body)
    guard let corrected = source.corrected else { return accumulator }
    return run(corrected, elementsPerLoss, sumsWeights, adding, body)
  }

  private func run(
    _ source: Source, _ elementsPerLoss: Int, _ sumsWeights: Bool, _ adding: Adding?,
    _ body: (Source, Range<Int>, inout PassBlock<Scalar>) -> Void
  ) -> LossAccumulator {
    let adding = source.addsLosses && !weights.haveMask && !source.leavesSamplesOut ? adding : nil
    let blockLength = blockLength(elementsPerLoss: elementsPerLoss)
    let partLength = partLength(blockLength, stores: adding == nil)
    let blockCount = (sampleCount + blockLength - 1) / blockLength
    let threads = threadCount(elements: sampleCount * elementsPerLoss, blocks: blockCount)
    let stored = adding == nil ? min(partLength, sampleCount) : 0
    return withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      let locals = concurrentBlocks(blockCount, threads: threads) {
        PassBlock<Scalar>(size: stored, sumsWeights: sumsWeights)
      } body: { local, number in
        let start = number * blockLength
        let block = start..<min(start + blockLength, sampleCount)
        for part in blocks(of: block, length: partLength) {
          if let adding {
            local.add(source, part, weights, adding)
          } else {
            let mask = weights.keep(in: part)
            local.begin(part, weights, keep: source.keep(in: part, mask: mask))
            body.value(source, part, &local)
          }
        }
      }
      return locals.dropFirst().reduce(into: locals[0].accumulator) { $0.merge($1.accumulator) }
    }
  }
}

/// What one thread holds: the losses of the block it works on, and all it has accumulated.
private struct PassBlock<Scalar: LossScalar>: Sendable {
  var accumulator: LossAccumulator
  var losses: [Scalar]
  private(set) var scales: [Double] = []
  private(set) var keep: [Bool]?
  private var range = 0..<0
  private var weights: ArraySlice<Scalar>?

  init(size: Int, sumsWeights: Bool) {
    accumulator = LossAccumulator(sumsWeights: sumsWeights)
    losses = [Scalar](repeating: 0, count: size)
  }

  mutating func begin(
    _ range: Range<Int>, _ sampleWeights: SampleWeights<Scalar>, keep: [Bool]?
  ) {
    self.range = range
    self.keep = keep
    weights = sampleWeights.weights(in: range)
  }

  /// The scales are w / divisor for each sample; 0 if the divisor is 0.
  mutating func setScales(_ count: Int, divisor: Double) {
    divide(weights, by: divisor, count: count, into: &scales)
  }

  /// Adds weighted losses without storing them, and writes their derivatives.
  mutating func add<Source: LossSource<Scalar>>(
    _ source: Source, _ range: Range<Int>, _ sampleWeights: SampleWeights<Scalar>,
    _ adding: LossPass<Source>.Adding
  ) {
    source.add(
      range, weights: sampleWeights.weights(in: range), divisor: adding.divisor,
      gradient: adding.gradient, to: &accumulator)
  }

  mutating func feed() { feed(losses[..<range.count]) }

  mutating func feed(_ losses: ArraySlice<Scalar>) {
    accumulator.feed(losses: losses, weights: weights, keep: keep)
  }

  /// Stores the weighted losses where they belong in the tensor of losses.
  func store(into target: SharedArray) {
    target.store(losses[..<range.count], weights: weights, keep: keep, at: range.lowerBound)
  }
}
