internal import CLossKernels

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
/// logarithms, which leaves a few numbers per row, and once for the gradient. Distances are computed anew
/// then, and no matrix of them is kept.
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
    let embeddings = Embeddings(batch)
    let anchors = embeddings.concurrentChunks { rows, buffers in
      embeddings.products(of: rows, into: buffers.products)
      return rows.enumerated().map { number, row in
        let products = buffers.products + number * embeddings.count
        return anchor(row, embeddings, products, buffers.values)
      }
    }
    return PreparedCircleKernel(self, batch, embeddings, anchors)
  }

  func compute(_ run: SampleRun) { prepared(for: run).compute(run) }

  /// What the pairs of a row leave.
  private func anchor(
    _ row: Int, _ embeddings: Embeddings, _ products: UnsafePointer<Double>,
    _ values: UnsafeMutablePointer<Double>
  ) -> CircleAnchor {
    embeddings.labels.withUnsafeBufferPointer { labels in
      let label = labels[row]
      var peaks = (same: -Double.infinity, other: -Double.infinity)
      for (index, other) in labels.enumerated() {
        let value = pair(products[index], isSame: other == label).value
        values[index] = value
        if other != label {
          if !(value <= peaks.other) { peaks.other = value }
        } else if isPair(row, index), !(value <= peaks.same) {
          peaks.same = value
        }
      }
      for (index, other) in labels.enumerated() {
        values[index] -= other == label ? peaks.same : peaks.other
      }
      kl_block_exp_f64(values, values, labels.count)
      var sums = (same: 0.0, other: 0.0)
      for (index, other) in labels.enumerated() {
        if other != label {
          sums.other += values[index]
        } else if isPair(row, index) {
          sums.same += values[index]
        }
      }
      return CircleAnchor(peaks: peaks, sums: sums)
    }
  }

  /// Whether two rows of one label are a pair.
  fileprivate func isPair(_ row: Int, _ other: Int) -> Bool { !removesDiagonal || row != other }

  /// v of a pair with this product, and −dv/dD, or 0 where the distance is cut off at 0.
  @inline(__always)
  fileprivate func pair(
    _ product: Double, isSame: Bool
  ) -> (value: Double, derivative: Double) {
    let isNear = product >= 1
    let distance = isNear ? 0 : 1 - product
    if isSame {
      let weight = distance + margin
      if weight <= 0 { return (0, 0) }
      return (gamma * weight * (distance - margin), isNear ? 0 : -2 * gamma * distance)
    }
    let weight = 1 + margin - distance
    if weight <= 0 { return (0, 0) }
    return (gamma * weight * (1 - margin - distance), isNear ? 0 : 2 * gamma * (1 - distance))
  }
}

/// What the pairs of an anchor leave: the largest v of both kinds, and Σ e^(v − largest).
struct CircleAnchor: Sendable {
  let peaks: (same: Double, other: Double)
  let sums: (same: Double, other: Double)

  /// Whether there are pairs of both kinds.
  private var isComplete: Bool { peaks.same != -.infinity && peaks.other != -.infinity }

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

/// A circle kernel that has seen the batch.
private struct PreparedCircleKernel: LossKernel {
  private let kernel: CircleKernel
  private let embeddings: Embeddings
  private let anchors: [CircleAnchor]
  /// Per sample of the batch; 0 for those that a mask excludes.
  private let losses: [Double]
  let participants: [Bool]?

  init(
    _ kernel: CircleKernel, _ batch: SampleRun, _ embeddings: Embeddings, _ anchors: [CircleAnchor]
  ) {
    self.kernel = kernel
    self.embeddings = embeddings
    self.anchors = anchors
    var losses = [Double](repeating: 0, count: batch.samples.count)
    for (sample, anchor) in zip(embeddings.samples, anchors) {
      losses[sample] = batch.kind.rounded(anchor.loss)
    }
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
    for sample in embeddings.samples { isRow[sample] = true }
    for sample in run.samples where !isRow[sample] { run.storeZeroGradient(of: sample) }
    // The scale of each anchor's derivatives with respect to v: without pairs, and for no part in the result, 0.
    let factors = zip(embeddings.samples, anchors).map { sample, anchor in
      run.isKept(sample) ? anchor.slope * scales[sample] : 0
    }
    let shared = UncheckedSendable(run)
    let classes = run.geometry.classes
    _ = embeddings.concurrentChunks { rows, buffers in
      embeddings.products(of: rows, into: buffers.products)
      for (number, row) in rows.enumerated() {
        coefficients(row, factors, buffers.products + number * embeddings.count, buffers)
      }
      embeddings.combine(rows.count, buffers.products, into: buffers.rows)
      for (number, row) in rows.enumerated() {
        let gradient = RowBlocks(shared.value, sample: embeddings.samples[row])
        gradient.store(gradient: buffers.rows + number * embeddings.width, 0..<classes)
      }
      return [Void]()
    }
  }

