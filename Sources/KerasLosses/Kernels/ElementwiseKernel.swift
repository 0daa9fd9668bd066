internal import CLossKernels

/// The mean of a function over the elements of an axis.
///
/// The function is computed in blocks: in Float for Float and Float16 predictions if it can be, and else in
/// Double. The values of a block are summed in Double by a tree that depends on their number, the sums of
/// blocks are added up with their rounding errors carried along, by segments that depend on the number of
/// elements alone, and the mean is divided once.
struct ElementwiseKernel: RowKernel {
  let axis: Int
  private let function: any ElementwiseFunction
  private let floatFunction: (any FloatElementwiseFunction)?
  /// How labels enter.
  private var labelUse: LabelUse

  /// How labels enter a function.
  enum LabelUse {
    /// As `slope · y + offset`.
    case line(slope: Double, offset: Double)
    /// As they are; but if each is 0 or 1, as −1 or 1.
    case signs

    /// As they are.
    static var plain: LabelUse { .line(slope: 1, offset: 0) }
  }

  init(axis: Int = -1, function: any ElementwiseFunction, labels: LabelUse = .plain) {
    self.axis = axis
    self.function = function
    floatFunction = function as? any FloatElementwiseFunction
    labelUse = labels
  }

  private var labelLine: (slope: Double, offset: Double) {
    guard case .line(let slope, let offset) = labelUse else { return (1, 0) }
    return (slope, offset)
  }

  var dependsOnBinaryLabels: Bool {
    if case .signs = labelUse { true } else { false }
  }

  func adapted(toBinaryLabels: Bool) -> any LossKernel {
    guard dependsOnBinaryLabels else { return self }
    var result = self
    result.labelUse = toBinaryLabels ? .line(slope: 2, offset: -1) : .plain
    return result
  }

  var labels: LabelEncoding { .dense }

  func compute(_ run: SampleRun) {
    if let floatFunction, run.kind != .float64 {
      compute(run, Float.self) { floatFunction.evaluate($0) }
    } else {
      compute(run, Double.self) { function.evaluate($0) }
    }
  }

  /// How a block is evaluated in the type that the blocks are in.
  private typealias Evaluation<Work: BlockElement> = (ElementwiseBlock<Work>) -> Double

  private func compute<Work: BlockElement>(
    _ run: SampleRun, _ type: Work.Type, _ evaluate: Evaluation<Work>
  ) {
    let classes = run.geometry.classes
    // A row of one element lies as the losses do, whatever comes after its axis.
    if classes == 1 { return computeElements(run, evaluate) }
    if run.geometry.inner == 1, 2 * classes <= blockSize { return computeRows(run, evaluate) }
    for sample in run.samples {
      guard run.isKept(sample) else {
        run.store(loss: 0, of: sample)
        run.storeZeroGradient(of: sample)
        continue
      }
      let scale = run.scalesOfRun.map { $0[sample - run.samples.lowerBound] / Double(classes) }
      let sum = sum(run, sample, scale ?? 0, evaluate)
      run.store(loss: sum / Double(classes), of: sample)
    }
  }

  /// Samples of one element each: the values are the losses.
  private func computeElements<Work: BlockElement>(
    _ run: SampleRun, _ evaluate: Evaluation<Work>
  ) {
    withBlocks(4, of: Work.self) { buffers in
      let row = RowBlocks(elementsOf: run)
      for samples in blocks(of: run.samples) {
        let first = samples.lowerBound - run.samples.lowerBound
        let values = run.lossPlace(first, Work.self, buffer: buffers + 2 * blockSize)
        withScales(run.scalesOfRun.map { $0 + first }) { scales in
          let block = block(row, samples, buffers, values: values, scales: scales, step: 1)
          _ = evaluate(block)
          row.store(gradientOf: block, samples, ifIn: buffers + 3 * blockSize)
        }
        run.store(losses: values, first..<first + samples.count, ifIn: buffers + 2 * blockSize)
        run.storeZeros(samples)
      }
    }
  }

