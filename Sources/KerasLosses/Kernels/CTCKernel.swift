internal import CLossKernels

/// −ln of the probability of all paths through a sample's steps that spell its labels: `kl_ctc`.
///
/// A sample is a matrix of steps and classes with a row of class ids. As many of these count, from the first
/// on, as are not 0.
struct CTCKernel: LossKernel {
  var labels: LabelEncoding { .classSequences }

  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    let (names, y, p) = (operands.names, operands.labels, operands.predictions)
    guard y.count == 2 else {
      throw LossError(
        .rank, names.labels, "must have the shape [batch, length]; \(operands.both)")
    }
    guard p.count == 3 else {
      throw LossError(
        .rank, names.predictions, "must have the shape [batch, steps, classes]; \(operands.both)")
    }
    guard y[0] == p[0] else {
      throw LossError(
        .shapeMismatch, names.labels,
        "must have as many rows as \(names.predictions) has samples; \(operands.both)")
    }
    return SampleGeometry(
      predictions: SampledShape(p, axes: [1, 2]), labels: SampledShape(y, axes: [1]))
  }

  func fault(inSequence ids: ArraySlice<Int64>, _ geometry: SampleGeometry) -> String? {
    let used = Self.used(ids)
    let repeats = zip(used, used.dropFirst()).count { $0 == $1 }
    let steps = geometry.predictions.sampleShape[0]
    guard used.count + repeats > steps else { return nil }
    return "\(used.count) labels, \(repeats) of which repeat the one before, need "
      + "\(used.count + repeats) steps; there are \(steps)"
  }

  /// The labels that count.
  private static func used(_ ids: ArraySlice<Int64>) -> ArraySlice<Int64> {
    ids.prefix(ids.count { $0 != 0 })
  }

  func compute(_ run: SampleRun) {
    switch run.kind {
    case .float32: SequenceRun<Float>(run).compute(kl_ctc_f32)
    default: SequenceRun<Double>(run).compute(kl_ctc_f64)
    }
  }

  /// The samples of a run.
  private struct SequenceRun<Work: RowElement> {
    typealias Kernel = (
      UnsafePointer<Work>, Int, Int, UnsafePointer<Int64>, Int, Double,
      UnsafeMutablePointer<Work>?, UnsafeMutablePointer<Double>
    ) -> Double

    private let run: SampleRun
    private let elements: Int
    private let steps: Int
    private let classes: Int
    private let length: Int

    init(_ run: SampleRun) {
      self.run = run
      elements = run.classes
      let shape = run.geometry.pointee.predictions.sampleShape
      (steps, classes) = (shape[0], shape[1])
      length = run.geometry.pointee.labels.elements
    }

    func compute(_ kernel: Kernel) {
      let wantsGradient = run.gradient != nil
      let scratch = kl_ctc_scratch(steps, classes, length, wantsGradient ? 1 : 0)
      // Where predictions or derivatives are of another type than the kernel's, they pass through here.
      let room = run.kind == Work._kind ? 0 : elements * (wantsGradient ? 2 : 1)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: scratch) { scratch in
        withUnsafeTemporaryAllocation(of: Work.self, capacity: max(room, 1)) { buffers in
          guard let scratch = scratch.baseAddress, let buffers = buffers.baseAddress else { return }
          run.forEachKept { sample, scale in
            let loss = compute(sample, scale, kernel, scratch, buffers)
            run.store(loss: loss, of: sample)
          }
        }
      }
    }

    private func compute(
      _ sample: Int, _ scale: Double?, _ kernel: Kernel, _ scratch: UnsafeMutablePointer<Double>,
      _ buffers: UnsafeMutablePointer<Work>
    ) -> Double {
      let all = 0..<elements
      let row = RowBlocks(run, sample: sample)
      let logits = row.predictions(all, Work.self, buffer: buffers)
      let ids = run.labelKind.classIDs(
        run.labels, in: sample * length..<(sample + 1) * length)
      return CTCKernel.used(ids[...]).withUnsafeBufferPointer { ids in
        // An address for a sequence of no labels.
        let labels =
          ids.baseAddress ?? UnsafeRawPointer(emptyMemory).assumingMemoryBound(to: Int64.self)
        let place =
          scale == nil
          ? nil : row.gradientPlace(all, Work.self, buffer: buffers + elements)
        let loss = kernel(
          logits, steps, classes, labels, ids.count, scale ?? 0, place, scratch)
        if let place, run.kind != Work._kind { row.store(gradient: place, all) }
        return loss
      }
    }
  }
}
