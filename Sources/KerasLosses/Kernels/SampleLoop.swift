/// The losses of a kernel over labels and predictions.
///
/// This is the seam between the safe part of the package and its inner loops. Bounds are checked here
/// once, before any pointer is used.
package struct SampleLoop<Label: TensorElement, Scalar: LossScalar>: LossSource {
  private var kernel: any LossKernel
  /// What the kernel supposes, and the kernel for the case that it does not hold.
  private var supposition: (labels: BinaryLabels, otherwise: any LossKernel)?
  private let operands: Operands

  /// What is the same for every loop over a call's operands. An object, as a loop is handed on many times: a copy of the
  /// arrays in here takes as long as a short loss.
  private final class Operands: Sendable {
    let geometry: SampleGeometry
    let yTrue: Tensor<Label>
    let yPred: Tensor<Scalar>
    /// Nil where labels are numbers.
    let classIDs: ClassIDs<Label>?

    init(
      _ geometry: SampleGeometry, _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
      _ labels: LabelEncoding
    ) {
      (self.geometry, self.yTrue, self.yPred) = (geometry, yTrue, yPred)
      classIDs = ClassIDs(yTrue, labels, geometry)
    }
  }

  private var geometry: SampleGeometry { operands.geometry }
  private var yTrue: Tensor<Label> { operands.yTrue }
  private var yPred: Tensor<Scalar> { operands.yPred }
  private var classIDs: ClassIDs<Label>? { operands.classIDs }

  package init(
    kernel: any LossKernel, geometry: SampleGeometry, yTrue: Tensor<Label>, yPred: Tensor<Scalar>
  ) {
    let samples = geometry.sampleCount
    guard yTrue.scalars.count == samples * geometry.labels.elements,
      yPred.scalars.count == samples * geometry.classes
    else { fatalError("SampleLoop: operands do not fill their geometry.") }
    self.kernel = kernel
    operands = Operands(geometry, yTrue, yPred, kernel.labels)
  }

  package var lossShape: [Int] { geometry.lossShape }
  package var elementsPerLoss: Int { geometry.classes }
  package var elementsReadPerLoss: Int { kernel.readsWholeSamples ? geometry.classes : 1 }
  package var samplesTogether: Int { max(1, min(32, geometry.inner)) }
  package var gradientCount: Int { yPred.scalars.count }
  package var isBatchwise: Bool { kernel.isBatchwise }

  package var leavesSamplesOut: Bool {
    classIDs?.leavesSamplesOut ?? false || kernel.participants != nil
  }

  package func given(_ samples: Range<Int>) -> ArraySlice<Scalar>? { nil }

  package func keep(in range: Range<Int>, mask: [Bool]?) -> [Bool]? {
    let mask = classIDs.map { $0.keep(in: range, mask: mask) } ?? mask
    guard let participants = kernel.participants?[range] else { return mask }
    return mask.map { zip($0, participants).map { $0 && $1 } } ?? Array(participants)
  }

  /// Throws if a label of a sample that takes part is a class id that names no class.
  ///
  /// Where the samples are a part of larger operands, the error speaks of these: of the number of the
  /// first sample and of their shapes.
  package func checkLabels(
    _ weights: SampleWeights<Scalar>, names: ArgumentNames, firstSample: Int = 0,
    shapes: (labels: [Int], predictions: [Int])? = nil
  ) throws(LossError) {
    guard let classIDs else { return }
    func error(_ code: LossError.Code, _ text: String, _ sample: Int) -> LossError {
      LossError(
        code, names.labels,
        "\(text) for sample \(firstSample + sample) of \(names.labels) "
          + "\(shapes?.labels ?? yTrue.shape) and \(names.predictions) "
          + "\(shapes?.predictions ?? yPred.shape).")
    }
    for start in stride(from: 0, to: geometry.sampleCount, by: 4096) {
      let range = start..<min(start + 4096, geometry.sampleCount)
      let mask = weights.keep(in: range)
      if let (sample, label) = classIDs.firstInvalid(in: range, mask: mask) {
        throw error(.classID, "\(classIDs.rule); got \(label)", sample)
      }
      guard kernel.labels == .classSequences else { continue }
      for (index, sample) in range.enumerated() where mask?[index] ?? true {
        let ids = classIDs.ids(of: sample..<sample + 1)
        if let fault = kernel.fault(inSequence: ids[...], geometry) {
          throw error(.shapeMismatch, fault, sample)
        }
      }
    }
  }

  package func prepared(_ weights: SampleWeights<Scalar>) -> SampleLoop {
    var result = self
    if kernel.dependsOnBinaryLabels { result.adaptToLabels(weights) }
    guard kernel.isBatchwise, geometry.classes > 0 else { return result }
    // No losses are written; the run needs an address all the same.
    var losses: [Scalar] = []
    withRun(
      0..<geometry.sampleCount, keep: weights.keep(in: 0..<geometry.sampleCount), losses: &losses,
      scales: nil, gradient: nil
    ) { result.kernel = kernel.prepared(for: $0) }
    return result
  }

  /// Adapts the kernel to whether labels are 0 and 1: as they are, or as those of the predictions' type are supposed
  /// to be.
  private mutating func adaptToLabels(_ weights: SampleWeights<Scalar>) {
    let others = kernel.adapted(toBinaryLabels: false)
    let labels = BinaryLabels()
    if weights.haveMask || Label._kind != Scalar._kind {
      kernel = labelsAreBinary(weights) ? kernel.adapted(toBinaryLabels: true) : others
    } else if yTrue.isBinary(from: 0, count: min(1024, yTrue.scalars.count), stride: 1),
      let watching = kernel.adapted(toSupposed: labels)
    {
      kernel = watching
      supposition = (labels, others)
    } else {
      // Numbers of another kind are usually found among the first.
      kernel = others
    }
  }

  package var corrected: SampleLoop? {
    guard let supposition, !supposition.labels.holds else { return nil }
    var result = self
    (result.kernel, result.supposition) = (supposition.otherwise, nil)
    return result
  }

  /// Whether the labels of all samples that a mask keeps are 0 or 1.
  private func labelsAreBinary(_ weights: SampleWeights<Scalar>) -> Bool {
    let count = geometry.sampleCount
    for start in stride(from: 0, to: count, by: 4096) {
      let range = start..<min(start + 4096, count)
      let keep = weights.keep(in: range)
      for (index, sample) in range.enumerated() where keep?[index] ?? true {
        let first = geometry.offset(ofSample: sample)
        guard yTrue.isBinary(from: first, count: geometry.classes, stride: geometry.inner)
        else { return false }
      }
    }
    return true
  }

  package func compute(
    _ samples: Range<Int>, keep: [Bool]?, losses: inout [Scalar], scales: [Double]?,
    gradient: SharedArray?
  ) {
    guard samples.upperBound <= geometry.sampleCount, losses.count >= samples.count,
      keep.map({ $0.count >= samples.count }) ?? true,
      scales.map({ $0.count >= samples.count }) ?? (gradient == nil),
      gradient.map({ $0.count == yPred.scalars.count * MemoryLayout<Scalar>.stride }) ?? true
    else { fatalError("SampleLoop: the run does not fit its geometry.") }
    guard geometry.classes > 0 else {
      for index in 0..<samples.count { losses[index] = Scalar(kernel.emptyLoss) }
      return
    }
    withRun(samples, keep: keep, losses: &losses, scales: scales, gradient: gradient) {
      kernel.compute($0)
    }
  }

  package var addsLosses: Bool {
    guard geometry.classes == 1 else { return false }
    // What a kernel says of no samples it says of all.
    var sum = LossAccumulator()
    return hasAdded(0..<0, weights: nil, divisor: 1, gradient: nil, to: &sum)
  }

  package func add(
    _ samples: Range<Int>, weights: ArraySlice<Scalar>?, divisor: Double, gradient: SharedArray?,
    to accumulator: inout LossAccumulator
  ) {
    guard geometry.classes == 1,
      hasAdded(samples, weights: weights, divisor: divisor, gradient: gradient, to: &accumulator)
    else { fatalError("SampleLoop: \(kernel) does not add losses.") }
  }

  private func hasAdded(
    _ samples: Range<Int>, weights: ArraySlice<Scalar>?, divisor: Double, gradient: SharedArray?,
    to accumulator: inout LossAccumulator
  ) -> Bool {
    guard samples.upperBound <= geometry.sampleCount,
      weights.map({ $0.count == samples.count }) ?? true,
      gradient.map({ $0.count == yPred.scalars.count * MemoryLayout<Scalar>.stride }) ?? true
    else { fatalError("SampleLoop: the run does not fit its geometry.") }
    // No losses are written; the run needs an address all the same.
    var losses: [Scalar] = []
    var isDone = false
    withRun(samples, keep: nil, losses: &losses, scales: nil, gradient: gradient) { run in
      isDone = accumulator.feed { sum in
        guard let weights else { return kernel.add(run, weights: nil, divisor: divisor, to: &sum) }
        return weights.withUnsafeBytes {
          kernel.add(run, weights: $0.baseAddress, divisor: divisor, to: &sum)
        }
      }
    }
    return isDone
  }

  private func withRun(
    _ samples: Range<Int>, keep: [Bool]?, losses: inout [Scalar], scales: [Double]?,
    gradient: SharedArray?, _ body: (SampleRun) -> Void
  ) {
    yTrue.scalars.withUnsafeBytes { labels in
      yPred.scalars.withUnsafeBytes { predictions in
        losses.withUnsafeMutableBytes { losses in
          withOptionalPointer(keep) { keep in
            withOptionalPointer(scales) { scales in
              withUnsafePointer(to: geometry) { place in
                body(
                  SampleRun(
                    geometry: place, pieces: geometry.isBlock ? nil : place, samples: samples,
                    labels: labels.baseAddress ?? UnsafeRawPointer(emptyMemory),
                    labelKind: Label._kind,
                    predictions: predictions.baseAddress ?? UnsafeRawPointer(emptyMemory),
                    kind: Scalar._kind, keepOfRun: keep, scalesOfRun: scales,
                    lossesOfRun: losses.baseAddress ?? emptyMemory, gradient: gradient?.base))
              }
            }
          }
        }
      }
    }
  }
}

private func withOptionalPointer<Element>(
  _ array: [Element]?, _ body: (UnsafePointer<Element>?) -> Void
) {
  if let array { array.withUnsafeBufferPointer { body($0.baseAddress) } } else { body(nil) }
}
