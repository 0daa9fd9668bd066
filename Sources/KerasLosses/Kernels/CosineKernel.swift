/// −cos of the angle between rows of labels and predictions: −ŷ·p̂ with x̂ = x / max(‖x‖, ε).
///
/// The derivative, −(y − t·p) / (‖y‖‖p‖) with t = y·p / p·p, is what is left of y without its projection onto
/// p. Where the two are nearly parallel that is a small difference of large numbers, and the rounding of t
/// alone would show in it; so what is left is projected once more, and that part is taken out too ("twice is
/// enough", Kahan). Where ‖p‖ ≤ ε the loss is linear in p.
///
/// Sums are made in Double: of products by a tree within a block, and with their errors carried along from
/// block to block.
struct CosineKernel: RowKernel {
  let axis: Int
  var labels: LabelEncoding { .dense }

  /// The norm below which a vector is divided by this instead.
  static let leastNorm = 1e-7

  func compute(_ run: SampleRun) {
    if run.kind == .float64 { compute(run, Double.self) } else { compute(run, Float.self) }
  }

  private func compute<Work: RowElement>(_ run: SampleRun, _ type: Work.Type) {
    withBlocks(3, of: Work.self) { buffers in
      run.forEachKept { sample, scale in
        var pair = VectorPair<Work>(run, sample, buffers)
        pair.sum()
        run.store(loss: pair.loss, of: sample)
        if let scale { pair.differentiate(scale) }
      }
    }
  }
}

/// A vector of labels and one of predictions.
private struct VectorPair<Work: RowElement> {
  private let row: RowBlocks
  private let classes: Int
  private let buffers: UnsafeMutablePointer<Work>
  /// Powers of two by which the vectors are multiplied, so that their squares are in range.
  private var units = (y: Work(1), p: Work(1))
  private var squareY = 0.0
  private var product = 0.0
  private var squareP = 0.0

  init(_ run: SampleRun, _ sample: Int, _ buffers: UnsafeMutablePointer<Work>) {
    row = RowBlocks(run, sample: sample)
    classes = run.classes
    self.buffers = buffers
  }

  private func forEachPair(
    _ body: (UnsafePointer<Work>, UnsafePointer<Work>, Range<Int>) -> Void
  ) {
    row.forEachPair(in: 0..<classes, Work.self, buffers) { y, p, block in
      body(
        scaled(y, units.y, block.count, buffers),
        scaled(p, units.p, block.count, buffers + blockSize), block)
    }
  }

  private func scaled(
    _ x: UnsafePointer<Work>, _ unit: Work, _ count: Int, _ buffer: UnsafeMutablePointer<Work>
  ) -> UnsafePointer<Work> {
    guard unit != 1 else { return x }
    for index in 0..<count { buffer[index] = x[index] * unit }
    return UnsafePointer(buffer)
  }

  mutating func sum() {
    sumOnce()
    // Squares of Floats are far from Double's limits; those of Doubles may lie beyond.
    let isBeyond = (y: squareY == .infinity, p: squareP == .infinity)
    guard Work._kind == .float64, isBeyond.y || isBeyond.p else { return }
    if isBeyond.y { units.y = 0x1p-600 }
    if isBeyond.p { units.p = 0x1p-600 }
    sumOnce()
  }

  private mutating func sumOnce() {
    var total = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    forEachPair { y, p, block in
      let sums = Work.products(y, p, block.count)
      total.0.add(sums.0)
      total.1.add(sums.1)
      total.2.add(sums.2)
    }
    (squareY, product, squareP) = (total.0.value, total.1.value, total.2.value)
  }

  /// max(‖x‖, ε), NaN where that is NaN.
  private func norm(_ square: Double) -> Double {
    let norm = square.squareRoot()
    return norm <= CosineKernel.leastNorm ? CosineKernel.leastNorm : norm
  }

  var loss: Double {
    let cosine = product / norm(squareY) / norm(squareP)
    // Rounding may carry a cosine beyond 1.
    if cosine.magnitude > 1 { return cosine > 0 ? -1 : 1 }
    return cosine == 0 ? 0 : -cosine
  }

  func differentiate(_ scale: Double) {
    let isLinear = squareP.squareRoot() <= CosineKernel.leastNorm
    let t = isLinear ? 0 : product / squareP
    var rest = CompensatedSum()
    if !isLinear { forEachPair { y, p, block in rest.add(Work.residual(y, p, t, block.count)) } }
    let u = isLinear ? 0 : rest.value / squareP
    // The loss does not change with p's unit, and its derivative is that times the unit.
    let factor = -scale / norm(squareY) / norm(squareP) * Double(units.p)
    forEachPair { y, p, block in
      row.writeGradient(block, buffer: buffers + 2 * blockSize) {
        Work.residuals(y, p, t, u, scale: factor, into: $0, block.count)
      }
    }
  }
}
