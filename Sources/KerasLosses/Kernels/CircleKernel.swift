/// The circle loss of every row of embeddings against all others.
///
/// With the distance D = max(1 − p·r, 0) of an anchor p from another row r,
///
///     v = γ·(D − m)·max(D + m, 0)         where both have one label
///     v = γ·(1 − m − D)·max(1 + m − D, 0) where they have not
///     loss = softplus(ln Σ e^v over the first + ln Σ e^v over the second)
///
/// The derivative by p·r is −σ(both logarithms)·(e^v / Σ e^v)·dv/dD, and each row's gradient is a sum over its
/// part as an anchor and as a row of every other anchor. So all of the batch is looked at twice: once for the
/// sums, which leaves a few numbers per row, and once for the gradient (``CirclePairs``).
struct CircleKernel: LossKernel {
  let gamma: Double
  let margin: Double
  /// Whether a row is not among those that have its label.
  let removesDiagonal: Bool

  var labels: LabelEncoding { .identities }
  var isBatchwise: Bool { true }

  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    let shape = operands.predictions
    guard shape.count == 2, shape[1] > 0 else {
      throw LossError(
        .rank, operands.names.predictions,
        "must have the shape [batch, dimensions], of at least one dimension; \(operands.both)")
    }
    return try operands.rows(along: 1, labels)
  }

  func prepared(for batch: SampleRun) -> any LossKernel {
    PreparedCircleKernel(self, batch)
  }

  func compute(_ run: SampleRun) { prepared(for: run).compute(run) }
}

/// A circle kernel that has seen the batch.
private struct PreparedCircleKernel: LossKernel {
  private let kernel: CircleKernel
  /// The samples that a mask leaves: the rows of the batch.
  private let samples: [Int]
  private let pairs: CirclePairs
  private let anchors: [CircleAnchor]
  /// Per sample of the batch; 0 for those that a mask excludes.
  private let losses: [Double]
  let participants: [Bool]?

  init(_ kernel: CircleKernel, _ batch: SampleRun) {
    self.kernel = kernel
    let samples = batch.samples.filter { batch.isKept($0) }
    pairs = CirclePairs(kernel, batch, samples)
    anchors = pairs.anchors()
    var losses = [Double](repeating: 0, count: batch.samples.count)
    for (sample, anchor) in zip(samples, anchors) {
      losses[sample] = batch.kind.rounded(anchor.loss)
    }
    self.samples = samples
    self.losses = losses
    // Keras averages over the losses that are positive. NaN stays.
    participants = losses.map { $0 != 0 }
  }

  var labels: LabelEncoding { kernel.labels }
  var isBatchwise: Bool { true }
  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    try kernel.geometry(operands)
  }

  func compute(_ run: SampleRun) {
    for sample in run.samples {
      run.store(loss: run.isKept(sample) ? losses[sample] : 0, of: sample)
    }
    guard let scales = run.scalesOfRun else { return }
    // Samples that a mask excludes stay at 0; a loss of 0 still has rows that others are compared with.
    var isRow = [Bool](repeating: false, count: run.samples.count)
    for sample in samples { isRow[sample] = true }
    for sample in run.samples where !isRow[sample] { run.storeZeroGradient(of: sample) }
    // The scale of each anchor's derivatives with respect to v: without pairs, and for no part in the result, 0.
    let factors = zip(samples, anchors).map { sample, anchor in
      run.isKept(sample) ? anchor.slope * scales[sample] : 0
    }
    pairs.writeGradient(of: run, samples, anchors, factors)
  }
}

/// What the pairs of an anchor leave: what was taken out of the exponents, and Σ e^(v − peak).
struct CircleAnchor: Sendable {
  let peaks: (same: Double, other: Double)
  let sums: (same: Double, other: Double)

  /// Whether there are pairs of both kinds. Each adds something to a sum, if it is not NaN.
  private var isComplete: Bool { sums.same != 0 && sums.other != 0 }

  /// The sum of both logarithms.
  private var exponent: Double {
    peaks.same + peaks.other + Double.log(sums.same) + Double.log(sums.other)
  }

  /// softplus of both logarithms; 0 without pairs of either kind.
  var loss: Double {
    guard isComplete else { return 0 }
    let x = exponent
    return max(x, 0) + Double.log1p(Double.exp(-x.magnitude))
  }

  /// The derivative of softplus.
  var slope: Double { isComplete ? 1 / (1 + Double.exp(-exponent)) : 0 }
}
