/// How far two regions are from covering each other, over samples of any axes:
///
///     loss = (α·A + β·B + ε) / (C + α·A + β·B + ε)
///     A = Σ p·(1 − y),   B = Σ y·(1 − p),   C = Σ y·p
///
/// that is 1 − C / (C + α·A + β·B + ε), without the difference: for labels and predictions in 0...1 all terms
/// have one sign, so that a loss near 0 has all its digits. With N for the numerator and D for the
/// denominator the derivative is
///
///     (α·C·(1 − y) − (β·C + N)·y) / D²
///
/// The sums are made in Double, block by block, with the errors of the additions of blocks carried along.
/// Segments of elements, which depend on the number of elements alone, are shared out among threads where
/// there are too few samples for that.
struct OverlapKernel: LossKernel {
  /// The axes within a sample; nil for all.
  let axes: [Int]?
  /// The weight of A, what was predicted and is not there.
  let alpha: Double
  /// The weight of B, what is there and was not predicted.
  let beta: Double
  let epsilon: Double

  var labels: LabelEncoding { .dense }

  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    try operands.regions(over: axes)
  }

  func compute(_ run: SampleRun) {
    if run.kind == .float64 { compute(run, Double.self) } else { compute(run, Float.self) }
  }

  private func compute<Work: RowElement>(_ run: SampleRun, _ type: Work.Type) {
    let overlaps = OverlapRun<Work>(run).overlaps()
    var mixes: [(Double, Double)] = []
    for (sample, sums) in zip(run.samples, overlaps) {
      let missed = alpha * sums.a + beta * sums.b + epsilon
      let all = sums.c + missed
      run.store(loss: run.isKept(sample) ? missed / all : 0, of: sample)
      guard let scales = run.scalesOfRun else { continue }
      let factor = scales[sample - run.samples.lowerBound] / all
      mixes.append((alpha * sums.c / all * factor, -(beta * sums.c + missed) / all * factor))
    }
    if run.scalesOfRun != nil { OverlapRun<Work>(run).writeGradient(mixes) }
  }
}

/// The passes over the samples of a run.
private struct OverlapRun<Work: RowElement> {
  struct Sums {
    var a = 0.0
    var b = 0.0
    var c = 0.0
  }

  private let run: SampleRun
  private let classes: Int

  init(_ run: SampleRun) {
    self.run = run
    classes = run.geometry.classes
  }

  /// Elements per segment: what one thread takes.
  private static var segment: Int { 1 << 14 }

  private var segments: Int { (classes + Self.segment - 1) / Self.segment }

  /// Runs `body` for each segment, on threads of its own where the samples are too few to be shared out.
  private func forEachSegment<Result: Sendable>(
    _ body: (Range<Int>, UnsafeMutablePointer<Work>) -> Result
  ) -> [Result] {
    let isAlone = run.geometry.sampleCount < LossRuntime.maximumThreads
    let elements = classes * run.samples.count
    let threads = isAlone ? threadCount(elements: elements, blocks: segments) : 1
    return withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      let (classes, segments) = (classes, segments)
      let parts = concurrentBlocks(segments, threads: threads) {
        [(number: Int, result: Result)]()
      } body: { parts, number in
        let start = number * Self.segment
        withBlocks(3, of: Work.self) { buffers in
          let range = start..<min(start + Self.segment, classes)
          parts.append((number, body.value(range, buffers)))
        }
      }
      return parts.joined().sorted { $0.number < $1.number }.map(\.result)
    }
  }

  /// The samples that take part, and where their numbers lie.
  private var rows: [(index: Int, row: RowBlocks)] {
    run.samples.enumerated().compactMap { index, sample in
      run.isKept(sample) ? (index, RowBlocks(run, sample: sample)) : nil
    }
  }

  /// A, B and C of each sample; 0 for those that do not take part.
  func overlaps() -> [Sums] {
    let rows = rows
    let count = run.samples.count
    let parts = forEachSegment { segment, buffers in
      var totals = [(CompensatedSum, CompensatedSum, CompensatedSum)](
        repeating: (CompensatedSum(), CompensatedSum(), CompensatedSum()), count: count)
      // Block by block, and not sample by sample: the samples of a block may lie within each other.
      for block in blocks(of: segment) {
        for (index, row) in rows {
          row.forEachPair(in: block, Work.self, buffers) { y, p, block in
            let sums = Work.overlap(y, p, block.count)
            totals[index].0.add(sums.2)
            totals[index].1.add(sums.1)
            totals[index].2.add(sums.0)
          }
        }
      }
      return totals.map { Sums(a: $0.0.value, b: $0.1.value, c: $0.2.value) }
    }
    return (0..<count).map { index in
      var total = (CompensatedSum(), CompensatedSum(), CompensatedSum())
      for part in parts {
        total.0.add(part[index].a)
        total.1.add(part[index].b)
        total.2.add(part[index].c)
      }
      return Sums(a: total.0.value, b: total.1.value, c: total.2.value)
    }
  }

  /// Writes a·(1 − y) + c·y for each sample with its (a, c); 0 for those that do not take part.
  func writeGradient(_ mixes: [(a: Double, c: Double)]) {
    let rows = rows
    for sample in run.samples where !run.isKept(sample) { run.storeZeroGradient(of: sample) }
    _ = forEachSegment { segment, buffers in
      for block in blocks(of: segment) {
        for (index, row) in rows {
          let y = row.labels(block, Work.self, buffer: buffers, (1, 0))
          row.writeGradient(block, buffer: buffers + blockSize) {
            Work.mix(y, mixes[index].a, mixes[index].c, into: $0, block.count)
          }
        }
      }
    }
  }
}
