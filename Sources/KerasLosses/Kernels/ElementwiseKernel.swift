internal import CLossKernels

/// The mean of a function over the elements of an axis, or the sum.
///
/// The function is computed in blocks: in Float for Float and Float16 predictions if it can be, and else in
/// Double. The values of a block are summed in Double by a tree that depends on their number, the sums of
/// blocks are added up with their rounding errors carried along, by segments that depend on the number of
/// elements alone, and the mean is divided once.
struct ElementwiseKernel: RowKernel {
  let axis: Int
  private let function: any ElementwiseFunction
  private let floatFunction: (any FloatElementwiseFunction)?
  /// How labels become those of the function, block by block.
  private let labelLine: (slope: Double, offset: Double)
  let dependsOnBinaryLabels: Bool
  /// What is supposed of the labels, and has to be watched.
  private var supposition: BinaryLabels?
  /// Whether the sum is divided by the number of elements.
  private let averages: Bool

  /// How labels enter a function.
  enum LabelUse {
    /// As `slope · y + offset`.
    case line(slope: Double, offset: Double)
    /// As they are; but if each is 0 or 1, as −1 or 1.
    case signs

    /// As they are.
    static var plain: LabelUse { .line(slope: 1, offset: 0) }
  }

  init(
    axis: Int = -1, function: any ElementwiseFunction, labels: LabelUse = .plain,
    averages: Bool = true
  ) {
    self.axis = axis
    self.averages = averages
    switch labels {
    case .line(let slope, let offset):
      let mapping = function.mappingLabels(slope: slope, offset: offset)
      self.function = mapping ?? function
      labelLine = mapping == nil ? (slope, offset) : (1, 0)
      dependsOnBinaryLabels = false
    case .signs:
      self.function = function
      labelLine = (1, 0)
      dependsOnBinaryLabels = true
    }
    floatFunction = self.function as? any FloatElementwiseFunction
  }

  func adapted(toBinaryLabels: Bool) -> any LossKernel {
    guard dependsOnBinaryLabels else { return self }
    let labels = toBinaryLabels ? LabelUse.line(slope: 2, offset: -1) : .plain
    return ElementwiseKernel(axis: axis, function: function, labels: labels, averages: averages)
  }

  func adapted(toSupposed labels: BinaryLabels) -> (any LossKernel)? {
    guard dependsOnBinaryLabels, let function = function.ofBits else { return nil }
    var result = ElementwiseKernel(axis: axis, function: function, averages: averages)
    result.supposition = labels
    return result
  }

  var labels: LabelEncoding { .dense }

  func compute(_ run: SampleRun) {
    if let supposition, !supposition.holds { return }
    if let floatFunction, run.kind != .float64 {
      compute(run, Float.self) { floatFunction.evaluate($0) }
    } else {
      compute(run, Double.self) { function.evaluate($0) }
    }
  }

  /// What the sum over a row is divided by.
  private func divisor(_ run: SampleRun) -> Double { averages ? Double(run.classes) : 1 }

  /// How a block is evaluated in the type that the blocks are in.
  private typealias Evaluation<Work: BlockElement> = (ElementwiseBlock<Work>) -> Double

  private func compute<Work: BlockElement>(
    _ run: SampleRun, _ type: Work.Type, _ evaluate: Evaluation<Work>
  ) {
    let classes = run.classes
    // A row of one element lies as the losses do, whatever comes after its axis.
    if classes == 1 { return computeElements(run, evaluate) }
    if run.inner == 1, 2 * classes <= blockSize { return computeRows(run, evaluate) }
    let divisor = divisor(run)
    run.forEachKept { sample, scale in
      let sum = sum(run, sample, scale.map { $0 / divisor } ?? 0, evaluate)
      run.store(loss: sum / divisor, of: sample)
    }
  }

  func add(
    _ run: SampleRun, weights: UnsafeRawPointer?, divisor: Double, to sum: inout ExactSum
  ) -> Bool {
    // What has been added up counts for nothing then.
    if let supposition, !supposition.holds { return true }
    if let floatFunction, run.kind != .float64 {
      return add(run, Float.self, weights, divisor) { floatFunction.add($0, to: &sum) }
    }
    return add(run, Double.self, weights, divisor) { function.add($0, to: &sum) }
  }

  private func add<Work: BlockElement>(
    _ run: SampleRun, _ type: Work.Type, _ weights: UnsafeRawPointer?, _ divisor: Double,
    _ add: (WeightedBlock<Work>) -> Double?
  ) -> Bool {
    let row = RowBlocks(elementsOf: run)
    guard run.classes == 1, row.isInPlace(Work.self, labelLine) else { return false }
    let (labels, predictions, derivatives) = row.inPlace(run.samples, Work.self)
    let sum = add(
      WeightedBlock(
        labels: labels, predictions: predictions, count: run.samples.count,
        weights: weights?.assumingMemoryBound(to: Work.self), divisor: divisor,
        derivatives: derivatives))
    guard let sum else { return false }
    watch(sum, row, run.samples)
    return true
  }

