internal import CLossKernels

/// Σ −y·α·(1 − q)^γ·ln q over rows, q being a row's shares of its sum, clipped to [ε, 1 − ε].
///
/// The row is e^x for logits, and else the predictions themselves; its sum is S. With
///
///     A = y·α·(1 − q)^(γ−1)·(γ·q·ln q − (1 − q)),   0 where q is clipped
///
/// the derivatives are
///
///     logits:         A·(1 − q) − q·ΣA of the others
///     probabilities:  (A/q − ΣA) / S
///
/// 1 − q of an element that has more than half of S is the sum of the others divided by S, and its logarithm
/// is taken of 1 − that: both keep all their digits for a row that is sure of itself. Only elements whose label
/// is not 0 have a part in the loss; for one-hot labels that is one in the row.
struct FocalKernel: RowKernel {
  let axis: Int
  let fromLogits: Bool
  /// One weight for all classes, or one for each.
  let alpha: [Double]
  let gamma: Double
  let labelSmoothing: Double

  var labels: LabelEncoding { .dense }

  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    let geometry = try operands.rows(along: axis, labels)
    guard alpha.count == 1 || alpha.count == geometry.classes else {
      throw LossError(
        .shapeMismatch, "alpha",
        "must be one number, or one for each of the \(geometry.classes) classes; got \(alpha.count) "
          + "numbers for \(operands.names.labels) \(operands.labels) and "
          + "\(operands.names.predictions) \(operands.predictions).")
    }
    return geometry
  }

  func compute(_ run: SampleRun) {
    if run.kind == .float64 { compute(run, Double.self) } else { compute(run, Float.self) }
  }

  private func compute<Work: RowElement>(_ run: SampleRun, _ type: Work.Type) {
    var weights = [Double](repeating: 0, count: run.geometry.classes)
    withBlocks(2, of: Work.self) { buffers in
      run.forEachKept { sample, scale in
        weights.withUnsafeMutableBufferPointer { weights in
          let row = RowBlocks(run, sample: sample)
          let focal = FocalRow(self, row, weights, buffers)
          let sum = focal.fillWeights()
          var active = focal.activeElements(sum, run.geometry.classes)
          let loss = active.differentiate(gamma)
          // A row without a sum has no shares, whatever its labels.
          let isLost = sum.isNaN || sum == 0 || sum.isInfinite
          run.store(loss: isLost ? .nan : loss, of: sample)
          if let scale { focal.write(active, sum, isLost ? .nan : scale) }
        }
      }
    }
  }
}

/// The elements of a row that have a part in its loss.
private struct ActiveElements {
  /// Where they stand in the row.
  var classes: [Int] = []
  /// y·α.
  var factors: [Double] = []
  /// q, clipped.
  var shares: [Double] = []
  /// 1 − q.
  var others: [Double] = []
  var isClipped: [Bool] = []
  /// A of each, once they are differentiated.
  private(set) var parts: [Double] = []
  private(set) var sum = CompensatedSum()

  mutating func append(_ c: Int, factor: Double, share: Double, others: Double) {
    let epsilon = ProbabilityCrossEntropyKernel.epsilon
    let isBelow = share < epsilon
    let isAbove = share > 1 - epsilon
    classes.append(c)
    factors.append(factor)
    shares.append(isBelow ? epsilon : isAbove ? 1 - epsilon : share)
    self.others.append(isBelow ? 1 - epsilon : isAbove ? epsilon : others)
    isClipped.append(isBelow || isAbove)
  }

  /// Computes A of each element and returns the loss.
  mutating func differentiate(_ gamma: Double) -> Double {
    let count = shares.count
    let isUpper = shares.map { $0 > 0.5 }
    // The logarithm that does not apply is taken of a number whose logarithm is 0.
    var logarithms = zip(shares, isUpper).map { $1 ? 1 : $0 }
    var upper = zip(others, isUpper).map { $1 ? -$0 : 0 }
    var powers = others
    kl_block_log_f64(logarithms, &logarithms, count)
    kl_block_log1p_f64(upper, &upper, count)
    kl_block_pow_scalar_f64(powers, gamma - 1, &powers, count)
    var loss = CompensatedSum()
    for index in 0..<count {
      let logarithm = logarithms[index] + upper[index]
      let weight = factors[index] * powers[index]
      loss.add(-weight * others[index] * logarithm)
      let part = weight * (gamma * shares[index] * logarithm - others[index])
      parts.append(isClipped[index] ? 0 : part)
      sum.add(parts[index])
    }
    return loss.value
  }
}

