/// A tensor's shape, and which of its axes lie within a sample. The other axes tell samples apart.
package struct SampledShape: Sendable, Equatable {
  package let shape: [Int]
  /// The axes within a sample, ascending.
  package let axes: [Int]

  package init(_ shape: [Int], axes: [Int]) {
    self.shape = shape
    self.axes = axes.sorted()
  }

  /// The axes that tell samples apart, ascending.
  package var outerAxes: [Int] { shape.indices.filter { !axes.contains($0) } }
  /// The shape of one sample.
  package var sampleShape: [Int] { axes.map { shape[$0] } }
  /// The number of elements of one sample.
  package var elements: Int { axes.reduce(1) { $0 * shape[$1] } }
}

/// Where the samples of a loss lie in the tensors of labels and predictions.
///
/// A sample is one position of the axes other than those within it: a row of classes along one axis, an
/// image along three of four, the whole batch along all. Elements of a sample are numbered in row-major
/// order, and samples too.
///
/// Most samples lie along one run of neighbouring axes. Then the tensor of predictions can be seen as
/// `[outer, classes, inner]`, where element `c` of sample `k = o * inner + i` has the number
/// `(o * classes + c) * inner + i`; ``isBlock`` says so.
package struct SampleGeometry: Sendable, Equatable {
  package let predictions: SampledShape
  package let labels: SampledShape
  /// The shape of the losses: one per sample.
  package let lossShape: [Int]
  package let sampleCount: Int
  /// The number of elements of a sample's predictions.
  package let classes: Int
  /// Axes within a sample and between samples, neighbours merged where they can be.
  private let elementAxes: [StridedAxis]
  private let sampleAxes: [StridedAxis]
  /// The distance between neighbouring samples, where it is the same for all.
  private let sampleStride: Int?
  /// The distance between neighbouring elements of a sample.
  package let inner: Int

  /// Samples of shapes whose element counts are known to fit.
  package init(predictions: SampledShape, labels: SampledShape) {
    self.predictions = predictions
    self.labels = labels
    let shape = predictions.shape
    let (outerAxes, strides) = (predictions.outerAxes, rowMajorStrides(of: shape))
    lossShape = outerAxes.map { shape[$0] }
    sampleCount = lossShape.reduce(1, *)
    classes = predictions.elements
    elementAxes = StridedAxis.merged(predictions.axes, sizes: shape, strides: strides)
    sampleAxes = StridedAxis.merged(outerAxes, sizes: shape, strides: strides)
    // By themselves, as they are asked for for every row.
    inner = elementAxes.last?.stride ?? 1
    sampleStride = sampleAxes.count > 1 ? nil : sampleAxes.first?.stride ?? 0
  }

  /// Samples whose labels are laid out as their predictions.
  package init(shape: [Int], axes: [Int]) {
    let both = SampledShape(shape, axes: axes)
    self.init(predictions: both, labels: both)
  }

  /// One sample per position of the axes other than `axis`, with one label for each prediction.
  package init(shape: [Int], axis: Int) { self.init(shape: shape, axes: [axis]) }

  /// The same kind of samples, `count` of them, one after the other.
  package func rows(_ count: Int) -> SampleGeometry {
    func rows(_ operand: SampledShape) -> SampledShape {
      SampledShape([count] + operand.sampleShape, axes: operand.axes.indices.map { $0 + 1 })
    }
    return SampleGeometry(predictions: rows(predictions), labels: rows(labels))
  }

  /// Whether the elements of a sample lie at equal distances.
  package var isBlock: Bool { elementAxes.count <= 1 }

  /// The offset of element 0 of sample `k`.
  package func offset(ofSample k: Int) -> Int {
    if let sampleStride { return k * sampleStride }
    return StridedAxis.offset(of: k, in: sampleAxes)
  }

  /// The elements in `range` of any sample, in pieces of equal distances ``inner``: the offset of each
  /// piece's first element from the sample's, and the numbers of its elements.
  @inline(__always)
  package func forEachPiece(of range: Range<Int>, _ body: (_ offset: Int, Range<Int>) -> Void) {
    guard !isBlock, let last = elementAxes.last else {
      return body(range.lowerBound * inner, range)
    }
    var first = range.lowerBound
    while first < range.upperBound {
      let end = min(first + last.size - first % last.size, range.upperBound)
      body(StridedAxis.offset(of: first, in: elementAxes), first..<end)
      first = end
    }
  }
}

/// An axis whose neighbours lie `stride` elements apart.
struct StridedAxis: Sendable, Equatable {
  var size: Int
  var stride: Int

  /// Some of the axes of these sizes and strides, without those of size 1, neighbours merged where the elements of
  /// both lie at equal distances.
  static func merged(_ axes: [Int], sizes: [Int], strides: [Int]) -> [StridedAxis] {
    var merged: [StridedAxis] = []
    merged.reserveCapacity(axes.count)
    for axis in axes where sizes[axis] != 1 {
      let (size, stride) = (sizes[axis], strides[axis])
      if let last = merged.last, last.stride == size * stride {
        merged[merged.count - 1] = StridedAxis(size: last.size * size, stride: stride)
      } else {
        merged.append(StridedAxis(size: size, stride: stride))
      }
    }
    return merged
  }

  /// The offset of position `number`, in row-major order, of these axes.
  static func offset(of number: Int, in axes: [StridedAxis]) -> Int {
    guard let first = axes.first else { return 0 }
    if axes.count == 1 { return number * first.stride }
    var rest = number
    var offset = 0
    for axis in axes.dropFirst().reversed() {
      offset += rest % axis.size * axis.stride
      rest /= axis.size
    }
    return offset + rest * first.stride
  }
}
