internal import CLossKernels

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
/// Where α and β are the same, A and B are summed together.
///
/// The sums are made in Double, block by block, with the errors of the additions of blocks carried along; the terms of
/// Floats are added four at a time as Floats.
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
    let overlapRun = OverlapRun<Work>(run)
    let overlaps = alpha == beta ? overlapRun.differences() : overlapRun.overlaps()
    var mixes: [(Double, Double)] = []
    for (sample, sums) in zip(run.samples, overlaps) {
      let missed = alpha * sums.a + beta * sums.b + epsilon
      let all = sums.c + missed
      run.store(loss: run.isKept(sample) ? missed / all : 0, of: sample)
      guard let scales = run.scalesOfRun else { continue }
      let factor = scales[sample - run.samples.lowerBound] / all
      mixes.append((alpha * sums.c / all * factor, -(beta * sums.c + missed) / all * factor))
    }
    if run.scalesOfRun != nil { overlapRun.writeGradient(mixes) }
  }
}

/// The passes over the samples of a run.
private struct OverlapRun<Work: RowElement> {
  typealias Sums = (a: Double, b: Double, c: Double)

  private let run: SampleRun
  private let classes: Int

  init(_ run: SampleRun) {
    self.run = run
    classes = run.classes
  }

  /// Numbers of a block of all samples of a group.
  private static var room: Int { blockSize * Int(KL_MOST_COLUMNS) }

  /// Runs `body` for each segment, with room for two blocks of a row or of a group of columns, on threads of its
  /// own where the samples are too few to be shared out.
  private func forEachSegment<Result: Sendable>(
    _ body: (Range<Int>, UnsafeMutablePointer<Work>) -> Result
  ) -> [Result] {
    let segment = segmentLength(classes)
    let segments = (classes + segment - 1) / segment
    let isAlone = run.samples.count == run.geometry.pointee.sampleCount
    let elements = classes * run.samples.count
    let threads = isAlone ? threadCount(elements: elements, blocks: segments) : 1
    let room = run.inner == 1 ? 2 : 2 * Int(KL_MOST_COLUMNS)
    return withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      let classes = classes
      let parts = concurrentBlocks(segments, threads: threads) {
        [(number: Int, result: Result)]()
      } body: { parts, number in
        let start = number * segment
        withBlocks(room, of: Work.self) { buffers in
          let range = start..<min(start + segment, classes)
          parts.append((number, body.value(range, buffers)))
        }
      }
      return parts.joined().sorted { $0.number < $1.number }.map(\.result)
    }
  }

  /// Samples whose rows lie apart from each other; the others are columns.
  private var rows: [(index: Int, row: RowBlocks)] {
    guard run.inner == 1 else { return [] }
    return run.samples.enumerated().compactMap { index, sample in
      run.isKept(sample) ? (index: index, row: RowBlocks(run, sample: sample)) : nil
    }
  }

  private var columns: [ColumnBlocks] {
    run.inner == 1 ? [] : ColumnBlocks.groups(run)
  }

  /// How much of a row is taken at a time: all of a segment if it is read and written where it lies.
  private func length(_ row: RowBlocks, _ segment: Range<Int>) -> Int {
    row.isInPlace(Work.self, (1, 0)) ? segment.count : blockSize
  }

  /// A, B and C of each sample; anything for those that do not take part.
  func overlaps() -> [Sums] {
    sums(
      ofRow: { ys, ps, count in Work.overlap(ys, ps, count) },
      ofColumns: { ys, ps, columns, count, sums in
        Work.overlaps(ys, ps, columns, count, into: sums)
        return (0..<columns).map { (sums[3 * $0], sums[3 * $0 + 1], sums[3 * $0 + 2]) }
      })
  }

  /// A + B in A's place, 0 and C.
  func differences() -> [Sums] {
    sums(
      ofRow: { ys, ps, count in
        let (c, ab) = Work.difference(ys, ps, count)
        return (c, 0, ab)
      },
      ofColumns: { ys, ps, columns, count, sums in
        Work.differences(ys, ps, columns, count, into: sums)
        return (0..<columns).map { (sums[2 * $0], 0, sums[2 * $0 + 1]) }
      })
  }

  private func sums(
    ofRow: (UnsafePointer<Work>, UnsafePointer<Work>, Int) -> (Double, Double, Double),
    ofColumns: (
      ColumnBlocks.Matrix<Work>, ColumnBlocks.Matrix<Work>, Int, Int, UnsafeMutablePointer<Double>
    ) -> [(Double, Double, Double)]
  ) -> [Sums] {
    let (rows, columns) = (rows, columns)
    let count = run.samples.count
    let parts = forEachSegment { segment, buffers in
      var totals = [CompensatedSums](repeating: CompensatedSums(), count: count)
      var sums = [Double](repeating: 0, count: 3 * Int(KL_MOST_COLUMNS))
      for (index, row) in rows {
        for block in blocks(of: segment, length: length(row, segment)) {
          let ys = row.labels(block, Work.self, buffer: buffers, (1, 0))
          let ps = row.predictions(block, Work.self, buffer: buffers + blockSize)
          totals[index].add(ofRow(ys, ps, block.count))
        }
      }
      for block in blocks(of: segment) {
        for group in columns {
          let ys = group.labels(block, buffers)
          let ps = group.predictions(block, buffers + Self.room)
          let found = ofColumns(ys, ps, group.count, block.count, &sums)
          for number in 0..<group.count { totals[group.first + number].add(found[number]) }
        }
      }
      return totals.map(\.value)
    }
    return (0..<count).map { index in
      var total = CompensatedSums()
      for part in parts { total.add((part[index].c, part[index].b, part[index].a)) }
      return total.value
    }
  }

  /// Writes a·(1 − y) + c·y for each sample with its (a, c); 0 for those that do not take part.
  func writeGradient(_ mixes: [(a: Double, c: Double)]) {
    let (rows, columns) = (rows, columns)
    _ = forEachSegment { segment, buffers in
      for (index, row) in rows {
        for block in blocks(of: segment, length: length(row, segment)) {
          let ys = row.labels(block, Work.self, buffer: buffers, (1, 0))
          let buffer = buffers + blockSize
          guard let place = row.gradientPlace(block, Work.self, buffer: buffer) else { continue }
          Work.mix(ys, mixes[index].a, mixes[index].c, into: place, block.count)
          if place == buffer { row.store(gradient: buffer, block) }
        }
      }
      for block in blocks(of: segment) {
        for group in columns {
          let ys = group.labels(block, buffers)
          let own = mixes[group.first..<group.first + group.count]
          group.withGradient(block, buffers + Self.room) { place, stride in
            Work.mix(ys, own.map(\.a), own.map(\.c), block.count, into: place, stride)
          }
        }
      }
    }
    for sample in run.samples where !run.isKept(sample) { run.storeZeroGradient(of: sample) }
  }
}

/// The sums of an overlap, with the errors of their additions.
private struct CompensatedSums {
  private var a = CompensatedSum()
  private var b = CompensatedSum()
  private var c = CompensatedSum()

  /// Adds Σ y·p, Σ y·(1 − p) and Σ p·(1 − y).
  mutating func add(_ sums: (Double, Double, Double)) {
    c.add(sums.0)
    b.add(sums.1)
    a.add(sums.2)
  }

  var value: (a: Double, b: Double, c: Double) { (a.value, b.value, c.value) }
}
