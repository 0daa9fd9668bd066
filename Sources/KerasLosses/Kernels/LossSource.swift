/// Where the losses of a pass come from: read in runs of samples.
package protocol LossSource<Scalar>: Sendable {
  associatedtype Scalar: LossScalar

  /// The shape of the losses.
  var lossShape: [Int] { get }

  /// The number of elements behind one loss: how much work it is with its gradient.
  var elementsPerLoss: Int { get }

  /// The number of elements that one loss is computed from: how much work it is alone.
  var elementsReadPerLoss: Int { get }

  /// The number of elements of the gradient.
  var gradientCount: Int { get }

  /// Whether the loss of a sample depends on other samples, so that all have to be computed together.
  var isBatchwise: Bool { get }

  /// The number of samples whose elements lie between each other's in memory: to be read together, as memory
  /// comes in lines. At least 1.
  var samplesTogether: Int { get }

  /// The source with all that has to be known of the samples that take part before the first loss.
  func prepared(_ weights: SampleWeights<Scalar>) -> Self

  /// The source without a supposition that it was prepared on, if that has been refuted meanwhile; nil if what was
  /// computed is right.
  var corrected: Self? { get }

  /// Which samples in `range` take part, given what a mask says; nil where all do.
  func keep(in range: Range<Int>, mask: [Bool]?) -> [Bool]?

  /// Whether samples can be left out without a mask.
  var leavesSamplesOut: Bool { get }

  /// The losses of `samples`, if they are there already.
  func given(_ samples: Range<Int>) -> ArraySlice<Scalar>?

  /// The losses of `samples` into `losses`, rounded once to `Scalar`, and if `scales` are given, their
  /// derivatives times these into `gradient`. Samples that `keep` excludes are not read; their loss
  /// and gradient are 0. The arrays have at least one element per sample.
  func compute(
    _ samples: Range<Int>, keep: [Bool]?, losses: inout [Scalar], scales: [Double]?,
    gradient: SharedArray?)

  /// Whether losses can be added without being stored.
  var addsLosses: Bool { get }

  /// Adds the losses of `samples`, rounded once to `Scalar`, under their weights to an accumulator, and if there is a
  /// gradient, writes their derivatives times weights divided by `divisor`, which is not 0. All samples take part.
  /// Only for a source that ``addsLosses``.
  func add(
    _ samples: Range<Int>, weights: ArraySlice<Scalar>?, divisor: Double, gradient: SharedArray?,
    to accumulator: inout LossAccumulator)
}

extension LossSource {
  package var addsLosses: Bool { false }
  package func add(
    _ samples: Range<Int>, weights: ArraySlice<Scalar>?, divisor: Double, gradient: SharedArray?,
    to accumulator: inout LossAccumulator
  ) { fatalError("\(Self.self) does not add losses.") }
  package var isBatchwise: Bool { false }
  package var samplesTogether: Int { 1 }
  package var elementsReadPerLoss: Int { elementsPerLoss }
  package func prepared(_ weights: SampleWeights<Scalar>) -> Self { self }
  package var corrected: Self? { nil }
}