  /// The derivatives by the products of a row with all others, in which both are anchors; they take the
  /// products' place.
  private func coefficients(
    _ row: Int, _ factors: [Double], _ products: UnsafeMutablePointer<Double>,
    _ buffers: PairBuffers
  ) {
    let label = embeddings.labels[row]
    let count = embeddings.count
    let (own, others) = (buffers.values, buffers.others)
    embeddings.labels.withUnsafeBufferPointer { labels in
      anchors.withUnsafeBufferPointer { anchors in
        // An anchor without such pairs has none with this row, or no part in the result.
        let peaks = (same: finite(anchors[row].peaks.same), other: finite(anchors[row].peaks.other))
        for index in 0..<count {
          let isSame = labels[index] == label
          let value = kernel.pair(products[index], isSame: isSame).value
          own[index] = value - (isSame ? peaks.same : peaks.other)
          let other = anchors[index].peaks
          others[index] = value - finite(isSame ? other.same : other.other)
        }
        kl_block_exp_f64(own, own, count)
        kl_block_exp_f64(others, others, count)
        factors.withUnsafeBufferPointer { factors in
          func share(_ e: Double, of anchor: Int, _ isSame: Bool) -> Double {
            guard factors[anchor] != 0 else { return 0 }
            let sums = anchors[anchor].sums
            return factors[anchor] * (e / (isSame ? sums.same : sums.other))
          }
          for index in 0..<count {
            let isSame = labels[index] == label
            if isSame, !kernel.isPair(row, index) {
              products[index] = 0
              continue
            }
            let derivative = kernel.pair(products[index], isSame: isSame).derivative
            products[index] =
              derivative
              * (share(own[index], of: row, isSame) + share(others[index], of: index, isSame))
          }
        }
      }
    }
  }

  private func finite(_ peak: Double) -> Double { peak == -.infinity ? 0 : peak }
}

/// What a thread needs to go through the pairs of some rows.
private struct PairBuffers {
  /// For each row its products with all others.
  let products: UnsafeMutablePointer<Double>
  /// For one row.
  let values: UnsafeMutablePointer<Double>
  let others: UnsafeMutablePointer<Double>
  /// The rows' gradients.
  let rows: UnsafeMutablePointer<Double>
}

/// The rows of a batch that a mask leaves, as Doubles.
private struct Embeddings: Sendable {
  /// The number of each row's sample.
  let samples: [Int]
  let labels: [Int64]
  let width: Int
  private let numbers: [Double]

  var count: Int { samples.count }

  init(_ batch: SampleRun) {
    let classes = batch.geometry.classes
    let width = (classes + 7) / 8 * 8
    let samples = batch.samples.filter { batch.isKept($0) }
    let ids = batch.labelKind.classIDs(batch.labels, in: batch.samples)
    var numbers = [Double](repeating: 0, count: samples.count * width)
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      for (index, sample) in samples.enumerated() {
        let target = base + index * width
        let row = RowBlocks(batch, sample: sample)
          .predictions(0..<classes, Double.self, buffer: target)
        if row != UnsafePointer(target) { target.update(from: row, count: classes) }
      }
    }
    self.samples = samples
    labels = samples.map { ids[$0] }
    self.width = width
    self.numbers = numbers
  }

  /// The products of some rows with all rows.
  func products(of some: Range<Int>, into out: UnsafeMutablePointer<Double>) {
    numbers.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      kl_matrix_products(base + some.lowerBound * width, some.count, base, count, width, out)
    }
  }

  /// So many sums of all rows, each times its coefficients.
  func combine(
    _ number: Int, _ coefficients: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>
  ) {
    numbers.withUnsafeBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      kl_matrix_combinations(coefficients, number, base, count, width, out)
    }
  }

  /// Runs `body` for a few rows at a time, on threads, and returns what it gives, in the rows' order.
  func concurrentChunks<Result: Sendable>(
    _ body: (Range<Int>, PairBuffers) -> [Result]
  ) -> [Result] {
    let length = 16
    let blocks = (count + length - 1) / length
    let threads = threadCount(elements: count * numbers.count, blocks: blocks)
    return withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      let (count, width) = (count, width)
      let parts = concurrentBlocks(blocks, threads: threads) {
        [(block: Int, results: [Result])]()
      } body: { parts, block in
        let rows = block * length..<min((block + 1) * length, count)
        let room = (length + 2) * count + length * width
        withUnsafeTemporaryAllocation(of: Double.self, capacity: room) { buffer in
          guard let base = buffer.baseAddress else { return }
          let buffers = PairBuffers(
            products: base, values: base + length * count, others: base + (length + 1) * count,
            rows: base + (length + 2) * count)
          parts.append((block, body.value(rows, buffers)))
        }
      }
      return parts.joined().sorted { $0.block < $1.block }.flatMap(\.results)
    }
  }
}
