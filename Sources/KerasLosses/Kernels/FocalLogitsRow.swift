internal import CLossKernels

/// A row of Float or Float16 logits for ``FocalKernel``, in four passes of blocks by `kl_focal_row`.
///
/// The passes are made as they are asked for: ``isFinite`` first, then ``loss()``, then ``write(_:)``.
struct FocalLogitsRow {
  private let row: RowBlocks
  private let classes: Int
  /// The labels' line and the weights of the classes.
  private let at: kl_focal_parameters
  /// e^(x − max x).
  private let weights: UnsafeMutablePointer<Double>
  /// A of each element, made if a gradient is wanted.
  private let parts: UnsafeMutablePointer<Double>?
  /// Three blocks.
  private let buffers: UnsafeMutablePointer<Float>
  private var state = kl_focal_row()

  /// - Parameter at: its weights are alive as long as the row.
  init(
    row: RowBlocks, classes: Int, at: kl_focal_parameters, weights: UnsafeMutablePointer<Double>,
    parts: UnsafeMutablePointer<Double>?, buffers: UnsafeMutablePointer<Float>
  ) {
    self.row = row
    self.classes = classes
    self.at = at
    self.weights = weights
    self.parts = parts
    self.buffers = buffers
  }

  private func logits(_ block: Range<Int>) -> UnsafePointer<Float> {
    row.predictions(block, Float.self, buffer: buffers)
  }

  private func labels(_ block: Range<Int>) -> UnsafePointer<Float> {
    row.labels(block, Float.self, buffer: buffers + blockSize, (1, 0))
  }

  /// Whether the largest logit is finite and none is NaN: the other passes need that.
  mutating func isFinite() -> Bool {
    for block in blocks(of: 0..<classes) {
      kl_focal_look(&state, logits(block), Int64(block.count))
    }
    return state.max.isFinite && state.has_nan == 0
  }

  mutating func loss() -> Double {
    for block in blocks(of: 0..<classes) {
      let first = block.lowerBound
      kl_focal_exp(&state, Int64(first), logits(block), weights + first, Int64(block.count))
    }
    kl_focal_sum(&state)
    withUnsafePointer(to: at) { at in
      for block in blocks(of: 0..<classes) {
        let first = block.lowerBound
        kl_focal_losses(
          &state, at, Int64(first), labels(block), logits(block), weights + first,
          parts.map { $0 + first }, Int64(block.count))
      }
    }
    return kl_focal_loss(&state)
  }

  /// Writes the derivatives times `scale`.
  mutating func write(_ scale: Double) {
    guard let parts else { return }
    for block in blocks(of: 0..<classes) {
      let first = block.lowerBound
      row.writeGradient(block, buffer: buffers + 2 * blockSize) { place in
        withUnsafePointer(to: at) { at in
          kl_focal_gradient(
            &state, at, scale, Int64(first), labels(block), weights + first, parts + first, place,
            Int64(block.count))
        }
      }
    }
  }
}