  /// Samples of one element each: the values are the losses.
  private func computeElements<Work: BlockElement>(
    _ run: SampleRun, _ evaluate: Evaluation<Work>
  ) {
    withBlocks(3, of: Work.self) { buffers in
      withBlocks(1, of: Double.self) { values in
        let row = RowBlocks(elementsOf: run)
        for samples in blocks(of: run.samples) {
          let first = samples.lowerBound - run.samples.lowerBound
          withScales(run.scalesOfRun.map { $0 + first }) { scales in
            let block = block(row, samples, buffers, values: values, scales: scales, step: 1)
            watch(evaluate(block), row, samples)
            row.store(gradientOf: block, samples, ifIn: buffers + 2 * blockSize)
          }
          run.store(losses: values, from: first, count: samples.count)
          run.storeZeros(samples)
        }
      }
    }
  }

  /// Short rows that lie next to each other, many to a block.
  private func computeRows<Work: BlockElement>(_ run: SampleRun, _ evaluate: Evaluation<Work>) {
    let classes = run.classes
    let divisor = divisor(run)
    let rows = blockSize / classes
    let row = RowBlocks(run, sample: 0)
    withBlocks(3, of: Work.self) { buffers in
      withBlocks(2, of: Double.self) { values in
        let factors = values + blockSize
        for first in stride(from: run.samples.lowerBound, to: run.samples.upperBound, by: rows) {
          let samples = first..<min(first + rows, run.samples.upperBound)
          let elements = first * classes..<samples.upperBound * classes
          if let scales = run.scalesOfRun {
            for number in 0..<samples.count {
              let scale = scales[first - run.samples.lowerBound + number] / divisor
              for c in 0..<classes { factors[number * classes + c] = scale }
            }
          }
          let block = block(row, elements, buffers, values: values, scales: factors, step: 1)
          watch(evaluate(block), row, elements)
          row.store(gradientOf: block, elements, ifIn: buffers + 2 * blockSize)
          for (number, sample) in samples.enumerated() {
            let sum = kl_block_sum_f64(values + number * classes, classes)
            run.store(loss: sum / divisor, of: sample)
          }
          run.storeZeros(samples)
        }
      }
    }
  }

  private func sum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ scale: Double, _ evaluate: Evaluation<Work>
  ) -> Double {
    let classes = run.classes
    let segment = segmentLength(classes)
    let segments = (classes + segment - 1) / segment
    if segments == 1 { return segmentSum(run, sample, 0..<classes, scale, evaluate) }
    // Samples are shared out among threads already where there are enough of them.
    let isAlone = run.geometry.pointee.sampleCount < LossRuntime.maximumThreads
    let threads = isAlone ? threadCount(elements: classes, blocks: segments) : 1
    return withoutActuallyEscaping(evaluate) { evaluate in
      let shared = UncheckedSendable((run: run, evaluate: evaluate))
      let parts = concurrentBlocks(segments, threads: threads) {
        [(number: Int, sum: Double)]()
      } body: { parts, number in
        let start = number * segment
        let range = start..<min(start + segment, classes)
        let (run, evaluate) = shared.value
        parts.append((number, segmentSum(run, sample, range, scale, evaluate)))
      }
      var total = CompensatedSum()
      for part in parts.joined().sorted(by: { $0.number < $1.number }) { total.add(part.sum) }
      return total.value
    }
  }

  private func segmentSum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ classes: Range<Int>, _ scale: Double,
    _ evaluate: Evaluation<Work>
  ) -> Double {
    var total = CompensatedSum()
    withBlocks(3, of: Work.self) { buffers in
      let row = RowBlocks(run, sample: sample)
      let isDirect = function.takesLongBlocks && row.isInPlace(Work.self, labelLine)
      withUnsafePointer(to: scale) { scale in
        // Either way it is the compensated sum of the same blocks.
        for range in blocks(of: classes, length: isDirect ? classes.count : blockSize) {
          let block = block(row, range, buffers, values: nil, scales: scale, step: 0)
          let sum = evaluate(block)
          watch(sum, row, range)
          total.add(sum)
          row.store(gradientOf: block, range, ifIn: buffers + 2 * blockSize)
        }
      }
    }
    return total.value
  }

  /// Whether a sum contradicts what is supposed of the labels: another label makes it NaN.
  private func watch(_ sum: Double, _ row: RowBlocks, _ range: Range<Int>) {
    guard let supposition, !sum.isFinite, !row.areLabelsBinary(range) else { return }
    supposition.refute()
  }

  /// A block of a row. The first two buffers take what does not lie ready, the third derivatives that
  /// cannot be written where they belong.
  @inline(__always)
  private func block<Work: BlockElement>(
    _ row: RowBlocks, _ range: Range<Int>, _ buffers: UnsafeMutablePointer<Work>,
    values: UnsafeMutablePointer<Double>?, scales: UnsafePointer<Double>, step: Int
  ) -> ElementwiseBlock<Work> {
    ElementwiseBlock(
      labels: row.labels(range, Work.self, buffer: buffers + blockSize, labelLine),
      predictions: row.predictions(range, Work.self, buffer: buffers), count: range.count,
      values: values,
      derivatives: row.gradientPlace(range, Work.self, buffer: buffers + 2 * blockSize),
      scales: scales, scaleStep: step)
  }
}

/// Calls `body` with `scales`, or with an address that is not read where no gradient is wanted.
@inline(__always)
func withScales(
  _ scales: UnsafePointer<Double>?, _ body: (UnsafePointer<Double>) -> Void
) {
  if let scales { return body(scales) }
  withUnsafePointer(to: 0.0, body)
}
