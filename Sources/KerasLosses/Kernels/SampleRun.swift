/// How a loss is computed over a run of samples.
///
/// A kernel knows samples: where they lie, their labels, their predictions, their losses and on request the
/// derivative of these. It knows nothing of weights, reductions or threads, and its results do not depend on
/// how the samples are cut into runs.
package protocol LossKernel: Sendable {
  /// What the labels are.
  var labels: LabelEncoding { get }

  /// Whether the kernel has to be told if all labels that take part are 0 or 1.
  var dependsOnBinaryLabels: Bool { get }

  /// The kernel for labels of which that is known.
  func adapted(toBinaryLabels: Bool) -> any LossKernel

  /// The kernel for labels of which that is supposed, if it notices others for itself: it then refutes the
  /// supposition. All samples take part.
  func adapted(toSupposed labels: BinaryLabels) -> (any LossKernel)?

  /// Where the samples lie in operands of these shapes; throws where the shapes do not fit the loss.
  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry

  /// What is wrong with the class ids of one sample although each of them names a class; nil if nothing is.
  /// Asked where the labels are class sequences.
  func fault(inSequence ids: ArraySlice<Int64>, _ geometry: SampleGeometry) -> String?

  /// Whether the loss of a sample depends on other samples. Such a kernel is prepared for the whole batch
  /// and then computes it as a single run.
  var isBatchwise: Bool { get }

  /// Whether a loss depends on all elements of its sample, and not on one of them alone.
  var readsWholeSamples: Bool { get }

  /// The kernel with all that it has to know of the whole batch, which is a run without losses or gradient.
  func prepared(for batch: SampleRun) -> any LossKernel

  /// Which samples of the batch it was prepared for take part, where the kernel has a say in that.
  var participants: [Bool]? { get }

  /// The loss of a sample without elements.
  var emptyLoss: Double { get }

  /// Computes the samples of the run.
  func compute(_ run: SampleRun)

  /// Adds the losses of the run under their weights (of the predictions' type; nil if all are 1) to a sum, without
  /// storing them. Derivatives, if the run has a gradient, are multiplied by weights divided by `divisor`, which is not 0.
  /// All samples take part. Returns false, and does nothing, if the kernel has no way of its own to do so.
  func add(
    _ run: SampleRun, weights: UnsafeRawPointer?, divisor: Double, to sum: inout ExactSum
  ) -> Bool
}

extension LossKernel {
  /// Most losses are sums or means, and those of nothing are 0.
  package var emptyLoss: Double { 0 }
  package var dependsOnBinaryLabels: Bool { false }
  package func adapted(toBinaryLabels: Bool) -> any LossKernel { self }
  package func adapted(toSupposed labels: BinaryLabels) -> (any LossKernel)? { nil }
  package func fault(inSequence ids: ArraySlice<Int64>, _ geometry: SampleGeometry) -> String? {
    nil
  }
  package var isBatchwise: Bool { false }
  package var readsWholeSamples: Bool { true }
  package func prepared(for batch: SampleRun) -> any LossKernel { self }
  package var participants: [Bool]? { nil }
  package func add(
    _ run: SampleRun, weights: UnsafeRawPointer?, divisor: Double, to sum: inout ExactSum
  ) -> Bool { false }
}

/// A kernel whose samples are rows along one axis, that of the classes.
package protocol RowKernel: LossKernel {
  /// The axis of the classes.
  var axis: Int { get }
}

extension RowKernel {
  package func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry {
    try operands.rows(along: axis, labels)
  }
}

/// A run of samples and where their numbers lie.
///
/// Made by ``SampleLoop``, which has checked all bounds and keeps the memory alive for the duration of the
/// call. Pointers named `…OfRun` begin at the run's first sample.
///
/// It holds nothing whose references are counted: it is handed on for every row by several threads at once, which
/// would wait for each other at the counter.
package struct SampleRun {
  let geometry: UnsafePointer<SampleGeometry>
  /// The geometry, where a sample's elements lie in several pieces; nil where they lie at equal distances.
  let pieces: UnsafePointer<SampleGeometry>?
  let samples: Range<Int>
  let labels: UnsafeRawPointer
  let labelKind: ElementKind
  let predictions: UnsafeRawPointer
  let kind: ElementKind
  /// 0 for samples that are not to be read: their loss and gradient are 0. Nil if there are none.
  let keepOfRun: UnsafePointer<Bool>?
  /// The factor of each sample's derivative; nil if no gradient is wanted.
  let scalesOfRun: UnsafePointer<Double>?
  /// Where the losses go, in the predictions' type.
  let lossesOfRun: UnsafeMutableRawPointer
  /// The whole gradient, laid out as the predictions; nil if none is wanted.
  let gradient: UnsafeMutableRawPointer?
}

extension SampleRun {
  /// The number of elements of a sample.
  var classes: Int { geometry.pointee.classes }

  /// The distance between neighbouring elements of a sample.
  var inner: Int { geometry.pointee.inner }

  /// The offset of element 0 of a sample.
  func offset(ofSample sample: Int) -> Int { geometry.pointee.offset(ofSample: sample) }

  func isKept(_ sample: Int) -> Bool { keepOfRun?[sample - samples.lowerBound] ?? true }

  /// Rounds a loss once and stores it. Every NaN becomes the canonical one.
  func store(loss: Double, of sample: Int) {
    kind.store(loss, lossesOfRun, at: sample - samples.lowerBound)
  }
}

extension ElementKind {
  /// Rounds a number once to this floating-point type and stores it.
  @inline(__always)
  func store(_ value: Double, _ base: UnsafeMutableRawPointer, at index: Int) {
    switch self {
    case .float32:
      base.assumingMemoryBound(to: Float.self)[index] = value.isNaN ? .nan : Float(value)
    case .float64:
      base.assumingMemoryBound(to: Double.self)[index] = value.isNaN ? .nan : value
    default:
      #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        base.assumingMemoryBound(to: Float16.self)[index] = value.isNaN ? .nan : Float16(value)
      #endif
    }
  }
}
