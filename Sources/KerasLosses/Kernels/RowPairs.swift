internal import CLossKernels

/// A type of blocks over which there are sums of pairs of rows: the Swift face of `kl_rows`.
protocol RowElement: BlockElement {
  typealias Row = UnsafePointer<Self>
  typealias Target = UnsafeMutablePointer<Self>

  /// Σ y·y, Σ y·p, Σ p·p.
  static func products(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double)
  /// Σ y·p, Σ y·(1 − p), Σ p·(1 − y).
  static func overlap(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double)
  /// Σ y·p, Σ (y·(1 − p) + p·(1 − y)).
  static func difference(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double)
  /// Σ (y − t·p)·p.
  static func residual(_ y: Row, _ p: Row, _ t: Double, _ count: Int) -> Double
  /// `scale`·(y − t·p − u·p).
  static func residuals(
    _ y: Row, _ p: Row, _ t: Double, _ u: Double, scale: Double, into out: Target, _ count: Int)
  /// a·(1 − y) + c·y.
  static func mix(_ y: Row, _ a: Double, _ c: Double, into out: Target, _ count: Int)
  /// What ``overlap(_:_:_:)`` is for each of `columns` columns of `count` numbers, three numbers each.
  static func overlaps(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>)
  /// What ``difference(_:_:_:)`` is for each of `columns` columns of `count` numbers, two numbers each.
  static func differences(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>)
  /// a·(1 − y) + c·y, with a and c of each column, to a matrix of this stride.
  static func mix(
    _ y: ColumnBlocks.Matrix<Self>, _ a: [Double], _ c: [Double], _ count: Int, into out: Target,
    _ stride: Int)
  /// Σ y·p; `largest` becomes the larger of itself and max (1 − y)·p.
  static func margin(_ y: Row, _ p: Row, _ count: Int, largest: inout Double) -> Double
  /// How many (1 − y)·p equal `largest`.
  static func marginPeaks(_ y: Row, _ p: Row, largest: Double, _ count: Int) -> Int
  /// `share`·(1 − y) where (1 − y)·p equals `largest`, else 0, less `scale`·y.
  static func marginGradient(
    _ y: Row, _ p: Row, largest: Double, share: Double, scale: Double, into out: Target,
    _ count: Int)
  /// The larger of `largest` and all x.
  static func largest(_ x: Row, _ largest: Double, _ count: Int) -> Double
  /// e^(x − m), accurate enough for results of this type.
  static func exp(_ x: Row, lessBy m: Double, into out: UnsafeMutablePointer<Double>, _ count: Int)
}

/// Up to three sums that a kernel writes.
@inline(__always)
private func sums(
  _ body: (UnsafeMutablePointer<Double>) -> Void
) -> (Double, Double, Double) {
  var sums = (0.0, 0.0, 0.0)
  withUnsafeMutableBytes(of: &sums) { bytes in
    if let base = bytes.baseAddress { body(base.assumingMemoryBound(to: Double.self)) }
  }
  return sums
}

extension Float: RowElement {
  static func products(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double) {
    sums { kl_rows_products_f32(y, p, count, $0) }
  }
  static func overlap(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double) {
    sums { kl_rows_overlap_f32(y, p, count, $0) }
  }
  static func difference(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double) {
    let (common, other, _) = sums { kl_rows_difference_f32(y, p, count, $0) }
    return (common, other)
  }
  static func residual(_ y: Row, _ p: Row, _ t: Double, _ count: Int) -> Double {
    kl_rows_residual_f32(y, p, t, count)
  }
  static func residuals(
    _ y: Row, _ p: Row, _ t: Double, _ u: Double, scale: Double, into out: Target, _ count: Int
  ) {
    kl_rows_residuals_f32(y, p, t, u, scale, out, count)
  }
  static func mix(_ y: Row, _ a: Double, _ c: Double, into out: Target, _ count: Int) {
    kl_rows_mix_f32(y, a, c, out, count)
  }
  static func overlaps(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    kl_columns_overlap_f32(y.base, y.stride, p.base, p.stride, columns, count, sums)
  }
  static func differences(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    kl_columns_difference_f32(y.base, y.stride, p.base, p.stride, columns, count, sums)
  }
  static func mix(
    _ y: ColumnBlocks.Matrix<Self>, _ a: [Double], _ c: [Double], _ count: Int, into out: Target,
    _ stride: Int
  ) {
    kl_columns_mix_f32(y.base, y.stride, a, c, a.count, count, out, stride)
  }
  static func margin(_ y: Row, _ p: Row, _ count: Int, largest: inout Double) -> Double {
    kl_rows_margin_f32(y, p, count, &largest)
  }
  static func marginPeaks(_ y: Row, _ p: Row, largest: Double, _ count: Int) -> Int {
    kl_rows_margin_peaks_f32(y, p, largest, count)
  }
  static func marginGradient(
    _ y: Row, _ p: Row, largest: Double, share: Double, scale: Double, into out: Target,
    _ count: Int
  ) {
    kl_rows_margin_gradient_f32(y, p, largest, share, scale, out, count)
  }
  static func largest(_ x: Row, _ largest: Double, _ count: Int) -> Double {
    kl_rows_largest_f32(x, largest, count)
  }
  static func exp(_ x: Row, lessBy m: Double, into out: UnsafeMutablePointer<Double>, _ count: Int)
  {
    kl_rows_exp_f32(x, m, out, count)
  }
}

