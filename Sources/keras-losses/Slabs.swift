// A loss over files, one slab of samples after the other: the numbers of one slab are in memory at a
// time, and the result is that of the whole arrays, to the bit.

import KerasLosses
import TFCompatV1

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
  private var kernel: any LossKernel
  /// Whether the loss asks for it and there are labels that are neither 0 nor 1.
  private(set) var hasOtherLabels = false
  private let geometry: SampleGeometry
  private let operands: Operands
  private let labels: NpyRows
  private let predictions: NpyRows
  private let weights: NpyRows?
  private let mask: NpyRows?
  /// How many numbers of labels, and as many of predictions, are in memory at a time. One sample is the
  /// least.
  private let slabElements: Int

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

extension SlabbedCall {
  /// The slabs in order. Each holds whole blocks of `classes` × `inner` numbers, or lies within one. Samples
  /// that depend on each other, or do not lie in such blocks, are all in one.
  private var slabs: some Sequence<Range<Int>> {
    sequence(state: 0) { start -> Range<Int>? in
      guard start < geometry.sampleCount else { return nil }
      let slab = slab(from: start)
      start = slab.upperBound
      return slab
    }
  }

  private func slab(from start: Int) -> Range<Int> {
    guard geometry.isBlock, !kernel.isBatchwise else { return start..<geometry.sampleCount }
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
    guard geometry.isBlock else { return try write(unfolded(rows), 0) }
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

  /// The rows of all samples as they lie in the predictions.
  private func unfolded(_ rows: [Scalar]) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: rows.count)
    for sample in 0..<geometry.sampleCount {
      let offset = geometry.offset(ofSample: sample)
      let row = sample * geometry.classes
      geometry.forEachPiece(of: 0..<geometry.classes) { start, piece in
        for (index, element) in piece.enumerated() {
          result[offset + start + index * geometry.inner] = rows[row + element]
        }
      }
    }
    return result
  }
}
