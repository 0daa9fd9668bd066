// The arrays of a workload, filled with numbers that are the same in every run and on every machine.

import KerasLosses

/// The arguments of the calls, and the gradient that they may reuse.
final class Operands {
  enum Labels {
    case dense(Tensor<Float>)
    case sparse(Tensor<Int32>)
  }

  let predictions: Tensor<Float>
  let labels: Labels
  let weights: Tensor<Float>?
  var gradient: Tensor<Float>

  init(_ workload: Workload) {
    let shape = workload.shape
    let count = workload.elements
    let scalars: [Float] =
      switch workload.predictions {
      case .numbers: (0..<count).map { Draw(.predictions, $0).bell }
      case .probabilities: (0..<count).map { Draw(.predictions, $0).unit }
      case .directions: Self.directions(shape)
      }
    predictions = Self.tensor(shape, scalars)
    switch workload.labels {
    case .numbers:
      labels = .dense(Self.tensor(shape, (0..<count).map { Draw(.labels, $0).bell }))
    case .bits:
      labels = .dense(Self.tensor(shape, (0..<count).map { Draw(.labels, $0).unit.rounded() }))
    case .probabilities:
      labels = .dense(Self.tensor(shape, (0..<count).map { Draw(.labels, $0).unit }))
    case .distributions:
      labels = .dense(Self.tensor(shape, Self.distributions(shape)))
    case .ids(let axis):
      let axis = axis < 0 ? axis + shape.count : axis
      var others = shape
      others.remove(at: axis)
      labels = .sparse(Self.integers(others, 0..<shape[axis]))
    case .sequences(let length):
      labels = .sparse(Self.integers([shape[0], length], 1..<shape[shape.count - 1]))
    case .identities(let count):
      labels = .sparse(Self.integers([shape[0]], 0..<count))
    }
    weights =
      workload.isWeighted
      ? Self.tensor([shape[0]], (0..<shape[0]).map { Draw(.weights, $0).unit }) : nil
    gradient = Self.tensor(shape, [Float](repeating: 0, count: count))
  }

  /// A tensor whose memory lies on large pages where the system has them, as do the arrays of NumPy, which the
  /// frameworks beside us read.
  private static func tensor(_ shape: [Int], _ scalars: [Float]) -> Tensor<Float> {
    let (copy, _) = SharedArray.fresh(of: Float.self, count: scalars.count) {
      $0.store(scalars[...], weights: nil, keep: nil, at: 0)
    }
    return Tensor(shape: shape, scalars: copy)
  }

  private static func integers(_ shape: [Int], _ range: Range<Int>) -> Tensor<Int32> {
    Tensor(
      shape: shape,
      scalars: (0..<shape.reduce(1, *)).map {
        Int32(range.lowerBound) + Draw(.labels, $0).integer % Int32(range.count)
      })
  }

  /// Rows of length 1 along the last axis.
  private static func directions(_ shape: [Int]) -> [Float] {
    guard let width = shape.last else { return [1] }
    return (0..<shape.dropLast().reduce(1, *)).flatMap { row in
      let numbers = (0..<width).map { Double(Draw(.predictions, row * width + $0).bell) }
      let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return numbers.map { Float($0 / length) }
    }
  }

  /// Positive numbers that sum to 1 over the last axis.
  private static func distributions(_ shape: [Int]) -> [Float] {
    guard let classes = shape.last else { return [1] }
    var scalars: [Float] = []
    scalars.reserveCapacity(shape.reduce(1, *))
    for row in 0..<shape.dropLast().reduce(1, *) {
      // Integers, whose sum is exact: any program can make the same labels.
      let parts = (0..<classes).map { Draw(.labels, row * classes + $0).integer & 0xffff | 1 }
      let sum = parts.reduce(into: 0.0) { $0 += Double($1) }
      scalars.append(contentsOf: parts.lazy.map { Float(Double($0) / sum) })
    }
    return scalars
  }
}

/// 64 random bits: the state of SplitMix64 at an index, so that an element depends on its place alone.
private struct Draw {
  enum Stream: UInt64 { case predictions = 1, labels, weights }

  private let bits: UInt64

  init(_ stream: Stream, _ index: Int) {
    var z = (stream.rawValue << 40 + UInt64(index)) &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    bits = z ^ (z >> 31)
  }

  /// In 0 ..< 2³¹.
  var integer: Int32 { Int32(truncatingIfNeeded: bits >> 33) }

  /// A multiple of 2⁻²⁴ in 0 ..< 1.
  var unit: Float { Float(bits >> 40) * 0x1p-24 }

  /// Nearly normal, of mean 0 and deviation 2.3: the sum of four uniform numbers of 16 bits.
  var bell: Float {
    let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
    return (Float(sum) - 0x1.fffep16) * 0x1p-14
  }
}