extension Double: RowElement {
  static func products(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double) {
    sums { kl_rows_products_f64(y, p, count, $0) }
  }
  static func overlap(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double, Double) {
    sums { kl_rows_overlap_f64(y, p, count, $0) }
  }
  static func difference(_ y: Row, _ p: Row, _ count: Int) -> (Double, Double) {
    let (common, other, _) = sums { kl_rows_difference_f64(y, p, count, $0) }
    return (common, other)
  }
  static func residual(_ y: Row, _ p: Row, _ t: Double, _ count: Int) -> Double {
    kl_rows_residual_f64(y, p, t, count)
  }
  static func residuals(
    _ y: Row, _ p: Row, _ t: Double, _ u: Double, scale: Double, into out: Target, _ count: Int
  ) {
    kl_rows_residuals_f64(y, p, t, u, scale, out, count)
  }
  static func mix(_ y: Row, _ a: Double, _ c: Double, into out: Target, _ count: Int) {
    kl_rows_mix_f64(y, a, c, out, count)
  }
  static func overlaps(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    kl_columns_overlap_f64(y.base, y.stride, p.base, p.stride, columns, count, sums)
  }
  static func differences(
    _ y: ColumnBlocks.Matrix<Self>, _ p: ColumnBlocks.Matrix<Self>, _ columns: Int, _ count: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    kl_columns_difference_f64(y.base, y.stride, p.base, p.stride, columns, count, sums)
  }
  static func mix(
    _ y: ColumnBlocks.Matrix<Self>, _ a: [Double], _ c: [Double], _ count: Int, into out: Target,
    _ stride: Int
  ) {
    kl_columns_mix_f64(y.base, y.stride, a, c, a.count, count, out, stride)
  }
  static func margin(_ y: Row, _ p: Row, _ count: Int, largest: inout Double) -> Double {
    kl_rows_margin_f64(y, p, count, &largest)
  }
  static func marginPeaks(_ y: Row, _ p: Row, largest: Double, _ count: Int) -> Int {
    kl_rows_margin_peaks_f64(y, p, largest, count)
  }
  static func marginGradient(
    _ y: Row, _ p: Row, largest: Double, share: Double, scale: Double, into out: Target,
    _ count: Int
  ) {
    kl_rows_margin_gradient_f64(y, p, largest, share, scale, out, count)
  }
  static func largest(_ x: Row, _ largest: Double, _ count: Int) -> Double {
    kl_rows_largest_f64(x, largest, count)
  }
  static func exp(_ x: Row, lessBy m: Double, into out: UnsafeMutablePointer<Double>, _ count: Int)
  {
    kl_rows_exp_f64(x, m, out, count)
  }
}

extension SampleRun {
  /// Calls `body` for each sample that takes part, with its number and the factor of its derivative, nil if
  /// that is not wanted. The others get a loss and a gradient of 0.
  @inline(__always)
  func forEachKept(_ body: (_ sample: Int, _ scale: Double?) -> Void) {
    for sample in samples {
      if isKept(sample) {
        body(sample, scalesOfRun.map { $0[sample - samples.lowerBound] })
      } else {
        store(loss: 0, of: sample)
        storeZeroGradient(of: sample)
      }
    }
  }
}

extension RowBlocks {
  /// The prediction of one class.
  func prediction(_ c: Int) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { buffer in
      buffer.baseAddress.map { predictions(c..<c + 1, Double.self, buffer: $0).pointee } ?? .nan
    }
  }

  /// Calls `body` with the labels and predictions of one block after the other of `range`.
  ///
  /// `buffers` has room for two blocks, for what does not lie ready.
  @inline(__always)
  func forEachPair<Work: RowElement>(
    in range: Range<Int>, _ type: Work.Type, _ buffers: UnsafeMutablePointer<Work>,
    _ body: (_ y: UnsafePointer<Work>, _ p: UnsafePointer<Work>, _ block: Range<Int>) -> Void
  ) {
    for block in blocks(of: range) {
      let y = labels(block, Work.self, buffer: buffers, (1, 0))
      let p = predictions(block, Work.self, buffer: buffers + blockSize)
      body(y, p, block)
    }
  }

  /// Writes the derivatives of a block: `body` computes them into the place that it is given.
  @inline(__always)
  func writeGradient<Work: RowElement>(
    _ block: Range<Int>, buffer: UnsafeMutablePointer<Work>,
    _ body: (UnsafeMutablePointer<Work>) -> Void
  ) {
    guard let place = gradientPlace(block, Work.self, buffer: buffer) else { return }
    body(place)
    if place == buffer { store(gradient: buffer, block) }
  }
}
