internal import CLossKernels

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
  /// Where the samples lie in operands of these shapes; throws where the shapes do not fit the loss.
  func geometry(_ operands: OperandShapes) throws(LossError) -> SampleGeometry

  /// What is wrong with the class ids of one sample although each of them names a class; nil if nothing is.
  /// Asked where the labels are class sequences.
  func fault(inSequence ids: ArraySlice<Int64>, _ geometry: SampleGeometry) -> String?

  /// Whether the loss of a sample depends on other samples. Such a kernel is prepared for the whole batch
  /// and then computes it as a single run.
  var isBatchwise: Bool { get }

  /// The kernel with all that it has to know of the whole batch, which is a run without losses or gradient.
  func prepared(for batch: SampleRun) -> any LossKernel

  /// Which samples of the batch it was prepared for take part, where the kernel has a say in that.
  var participants: [Bool]? { get }

  /// The loss of a sample without elements.
  var emptyLoss: Double { get }

  /// Computes the samples of the run.
  func compute(_ run: SampleRun)
}

extension LossKernel {
  /// Most losses are sums or means, and those of nothing are 0.
  package var emptyLoss: Double { 0 }
  package var dependsOnBinaryLabels: Bool { false }
  package func adapted(toBinaryLabels: Bool) -> any LossKernel { self }
  package func fault(inSequence ids: ArraySlice<Int64>, _ geometry: SampleGeometry) -> String? {
    nil
  }
  package var isBatchwise: Bool { false }
  package func prepared(for batch: SampleRun) -> any LossKernel { self }
  package var participants: [Bool]? { nil }
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
package struct SampleRun {
  let geometry: SampleGeometry
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

/// The memory of an array of which threads write disjoint parts: a gradient, or losses one by one.
package struct SharedArray: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let count: Int

  /// The memory of an array that is there already.
  package static func reusing<Scalar: LossScalar, Result>(
    _ array: inout [Scalar], _ body: (SharedArray) -> Result
  ) -> Result {
    array.withUnsafeMutableBytes { bytes in
      body(SharedArray(base: bytes.baseAddress ?? emptyMemory, count: bytes.count))
    }
  }

  /// A new array, whose elements are only written once: by `body`, which must write all of them.
  package static func fresh<Scalar: LossScalar, Result>(
    of type: Scalar.Type, count: Int, _ body: (SharedArray) -> Result
  ) -> (array: [Scalar], result: Result) {
    var result: Result?
    let array = [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      adviseLargePages(bytes)
      result = body(
        SharedArray(
          base: bytes.baseAddress ?? emptyMemory, count: count * MemoryLayout<Scalar>.stride))
      initialized = count
    }
    guard let result else { fatalError("SharedArray: the array was not made.") }
    return (array, result)
  }
}

/// Makes `quotients` hold `weights[i] / divisor` for `count` samples, 1 / divisor without weights; 0 if the
/// divisor is 0.
package func divide<Scalar: LossScalar>(
  _ weights: ArraySlice<Scalar>?, by divisor: Double, count: Int, into quotients: inout [Double]
) {
  guard let weights, divisor != 0, count > 0 else {
    quotients = [Double](repeating: divisor == 0 ? 0 : 1 / divisor, count: count)
    return
  }
  if quotients.count != count { quotients = [Double](repeating: 0, count: count) }
  weights.withUnsafeBytes { bytes in
    quotients.withUnsafeMutableBufferPointer { quotients in
      guard let base = bytes.baseAddress, let target = quotients.baseAddress,
        weights.count == count
      else { fatalError("divide: as many weights as samples are needed.") }
      // By kind: code that is generic over the scalar runs many times slower.
      switch Scalar._kind {
      case .float32:
        kl_block_divide_f32(base.assumingMemoryBound(to: Float.self), divisor, target, count)
      case .float64:
        kl_block_divide_f64(base.assumingMemoryBound(to: Double.self), divisor, target, count)
      default:
        for (index, weight) in weights.enumerated() { target[index] = Double(weight) / divisor }
      }
    }
  }
}

extension SharedArray {
  /// Stores losses times weights, each rounded once, from element `first` on; 0 where they are not kept.
  /// Every NaN becomes the canonical one.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func store<Scalar: LossScalar>(
    _ losses: ArraySlice<Scalar>, weights: ArraySlice<Scalar>?, keep: [Bool]?, at first: Int
  ) {
    guard first >= 0, first + losses.count <= count / MemoryLayout<Scalar>.stride else {
      fatalError("SharedArray: the losses lie outside.")
    }
    let target = base.assumingMemoryBound(to: Scalar.self) + first
    for index in 0..<losses.count {
      var loss = losses[losses.startIndex + index]
      if let weights { loss *= weights[weights.startIndex + index] }
      if let keep, !keep[index] { loss = 0 }
      target[index] = loss.isNaN ? .nan : loss
    }
  }
}

/// An address for arrays that hold nothing. It is not read or written.
nonisolated(unsafe) let emptyMemory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
