/// Where the losses of a pass come from: read in runs of samples.
package protocol LossSource<Scalar>: Sendable {
  associatedtype Scalar: LossScalar

  /// The shape of the losses.
  var lossShape: [Int] { get }

  /// The losses of `samples`, rounded once to `Scalar`. Samples that `keep` excludes are not read and
  /// give 0.
  func losses(of samples: Range<Int>, keep: [Bool]?) -> [Scalar]

  /// The losses of `samples`, and into `gradient` their derivatives times `scales`, one factor per
  /// sample. Samples that `keep` excludes get exactly 0.
  func losses(
    of samples: Range<Int>, keep: [Bool]?, scales: [Double], gradient: inout [Scalar]
  ) -> [Scalar]
}

/// The losses of a kernel over labels and predictions.
///
/// This is the seam between the safe part of the package and its inner loops. Bounds are checked here
/// once, before any pointer is used.
package struct SampleLoop<Label: TensorElement, Scalar: LossScalar>: LossSource {
  package let kernel: any RowKernel
  package let geometry: SampleGeometry
  package let yTrue: Tensor<Label>
  package let yPred: Tensor<Scalar>

  package init(
    kernel: any RowKernel, geometry: SampleGeometry, yTrue: Tensor<Label>, yPred: Tensor<Scalar>
  ) {
    let count = geometry.sampleCount * geometry.classes
    guard yTrue.scalars.count == count, yPred.scalars.count == count else {
      fatalError("SampleLoop: operands do not fill their geometry.")
    }
    self.kernel = kernel
    self.geometry = geometry
    self.yTrue = yTrue
    self.yPred = yPred
  }

  package var lossShape: [Int] { geometry.lossShape }

  package func losses(of samples: Range<Int>, keep: [Bool]?) -> [Scalar] {
    var row = KernelRow(classes: geometry.classes)
    return samples.map { k in
      guard keep?[k - samples.lowerBound] ?? true else { return 0 }
      load(k, into: &row)
      return rounded(kernel.loss(of: &row, derivatives: false))
    }
  }

  package func losses(
    of samples: Range<Int>, keep: [Bool]?, scales: [Double], gradient: inout [Scalar]
  ) -> [Scalar] {
    guard gradient.count == yPred.scalars.count, scales.count == samples.count else {
      fatalError("SampleLoop: the gradient does not fill its geometry.")
    }
    var row = KernelRow(classes: geometry.classes)
    return samples.map { k in
      let index = k - samples.lowerBound
      let offset = geometry.offset(ofSample: k)
      guard keep?[index] ?? true else {
        for c in 0..<geometry.classes { gradient[offset + c * geometry.inner] = 0 }
        return 0
      }
      load(k, into: &row)
      let loss = kernel.loss(of: &row, derivatives: true)
      for c in 0..<geometry.classes {
        gradient[offset + c * geometry.inner] = rounded(row.derivatives[c] * scales[index])
      }
      return rounded(loss)
    }
  }

  /// Rounds once; every NaN becomes the one canonical NaN.
  private func rounded(_ value: Double) -> Scalar { value.isNaN ? .nan : Scalar(value) }

  private func load(_ k: Int, into row: inout KernelRow) {
    let offset = geometry.offset(ofSample: k)
    widen(yTrue.scalars, offset, &row.labels)
    if !(Label.self == Scalar.self) {
      // Labels are numbers of the predictions' type.
      for c in row.labels.indices { row.labels[c] = Double(Scalar(row.labels[c])) }
    }
    widen(yPred.scalars, offset, &row.predictions)
  }

  private func widen<Element: TensorElement>(
    _ scalars: [Element], _ offset: Int, _ target: inout [Double]
  ) {
    guard !target.isEmpty else { return }
    scalars.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        Element._widen(
          from + offset, stride: geometry.inner, count: geometry.classes, into: to)
      }
    }
  }
}

/// Losses that are already there: those of a loss of one's own, or of a caller.
package struct GivenLosses<Scalar: LossScalar>: LossSource {
  private let given: Tensor<Scalar>

  package init(_ losses: Tensor<Scalar>) { given = losses }

  package var lossShape: [Int] { given.shape }

  package func losses(of samples: Range<Int>, keep: [Bool]?) -> [Scalar] {
    Array(given.scalars[samples])
  }

  /// A loss is its own derivative with respect to itself: the gradient is the scales.
  package func losses(
    of samples: Range<Int>, keep: [Bool]?, scales: [Double], gradient: inout [Scalar]
  ) -> [Scalar] {
    for (k, scale) in zip(samples, scales) {
      gradient[k] = keep?[k - samples.lowerBound] ?? true ? Scalar(scale) : 0
    }
    return Array(given.scalars[samples])
  }
}