/// One row.
private struct FocalRow<Work: RowElement> {
  private let kernel: FocalKernel
  private let row: RowBlocks
  private let weights: UnsafeMutableBufferPointer<Double>
  private let buffers: UnsafeMutablePointer<Work>

  init(
    _ kernel: FocalKernel, _ row: RowBlocks, _ weights: UnsafeMutableBufferPointer<Double>,
    _ buffers: UnsafeMutablePointer<Work>
  ) {
    self.kernel = kernel
    self.row = row
    self.weights = weights
    self.buffers = buffers
  }

  private func predictions(_ block: Range<Int>) -> UnsafePointer<Work> {
    row.predictions(block, Work.self, buffer: buffers)
  }

  private func total() -> Double {
    guard let base = weights.baseAddress else { return 0 }
    var total = CompensatedSum()
    for block in blocks(of: weights.indices) {
      total.add(kl_block_sum_f64(base + block.lowerBound, block.count))
    }
    return total.value
  }

  /// Fills in e^(x − max x), or the probabilities, and returns their sum.
  func fillWeights() -> Double {
    guard let base = weights.baseAddress else { return 0 }
    if kernel.fromLogits {
      var peak = -Double.infinity
      for block in blocks(of: weights.indices) {
        peak = Work.largest(predictions(block), peak, block.count)
      }
      for block in blocks(of: weights.indices) {
        Work.exp(predictions(block), lessBy: peak, into: base + block.lowerBound, block.count)
      }
    } else {
      for block in blocks(of: weights.indices) {
        let p = predictions(block)
        for (index, c) in block.enumerated() { weights[c] = Double(p[index]) }
      }
    }
    return total()
  }

  /// The elements whose label is not 0.
  func activeElements(_ sum: Double, _ classes: Int) -> ActiveElements {
    let slope = 1 - kernel.labelSmoothing
    let offset = kernel.labelSmoothing / Double(classes)
    var active = ActiveElements()
    for block in blocks(of: 0..<classes) {
      let y = row.labels(block, Work.self, buffer: buffers, (1, 0))
      for (index, c) in block.enumerated() {
        let label = Double(y[index]) * slope + offset
        guard label != 0 else { continue }
        let share = weights[c] / sum
        active.append(
          c, factor: label * kernel.alpha[kernel.alpha.count == 1 ? 0 : c], share: share,
          others: share > 0.5 ? sumWithout(c) / sum : 1 - share)
      }
    }
    return active
  }

  private func sumWithout(_ c: Int) -> Double {
    let own = weights[c]
    weights[c] = 0
    defer { weights[c] = own }
    return total()
  }

  /// Writes the derivatives: first as if no label were other than 0, then those of the active elements.
  func write(_ active: ActiveElements, _ sum: Double, _ scale: Double) {
    let shift = -active.sum.value / sum * scale
    var next = 0
    for block in blocks(of: weights.indices) {
      row.writeGradient(block, buffer: buffers + blockSize) { place in
        if kernel.fromLogits {
          for (index, c) in block.enumerated() { place[index] = Work(weights[c] * shift) }
        } else {
          for index in 0..<block.count { place[index] = Work(shift) }
        }
        while next < active.classes.count, active.classes[next] < block.upperBound {
          let c = active.classes[next]
          place[c - block.lowerBound] = Work(derivative(active, next, weights[c], sum) * scale)
          next += 1
        }
      }
    }
  }

  private func derivative(
    _ active: ActiveElements, _ index: Int, _ weight: Double, _ sum: Double
  ) -> Double {
    let part = active.parts[index]
    guard kernel.fromLogits else {
      // A clipped element may be 0.
      return ((part == 0 ? 0 : part * sum / weight) - active.sum.value) / sum
    }
    let share = weight / sum
    return part * active.others[index] - share * active.sum.without(part)
  }
}
