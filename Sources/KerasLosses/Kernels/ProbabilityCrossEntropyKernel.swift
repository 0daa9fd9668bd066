internal import CLossKernels

/// −Σ y·ln q over rows of probabilities, q = p / Σp clipped to [ε, 1 − ε].
///
/// The row is divided by its sum before it is clipped, as in Keras; the clipped row is not divided
/// again. ε = 1e-7 and 1 − ε are these real numbers, not their roundings to Float. The derivative
///
///     dloss/dp_j = −y_j / p_j [q_j unclipped] + (Σ_c y_c [q_c unclipped]) / Σp
///
/// is 0 through a clipped element; the normalising term remains.
package struct ProbabilityCrossEntropyKernel: RowKernel {
  package let axis: Int
  package var labels = LabelEncoding.dense
  package var labelSmoothing = 0.0

  /// `keras.backend.epsilon()`.
  static let epsilon = 1e-7

  package func compute(_ run: SampleRun) {
    run.forEachKept { sample, scale in
      withBlocks(3, of: Double.self) { buffers in
        let row = ProbabilityRow(kernel: self, run: run, sample: sample, buffers: buffers)
        let total = row.sum()
        let (loss, unclippedLabels) = row.loss(total)
        run.store(loss: loss, of: sample)
        if let scale {
          row.differentiate(total, shift: unclippedLabels / total.value, scale: scale)
        }
      }
    }
  }
}

/// One row of probabilities, in three passes of blocks: its sum, its loss, its derivatives.
private struct ProbabilityRow {
  private let row: RowBlocks
  private let classes: Int
  private let slope: Double
  private let offset: Double
  /// The class whose label is 1, where labels are class ids.
  private let target: Int?
  private let yBuffer: UnsafeMutablePointer<Double>
  private let pBuffer: UnsafeMutablePointer<Double>
  private let work: UnsafeMutablePointer<Double>

  init(
    kernel: ProbabilityCrossEntropyKernel, run: SampleRun, sample: Int,
    buffers: UnsafeMutablePointer<Double>
  ) {
    row = RowBlocks(run, sample: sample)
    classes = run.classes
    slope = 1 - kernel.labelSmoothing
    offset = kernel.labelSmoothing / Double(classes)
    target =
      kernel.labels == .dense
      ? nil : run.labelKind.classIDs(run.labels, in: sample..<sample + 1).first.map { Int($0) }
    yBuffer = buffers
    pBuffer = buffers + blockSize
    work = buffers + 2 * blockSize
  }

  private func predictions(_ block: Range<Int>) -> UnsafePointer<Double> {
    row.predictions(block, Double.self, buffer: pBuffer)
  }

  private func labels(_ block: Range<Int>) -> UnsafePointer<Double> {
    guard let target else {
      return row.labels(block, Double.self, buffer: yBuffer, (slope, offset))
    }
    for (index, c) in block.enumerated() { yBuffer[index] = c == target ? 1 : 0 }
    return UnsafePointer(yBuffer)
  }

  func sum() -> CompensatedSum {
    var total = CompensatedSum()
    for block in blocks(of: 0..<classes) {
      let p = predictions(block)
      for index in 0..<block.count { total.add(p[index]) }
    }
    return total
  }

  /// The loss, and the sum of the labels whose elements are not clipped.
  func loss(_ total: CompensatedSum) -> (loss: Double, unclippedLabels: Double) {
    let sum = total.value
    var loss = CompensatedSum()
    var unclipped = CompensatedSum()
    for block in blocks(of: 0..<classes) {
      let (y, p) = (labels(block), predictions(block))
      logarithms(p, total, sum, block.count)
      for index in 0..<block.count {
        if !isClipped(p[index] / sum) { unclipped.add(y[index]) }
        loss.add(-y[index], times: work[index])
      }
    }
    return (loss.value, unclipped.value)
  }

  /// ln of the clipped q of a block, into `work`.
  ///
  /// Above ½ it is ln(1 − others), where `others` is the share of the other elements: that has all its
  /// digits where q, rounded to a number next to 1, has none.
  private func logarithms(
    _ p: UnsafePointer<Double>, _ total: CompensatedSum, _ sum: Double, _ count: Int
  ) {
    let epsilon = ProbabilityCrossEntropyKernel.epsilon
    withBlocks(1, of: Double.self) { upper in
      for index in 0..<count {
        let q = p[index] / sum
        let others = q > 1 - epsilon ? epsilon : total.without(p[index]) / sum
        // The logarithm that does not apply is taken of a number whose logarithm is 0.
        upper[index] = q > 0.5 ? -others : 0
        work[index] = q > 0.5 ? 1 : q < epsilon ? epsilon : q
      }
      kl_block_log1p_f64(upper, upper, count)
      kl_block_log_f64(work, work, count)
      for index in 0..<count { work[index] += upper[index] }
    }
  }

  func differentiate(_ total: CompensatedSum, shift: Double, scale: Double) {
    let sum = total.value
    for block in blocks(of: 0..<classes) {
      let (y, p) = (labels(block), predictions(block))
      for index in 0..<block.count {
        // A label of 0 has no part in the loss, also where p = 0 leaves 0/0.
        let own = y[index] == 0 || isClipped(p[index] / sum) ? 0 : -y[index] / p[index]
        work[index] = (own + shift) * scale
      }
      row.store(gradient: work, block)
    }
  }

  private func isClipped(_ q: Double) -> Bool {
    let epsilon = ProbabilityCrossEntropyKernel.epsilon
    return q < epsilon || q > 1 - epsilon
  }
}
