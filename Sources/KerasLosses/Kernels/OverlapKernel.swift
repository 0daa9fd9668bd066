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
    let isAlone = run.samples.count == run.geometry.sampleCount
    let elements = classes * run.samples.count
    let threads = isAlone ? threadCount(elements: elements, blocks: segments) : 1
    return withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      let (classes, segments) = (classes, segments)
      let parts = concurrentBlocks(segments, threads: threads) {
        [(number: Int, result: Result)]()
      } body: { parts, number in
        let start = number * Self.segment
        withBlocks(3 * Self.group, of: Work.self) { buffers in
          let range = start..<min(start + Self.segment, classes)
          parts.append((number, body.value(range, buffers)))
        }
      }
      return parts.joined().sorted { $0.number < $1.number }.map(\.result)
    }
  }

  /// Samples that are read and written together where their elements lie between each other's, and how many
  /// elements of each then: so that memory lies in the first-level cache until all of them have had their part.
  private static var group: Int { 32 }
  private static var strip: Int { 64 }

  /// The pieces of a block that a group of samples reads or writes in turn.
  private func strips(of block: Range<Int>) -> some Sequence<Range<Int>> {
    let length = run.geometry.inner == 1 ? blockSize : Self.strip
    return stride(from: block.lowerBound, to: block.upperBound, by: length).lazy.map {
      $0..<min($0 + length, block.upperBound)
    }
  }

  /// The groups of samples that take part, with their rows.
  private var groups: [[(index: Int, row: RowBlocks)]] {
    let rows = run.samples.enumerated().compactMap { index, sample in
      run.isKept(sample) ? (index: index, row: RowBlocks(run, sample: sample)) : nil
    }
    return stride(from: 0, to: rows.count, by: Self.group).map {
      Array(rows[$0..<min($0 + Self.group, rows.count)])
    }
  }

  /// The numbers of a block for each row of a group: where they lie, or in `buffers`.
  private func read(
    _ block: Range<Int>, _ group: [(index: Int, row: RowBlocks)],
    _ buffers: UnsafeMutablePointer<Work>,
    _ read: (RowBlocks, Range<Int>, UnsafeMutablePointer<Work>) -> UnsafePointer<Work>
  ) -> [UnsafePointer<Work>] {
    var places: [UnsafePointer<Work>] = []
    for strip in strips(of: block) {
      for (number, (_, row)) in group.enumerated() {
        let buffer = buffers + number * blockSize + strip.lowerBound - block.lowerBound
        let place = read(row, strip, buffer)
        if strip.lowerBound == block.lowerBound { places.append(place) }
      }
    }
    return places
  }

  private func labels(
    _ block: Range<Int>, _ group: [(index: Int, row: RowBlocks)],
    _ buffers: UnsafeMutablePointer<Work>
  ) -> [UnsafePointer<Work>] {
    read(block, group, buffers) { $0.labels($1, Work.self, buffer: $2, (1, 0)) }
  }

  /// A, B and C of each sample; 0 for those that do not take part.
  func overlaps() -> [Sums] {
    let groups = groups
    let count = run.samples.count
    let parts = forEachSegment { segment, buffers in
      var totals = [(CompensatedSum, CompensatedSum, CompensatedSum)](
        repeating: (CompensatedSum(), CompensatedSum(), CompensatedSum()), count: count)
      for group in groups {
        for block in blocks(of: segment) {
          let ys = labels(block, group, buffers)
          let ps = read(block, group, buffers + Self.group * blockSize) {
            $0.predictions($1, Work.self, buffer: $2)
          }
          for (number, (index, _)) in group.enumerated() {
            let sums = Work.overlap(ys[number], ps[number], block.count)
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
    let groups = groups
    for sample in run.samples where !run.isKept(sample) { run.storeZeroGradient(of: sample) }
    _ = forEachSegment { segment, buffers in
      let derivatives = buffers + 2 * Self.group * blockSize
      for group in groups {
        for block in blocks(of: segment) {
          let ys = labels(block, group, buffers)
          for (number, (index, row)) in group.enumerated() {
            let buffer = derivatives + number * blockSize
            guard let place = row.gradientPlace(block, Work.self, buffer: buffer) else { continue }
            Work.mix(ys[number], mixes[index].a, mixes[index].c, into: place, block.count)
          }
          store(block, group, derivatives)
        }
      }
    }
  }

  /// Brings derivatives to where they belong, if they were not written there.
  private func store(
    _ block: Range<Int>, _ group: [(index: Int, row: RowBlocks)],
    _ derivatives: UnsafeMutablePointer<Work>
  ) {
    for strip in strips(of: block) {
      for (number, (_, row)) in group.enumerated() {
        let buffer = derivatives + number * blockSize + strip.lowerBound - block.lowerBound
        guard row.gradientPlace(strip, Work.self, buffer: buffer) == buffer else { continue }
        row.store(gradient: buffer, strip)
      }
    }
  }
}
