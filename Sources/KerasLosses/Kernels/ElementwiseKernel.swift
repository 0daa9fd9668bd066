/// A function of one label and one prediction, over blocks of them.
package protocol ElementwiseFunction: Sendable {
  /// The sum of the values at `count` labels and predictions, and, if there is room for them, the
  /// derivatives with respect to the predictions.
  func sum(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) -> Double
}

/// A function that is fast and accurate enough in Float for predictions of that type.
package protocol FloatElementwiseFunction: ElementwiseFunction {
  /// The same in Float; the sum is in Double.
  func sum(
    _ labels: UnsafePointer<Float>, _ predictions: UnsafePointer<Float>,
    derivatives: UnsafeMutablePointer<Float>?, count: Int
  ) -> Double
}

/// The mean of a function over the elements of an axis.
///
/// The function is computed in blocks: in Float for Float and Float16 predictions if it can be, and else in
/// Double. The sums of the blocks are added up in Double with their rounding errors carried along,
/// by segments that depend on the number of elements alone, and divided once.
struct ElementwiseKernel: LossKernel {
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
    for sample in run.samples {
      guard run.isKept(sample) else {
        run.store(loss: 0, of: sample)
        run.storeZeroGradient(of: sample)
        continue
      }
      let count = Double(run.geometry.classes)
      let scale = run.scalesOfRun.map { $0[sample - run.samples.lowerBound] / count }
      run.store(loss: sum(run, sample, scale) / count, of: sample)
    }
  }

  /// Elements per segment: what one thread takes of a sample that is a whole job by itself.
  private static var segment: Int { 1 << 14 }

  private func sum(_ run: SampleRun, _ sample: Int, _ scale: Double?) -> Double {
    let classes = run.geometry.classes
    let segments = (classes + Self.segment - 1) / Self.segment
    if segments == 1 { return segmentSum(run, sample, 0..<classes, scale) }
    // Samples are shared out among threads already where there are enough of them.
    let isAlone = run.geometry.sampleCount < LossRuntime.maximumThreads
    let threads = isAlone ? threadCount(elements: classes, blocks: segments) : 1
    let shared = UncheckedSendable(run)
    let parts = concurrentBlocks(segments, threads: threads) {
      [(segment: Int, sum: Double)]()
    } body: { parts, segment in
      let start = segment * Self.segment
      let range = start..<min(start + Self.segment, classes)
      parts.append((segment, segmentSum(shared.value, sample, range, scale)))
    }
    var total = CompensatedSum()
    for part in parts.joined().sorted(by: { $0.segment < $1.segment }) { total.add(part.sum) }
    return total.value
  }

  private func segmentSum(
    _ run: SampleRun, _ sample: Int, _ classes: Range<Int>, _ scale: Double?
  ) -> Double {
    guard let floatFunction, run.kind != .float64 else {
      return blockSums(run, sample, classes, scale, Double.self) { y, p, derivatives, count in
        function.sum(y, p, derivatives: derivatives, count: count)
      }
    }
    return blockSums(run, sample, classes, scale, Float.self) { y, p, derivatives, count in
      floatFunction.sum(y, p, derivatives: derivatives, count: count)
    }
  }

  @inline(__always)
  private func blockSums<Work: BlockElement>(
    _ run: SampleRun, _ sample: Int, _ classes: Range<Int>, _ scale: Double?, _ type: Work.Type,
    _ evaluate: (UnsafePointer<Work>, UnsafePointer<Work>, UnsafeMutablePointer<Work>?, Int) ->
      Double
  ) -> Double {
    var total = CompensatedSum()
    withBlocks(3, of: Work.self) { buffers in
      let row = RowBlocks(run, sample: sample)
      for block in blocks(of: classes) {
        let p = row.predictions(block, Work.self, buffer: buffers)
        let y = row.labels(block, Work.self, buffer: buffers + blockSize, labelLine)
        guard let scale else {
          total.add(evaluate(y, p, nil, block.count))
          continue
        }
        let place = row.gradientPlace(block, Work.self) ?? buffers + 2 * blockSize
        total.add(evaluate(y, p, place, block.count))
        let factor = Work(scale)
        for index in 0..<block.count { place[index] *= factor }
        if place == buffers + 2 * blockSize { row.store(gradient: place, block) }
      }
    }
    return total.value
  }
}