  /// Short rows that lie next to each other, many to a block.
  private func computeRows<Work: BlockElement>(_ run: SampleRun, _ evaluate: Evaluation<Work>) {
    let classes = run.geometry.classes
    let rows = blockSize / classes
    let row = RowBlocks(run, sample: 0)
    withBlocks(4, of: Work.self) { buffers in
      withBlocks(1, of: Double.self) { factors in
        for first in stride(from: run.samples.lowerBound, to: run.samples.upperBound, by: rows) {
          let samples = first..<min(first + rows, run.samples.upperBound)
          let elements = first * classes..<samples.upperBound * classes
          if let scales = run.scalesOfRun {
            for number in 0..<samples.count {
              let scale = scales[first - run.samples.lowerBound + number] / Double(classes)
              for c in 0..<classes { factors[number * classes + c] = scale }
            }
          }
          let values = buffers + 2 * blockSize
          let block = block(row, elements, buffers, values: values, scales: factors, step: 1)
          _ = evaluate(block)
          row.store(gradientOf: block, elements, ifIn: buffers + 3 * blockSize)
          for (number, sample) in samples.enumerated() {
            let sum = blockSum(values + number * classes, classes)
            run.store(loss: sum / Double(classes), of: sample)
          }
          run.storeZeros(samples)
        }
      }
    }
  }

  /// Elements per segment: what one thread takes of a sample that is a whole job by itself.
  private static var segment: Int { 1 << 14 }

  private func sum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ scale: Double, _ evaluate: Evaluation<Work>
  ) -> Double {
    let classes = run.geometry.classes
    let segments = (classes + Self.segment - 1) / Self.segment
    if segments == 1 { return segmentSum(run, sample, 0..<classes, scale, evaluate) }
    // Samples are shared out among threads already where there are enough of them.
    let isAlone = run.geometry.sampleCount < LossRuntime.maximumThreads
    let threads = isAlone ? threadCount(elements: classes, blocks: segments) : 1
    return withoutActuallyEscaping(evaluate) { evaluate in
      let shared = UncheckedSendable((run: run, evaluate: evaluate))
      let parts = concurrentBlocks(segments, threads: threads) {
        [(segment: Int, sum: Double)]()
      } body: { parts, segment in
        let start = segment * Self.segment
        let range = start..<min(start + Self.segment, classes)
        let (run, evaluate) = shared.value
        parts.append((segment, segmentSum(run, sample, range, scale, evaluate)))
      }
      var total = CompensatedSum()
      for part in parts.joined().sorted(by: { $0.segment < $1.segment }) { total.add(part.sum) }
      return total.value
    }
  }

  private func segmentSum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ classes: Range<Int>, _ scale: Double,
    _ evaluate: Evaluation<Work>
  ) -> Double {
    var total = CompensatedSum()
    withBlocks(4, of: Work.self) { buffers in
      let row = RowBlocks(run, sample: sample)
      withUnsafePointer(to: scale) { scale in
        for range in blocks(of: classes) {
          let block = block(row, range, buffers, values: nil, scales: scale, step: 0)
          total.add(evaluate(block))
          row.store(gradientOf: block, range, ifIn: buffers + 3 * blockSize)
        }
      }
    }
    return total.value
  }

  /// A block of a row. The first two buffers take what does not lie ready, the fourth derivatives that
  /// cannot be written where they belong.
  @inline(__always)
  private func block<Work: BlockElement>(
    _ row: RowBlocks, _ range: Range<Int>, _ buffers: UnsafeMutablePointer<Work>,
    values: UnsafeMutablePointer<Work>?, scales: UnsafePointer<Double>, step: Int
  ) -> ElementwiseBlock<Work> {
    ElementwiseBlock(
      labels: row.labels(range, Work.self, buffer: buffers + blockSize, labelLine),
      predictions: row.predictions(range, Work.self, buffer: buffers), count: range.count,
      values: values,
      derivatives: row.gradientPlace(range, Work.self, buffer: buffers + 3 * blockSize),
      scales: scales, scaleStep: step)
  }
}

/// Calls `body` with `scales`, or with an address that is not read where no gradient is wanted.
@inline(__always)
private func withScales(
  _ scales: UnsafePointer<Double>?, _ body: (UnsafePointer<Double>) -> Void
) {
  if let scales { return body(scales) }
  withUnsafePointer(to: 0.0, body)
}

/// The sum of a block in Double, by a tree that depends on the number of elements alone.
@inline(__always)
private func blockSum<Work: BlockElement>(
  _ values: UnsafeMutablePointer<Work>, _ count: Int
) -> Double {
  let raw = UnsafeRawPointer(values)
  return Work._kind == .float32
    ? kl_block_sum_f32(raw.assumingMemoryBound(to: Float.self), count)
    : kl_block_sum_f64(raw.assumingMemoryBound(to: Double.self), count)
}
