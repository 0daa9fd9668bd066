internal import CLossKernels

/// A function of one label and one prediction, over blocks of them.
package protocol ElementwiseFunction: Sendable {
  /// The values at `count` labels and predictions, and, if there is room for them, the derivatives with
  /// respect to the predictions.
  func evaluate(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>?, count: Int)
}

/// A function that is fast and accurate enough in Float for predictions of that type.
package protocol FloatElementwiseFunction: ElementwiseFunction {
  /// The same in Float.
  func evaluate(
    _ labels: UnsafePointer<Float>, _ predictions: UnsafePointer<Float>,
    values: UnsafeMutablePointer<Float>, derivatives: UnsafeMutablePointer<Float>?, count: Int)
}

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
  /// Labels enter as `slope · y + offset`.
  private let labelLine: (slope: Double, offset: Double)

  init(
    axis: Int, function: any ElementwiseFunction,
    labelLine: (slope: Double, offset: Double) = (1, 0)
  ) {
    self.axis = axis
    self.function = function
    floatFunction = function as? any FloatElementwiseFunction
    self.labelLine = labelLine
  }

  var labels: LabelEncoding { .dense }

  func compute(_ run: SampleRun) {
    if floatFunction != nil, run.kind != .float64 {
      compute(run, Float.self)
    } else {
      compute(run, Double.self)
    }
  }

  /// The function in the type that the blocks are in.
  @inline(__always)
  private func evaluate<Work: BlockElement>(
    _ labels: UnsafePointer<Work>, _ predictions: UnsafePointer<Work>,
    values: UnsafeMutablePointer<Work>, derivatives: UnsafeMutablePointer<Work>?, count: Int
  ) {
    func evaluate<As>(
      _ type: As.Type,
      _ body: (
        UnsafePointer<As>, UnsafePointer<As>, UnsafeMutablePointer<As>, UnsafeMutablePointer<As>?
      ) -> Void
    ) {
      body(
        UnsafeRawPointer(labels).assumingMemoryBound(to: type),
        UnsafeRawPointer(predictions).assumingMemoryBound(to: type),
        UnsafeMutableRawPointer(values).assumingMemoryBound(to: type),
        derivatives.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: type) })
    }
    if let floatFunction, Work._kind == .float32 {
      evaluate(Float.self) {
        floatFunction.evaluate($0, $1, values: $2, derivatives: $3, count: count)
      }
    } else {
      evaluate(Double.self) {
        function.evaluate($0, $1, values: $2, derivatives: $3, count: count)
      }
    }
  }

  private func compute<Work: BlockElement>(_ run: SampleRun, _ type: Work.Type) {
    let isBatch = run.geometry.inner == 1 && 2 * run.geometry.classes <= blockSize
    if isBatch, run.keepOfRun == nil { return computeRows(run, type) }
    for sample in run.samples {
      guard run.isKept(sample) else {
        run.store(loss: 0, of: sample)
        run.storeZeroGradient(of: sample)
        continue
      }
      let count = Double(run.geometry.classes)
      let scale = run.scalesOfRun.map { $0[sample - run.samples.lowerBound] / count }
      run.store(loss: sum(run, sample, scale, type) / count, of: sample)
    }
  }

  /// Short rows that lie next to each other, many to a block.
  private func computeRows<Work: BlockElement>(_ run: SampleRun, _ type: Work.Type) {
    let classes = run.geometry.classes
    let rows = blockSize / classes
    let row = RowBlocks(run, sample: 0)
    withBlocks(4, of: Work.self) { buffers in
      for first in stride(from: run.samples.lowerBound, to: run.samples.upperBound, by: rows) {
        let samples = first..<min(first + rows, run.samples.upperBound)
        let elements = first * classes..<samples.upperBound * classes
        let p = row.predictions(elements, type, buffer: buffers)
        let y = row.labels(elements, type, buffer: buffers + blockSize, labelLine)
        let values = buffers + 2 * blockSize
        let place = row.gradientPlace(elements, type, buffer: buffers + 3 * blockSize)
        evaluate(y, p, values: values, derivatives: place, count: elements.count)
        for (number, sample) in samples.enumerated() {
          let sum =
            classes == 1 ? Double(values[number]) : blockSum(values + number * classes, classes)
          run.store(loss: sum / Double(classes), of: sample)
        }
        guard let place, let scales = run.scalesOfRun else { continue }
        for number in 0..<samples.count {
          let scale = scales[first - run.samples.lowerBound + number] / Double(classes)
          let factor = Work(scale)
          for index in number * classes..<(number + 1) * classes { place[index] *= factor }
        }
        row.store(gradient: place, elements, ifIn: buffers + 3 * blockSize)
      }
    }
  }

  /// Elements per segment: what one thread takes of a sample that is a whole job by itself.
  private static var segment: Int { 1 << 14 }

  private func sum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ scale: Double?, _ type: Work.Type
  ) -> Double {
    let classes = run.geometry.classes
    let segments = (classes + Self.segment - 1) / Self.segment
    if segments == 1 { return segmentSum(run, sample, 0..<classes, scale, type) }
    // Samples are shared out among threads already where there are enough of them.
    let isAlone = run.geometry.sampleCount < LossRuntime.maximumThreads
    let threads = isAlone ? threadCount(elements: classes, blocks: segments) : 1
    let shared = UncheckedSendable(run)
    let parts = concurrentBlocks(segments, threads: threads) {
      [(segment: Int, sum: Double)]()
    } body: { parts, segment in
      let start = segment * Self.segment
      let range = start..<min(start + Self.segment, classes)
      parts.append((segment, segmentSum(shared.value, sample, range, scale, Work.self)))
    }
    var total = CompensatedSum()
    for part in parts.joined().sorted(by: { $0.segment < $1.segment }) { total.add(part.sum) }
    return total.value
  }

  private func segmentSum<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ classes: Range<Int>, _ scale: Double?, _ type: Work.Type
  ) -> Double {
    var total = CompensatedSum()
    withBlocks(4, of: Work.self) { buffers in
      let row = RowBlocks(run, sample: sample)
      for block in blocks(of: classes) {
        let p = row.predictions(block, Work.self, buffer: buffers)
        let y = row.labels(block, Work.self, buffer: buffers + blockSize, labelLine)
        let values = buffers + 2 * blockSize
        let place = row.gradientPlace(block, Work.self, buffer: buffers + 3 * blockSize)
        evaluate(y, p, values: values, derivatives: place, count: block.count)
        total.add(blockSum(values, block.count))
        guard let place, let scale else { continue }
        let factor = Work(scale)
        for index in 0..<block.count { place[index] *= factor }
        row.store(gradient: place, block, ifIn: buffers + 3 * blockSize)
      }
    }
    return total.value
  }
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
