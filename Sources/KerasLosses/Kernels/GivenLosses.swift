/// Losses that are already there: those of a loss of one's own, or of a caller.
package struct GivenLosses<Scalar: LossScalar>: LossSource {
  private let given: Tensor<Scalar>

  package init(_ losses: Tensor<Scalar>) { given = losses }

  package var lossShape: [Int] { given.shape }
  package var elementsPerLoss: Int { 1 }
  package var gradientCount: Int { given.scalars.count }
  package var leavesSamplesOut: Bool { false }
  package func given(_ samples: Range<Int>) -> ArraySlice<Scalar>? { given.scalars[samples] }
  package func keep(in range: Range<Int>, mask: [Bool]?) -> [Bool]? { mask }

  /// A loss is its own derivative with respect to itself: the gradient is the scales.
  package func compute(
    _ samples: Range<Int>, keep: [Bool]?, losses: inout [Scalar], scales: [Double]?,
    gradient: SharedArray?
  ) {
    guard samples.upperBound <= given.scalars.count, losses.count >= samples.count else {
      fatalError("GivenLosses: the run does not fit.")
    }
    let stride = MemoryLayout<Scalar>.stride
    given.scalars.withUnsafeBytes { source in
      losses.withUnsafeMutableBytes { target in
        target.copyMemory(
          from: .init(rebasing: source[samples.lowerBound * stride..<samples.upperBound * stride]))
      }
    }
    if let keep { for index in 0..<samples.count where !keep[index] { losses[index] = 0 } }
    guard let gradient, let scales else { return }
    for (index, sample) in samples.enumerated() {
      Scalar._kind.store(keep?[index] ?? true ? scales[index] : 0, gradient.base, at: sample)
    }
  }
}
