internal import CLossKernels

/// The pairs of a batch's rows, in squares of 64 rows by 64.
///
/// The products of rows are symmetric to the bit, and so are their v: a square above the diagonal is looked at once,
/// for its rows and for its columns. What each square leaves for each of them is kept, and brought together in the
/// order of the squares, so that it does not matter which thread took which.
///
/// Where no |v| can exceed 600, Σ e^v is a Double, and a normal one: |p·r| ≤ ‖p‖‖r‖, D ≤ 1 + R with R the largest
/// ‖p‖², and γ·max((1 + R)², m²) bounds |v|. Else the largest v of each row are found first and taken out of its
/// exponents.
struct CirclePairs: Sendable {
  private static let edge = Int(KL_SQUARE)
  /// Squares of products that are kept, 64 MiB: if they are more, they are computed anew wherever they are needed.
  private static let mostKept = 2048

  private let kernel: CircleKernel
  private let count: Int
  private let classes: Int
  /// As many as there are places for rows in the squares.
  private let labels: [Int64]
  /// [square][dimension][row], 0 where there is no row.
  private let columns: DoubleMemory
  private let isPeaked: Bool
  private let isBrief: Bool
  /// The products of the squares in ``half``, if they are kept.
  private var kept: DoubleMemory?

  /// The rows are those of `samples`.
  init(_ kernel: CircleKernel, _ batch: SampleRun, _ samples: [Int]) {
    self.kernel = kernel
    count = samples.count
    classes = batch.classes
    isBrief = batch.kind != .float64
    let (edge, classes) = (Self.edge, classes)
    let places = (samples.count + edge - 1) / edge * edge
    let ids = batch.labelKind.classIDs(batch.labels, in: batch.samples)
    labels = samples.map { ids[$0] } + [Int64](repeating: 0, count: places - samples.count)
    columns = DoubleMemory(places * classes)
    let base = columns.base
    base.update(repeating: 0, count: places * classes)
    var largest = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: classes) { buffer in
      guard let room = buffer.baseAddress else { return }
      for (index, sample) in samples.enumerated() {
        let row = RowBlocks(batch, sample: sample)
          .predictions(0..<classes, Double.self, buffer: room)
        let target = base + index / edge * edge * classes + index % edge
        var square = 0.0
        for k in 0..<classes {
          target[k * edge] = row[k]
          square += row[k] * row[k]
        }
        if square > largest { largest = square }
      }
    }
    let reach = 1 + largest
    isPeaked = kernel.gamma * max(reach * reach, kernel.margin * kernel.margin) > 600
    kept = nil
    keepProducts()
  }

  // MARK: Squares

  private var squares: Int { labels.count / Self.edge }

  /// The squares on the diagonal and above it.
  private var half: [(row: Int, column: Int)] {
    (0..<squares).flatMap { row in (row..<squares).map { (row, $0) } }
  }

  /// The number of a square in ``half``.
  private func number(_ row: Int, _ column: Int) -> Int {
    row * (2 * squares - row + 1) / 2 + column - row
  }

  /// The rows of a square.
  private func rows(_ square: Int) -> Int { min(Self.edge, count - square * Self.edge) }

  private var loss: kl_circle {
    kl_circle(
      gamma: kernel.gamma, margin: kernel.margin, peaked: isPeaked ? 1 : 0, brief: isBrief ? 1 : 0)
  }

  private var skips: Int32 { kernel.removesDiagonal ? 1 : 0 }

  /// The products of a square.
  private func multiply(_ row: Int, _ column: Int, into products: UnsafeMutablePointer<Double>) {
    let (edge, base, step) = (Self.edge, columns.base, Self.edge * classes)
    kl_matrix_multiply_transposed(
      base + row * step, (rows(row) + 7) / 8 * 8, base + column * step, edge,
      (rows(column) + 7) / 8 * 8, classes, products, edge, 0)
  }

  /// Runs `body` for each number, on threads, each with room for so many Doubles of its own.
  private func concurrently(
    _ blocks: Int, room: Int, _ body: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    // A pair costs its products, of which dozens take as long as an element of other losses.
    let threads = threadCount(elements: count * count * (classes + 32) / 32, blocks: blocks)
    withoutActuallyEscaping(body) { body in
      let body = UncheckedSendable(body)
      _ = concurrentBlocks(blocks, threads: threads) {
        DoubleMemory(room)
      } body: { memory, block in
        body.value(block, memory.base)
      }
    }
  }

  private mutating func keepProducts() {
    let half = half
    guard half.count <= Self.mostKept else { return }
    let memory = DoubleMemory(half.count * Self.edge * Self.edge)
    concurrently(half.count, room: 0) { number, _ in
      multiply(
        half[number].row, half[number].column,
        into: memory.base + number * Self.edge * Self.edge)
    }
    kept = memory
  }

  /// The products of a square in ``half``, or computed into `room`.
  private func products(
    _ row: Int, _ column: Int, _ room: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Double> {
    if let kept { return UnsafePointer(kept.base + number(row, column) * Self.edge * Self.edge) }
    multiply(row, column, into: room)
    return UnsafePointer(room)
  }

  // MARK: Sums

  /// What the pairs of each row leave.
  func anchors() -> [CircleAnchor] {
    guard count > 0 else { return [] }
    let places = labels.count
    let memory = DoubleMemory(2 * places)
    memory.base.update(repeating: 0, count: 2 * places)
    let peaks = Kinds(same: memory.base, other: memory.base + places)
    if isPeaked { gather(kl_circle_peaks, peaks, into: peaks, from: -.infinity) { max($0, $1) } }
    let results = DoubleMemory(2 * places)
    let sums = Kinds(same: results.base, other: results.base + places)
    gather(kl_circle_sums, peaks, into: sums, from: 0, +)
    return withExtendedLifetime((memory, results)) {
      (0..<count).map {
        CircleAnchor(
          peaks: (peaks.same[$0], peaks.other[$0]), sums: (sums.same[$0], sums.other[$0]))
      }
    }
  }

  /// A number per row for each kind of pairs.
  private struct Kinds {
    let same: UnsafeMutablePointer<Double>
    let other: UnsafeMutablePointer<Double>

    static func + (kinds: Kinds, offset: Int) -> Kinds {
      Kinds(same: kinds.same + offset, other: kinds.other + offset)
    }

    var result: kl_circle_result { kl_circle_result(kinds: (same, other)) }
    var constant: (UnsafePointer<Double>?, UnsafePointer<Double>?) {
      (UnsafePointer(same), UnsafePointer(other))
    }
  }

  private typealias SquareFunction = (
    UnsafePointer<kl_circle>?, UnsafePointer<Double>?, UnsafePointer<kl_circle_side>?,
    UnsafePointer<kl_circle_side>?, Int32, Int32, kl_circle_result, kl_circle_result
  ) -> Void

  /// What a function gives for each row and kind in each square, brought together.
  private func gather(
    _ function: SquareFunction, _ peaks: Kinds, into results: Kinds,
    from start: Double,
    _ combine: (Double, Double) -> Double
  ) {
    let (half, edge, places) = (half, Self.edge, labels.count)
    // For each square of columns, what they are for all rows.
    let memory = DoubleMemory(2 * squares * places)
    let parts = Kinds(same: memory.base, other: memory.base + squares * places)
    labels.withUnsafeBufferPointer { labels in
      guard let labels = labels.baseAddress else { return }
      func side(_ square: Int) -> kl_circle_side {
        kl_circle_side(
          count: rows(square), labels: labels + square * edge,
          peaks: (peaks + square * edge).constant, inverses: (nil, nil), factors: nil)
      }
      concurrently(half.count, room: edge * edge) { number, room in
        let (row, column) = half[number]
        let products = products(row, column, room)
        var (loss, rows, columns) = (loss, side(row), side(column))
        function(
          &loss, products, &rows, &columns, row == column ? 1 : 0, skips,
          (parts + (column * places + row * edge)).result,
          (parts + (row * places + column * edge)).result)
      }
    }
    for index in 0..<count {
      let places = stride(from: index, to: squares * places, by: places)
      results.same[index] = places.reduce(start) { combine($0, parts.same[$1]) }
      results.other[index] = places.reduce(start) { combine($0, parts.other[$1]) }
    }
    withExtendedLifetime(memory) {}
  }

  // MARK: Gradient

  /// Writes the derivative by each row: the sum of all rows, each times the derivative by its product with that row.
  /// `factors` are those of each row's loss.
  func writeGradient(
    of run: SampleRun, _ samples: [Int], _ anchors: [CircleAnchor], _ factors: [Double]
  ) {
    guard count > 0 else { return }
    let coefficients = CircleCoefficients(anchors, factors, places: labels.count)
    let rows = rows(of: run, samples)
    let shared = UncheckedSendable(run)
    let (edge, width) = (Self.edge, width)
    concurrently(squares, room: edge * (edge + width)) { row, room in
      let (square, sums) = (room, room + edge * edge)
      let own = (self.rows(row) + 7) / 8 * 8
      for column in 0..<squares {
        let others = rows.base + column * edge * width
        let (depth, adds) = (self.rows(column), Int32(column == 0 ? 0 : 1))
        // The other half, if it need not be computed: as it lies, transposed.
        let isOther = column < row && kept != nil
        let (first, second) = isOther ? (column, row) : (row, column)
        differentiate(first, second, coefficients, into: square)
        let multiply = isOther ? kl_matrix_multiply_transposed : kl_matrix_multiply
        multiply(square, own, others, width, width, depth, sums, width, adds)
      }
      for index in 0..<self.rows(row) {
        RowBlocks(shared.value, sample: samples[row * edge + index])
          .store(gradient: sums + index * width, 0..<classes)
      }
    }
  }

  /// The distance between rows that lie one after the other.
  private var width: Int { (classes + 7) / 8 * 8 }

  /// The rows one after the other, padded by zeros.
  private func rows(of run: SampleRun, _ samples: [Int]) -> DoubleMemory {
    let memory = DoubleMemory(count * width)
    for (index, sample) in samples.enumerated() {
      let target = memory.base + index * width
      let row = RowBlocks(run, sample: sample).predictions(0..<classes, Double.self, buffer: target)
      if row != UnsafePointer(target) { target.update(from: row, count: classes) }
      (target + classes).update(repeating: 0, count: width - classes)
    }
    return memory
  }

  /// The derivatives by a square's products.
  private func differentiate(
    _ row: Int, _ column: Int, _ coefficients: CircleCoefficients,
    into square: UnsafeMutablePointer<Double>
  ) {
    let products = products(row, column, square)
    labels.withUnsafeBufferPointer { labels in
      guard let labels = labels.baseAddress else { return }
      var loss = loss
      var left = coefficients.side(row * Self.edge, rows(row), labels)
      var right = coefficients.side(column * Self.edge, rows(column), labels)
      kl_circle_coefficients(&loss, products, &left, &right, row == column ? 1 : 0, skips, square)
    }
  }
}

/// What the derivatives by products are made of, for each row.
private struct CircleCoefficients: Sendable {
  private let memory: DoubleMemory
  private let places: Int

  init(_ anchors: [CircleAnchor], _ factors: [Double], places: Int) {
    memory = DoubleMemory(5 * places)
    self.places = places
    let base = memory.base
    base.update(repeating: 0, count: 5 * places)
    for (row, (anchor, factor)) in zip(anchors, factors).enumerated() {
      base[row] = anchor.peaks.same
      base[places + row] = anchor.peaks.other
      // An anchor without pairs, or one that has no part in the result.
      guard factor != 0 else { continue }
      base[2 * places + row] = 1 / anchor.sums.same
      base[3 * places + row] = 1 / anchor.sums.other
      base[4 * places + row] = factor
    }
  }

  /// What a square needs of the rows from `first` on.
  func side(_ first: Int, _ count: Int, _ labels: UnsafePointer<Int64>) -> kl_circle_side {
    let base = UnsafePointer(memory.base + first)
    return kl_circle_side(
      count: count, labels: labels + first, peaks: (base, base + places),
      inverses: (base + 2 * places, base + 3 * places), factors: base + 4 * places)
  }
}
