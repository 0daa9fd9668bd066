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
    if run.kind == .float64 {
      compute(run, Double.self)
    } else if fromLogits {
      computeLogits(run)
    } else {
      compute(run, Float.self)
    }
  }

  private func compute<Work: RowElement>(_ run: SampleRun, _ type: Work.Type) {
    withRoom(run, type) { room in
      run.forEachKept { sample, scale in compute(run, sample, scale, room) }
    }
  }

  /// Float and Float16 logits: by ``FocalLogitsRow``, but rows that hold NaN or whose largest is infinite.
  private func computeLogits(_ run: SampleRun) {
    let classes = run.classes
    alpha.withUnsafeBufferPointer { alpha in
      let at = kl_focal_parameters(
        slope: 1 - labelSmoothing, offset: labelSmoothing / Double(classes), gamma: gamma,
        alpha: alpha.baseAddress, alpha_step: alpha.count == 1 ? 0 : 1)
      withRoom(run, Float.self) { room in
        run.forEachKept { sample, scale in
          var row = FocalLogitsRow(
            row: RowBlocks(run, sample: sample), classes: classes, at: at, weights: room.weights,
            parts: scale == nil ? nil : room.parts, buffers: room.buffers)
          guard row.isFinite() else { return compute(run, sample, scale, room) }
          run.store(loss: row.loss(), of: sample)
          if let scale { row.write(scale) }
        }
      }
    }
  }

  /// One row of any numbers.
  private func compute<Work: RowElement>(
    _ run: SampleRun, _ sample: Int, _ scale: Double?, _ room: FocalRoom<Work>
  ) {
    var row = FocalRow(
      kernel: self, row: RowBlocks(run, sample: sample), classes: run.classes, room: room)
    row.fillWeights()
    let loss = row.loss()
    // A row without a sum has no shares, whatever its labels.
    let isLost = row.sum.isNaN || row.sum == 0 || row.sum.isInfinite
    run.store(loss: isLost ? .nan : loss, of: sample)
    if let scale { row.write(isLost ? .nan : scale) }
  }

  /// Calls `body` with room for the rows of a run.
  private func withRoom<Work: RowElement>(
    _ run: SampleRun, _ type: Work.Type, _ body: (FocalRoom<Work>) -> Void
  ) {
    let classes = run.classes
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * classes) { rows in
      guard let weights = rows.baseAddress else { return }
      withBlocks(3, of: Work.self) { buffers in
        withBlocks(6, of: Double.self) { blocks in
          body(
            FocalRoom(
              weights: weights, parts: weights + classes, buffers: buffers,
              active: ActiveBlock(blocks)))
        }
      }
    }
  }
}
