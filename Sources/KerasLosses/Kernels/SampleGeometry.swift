/// Where the samples of a loss lie in the tensor of predictions.
///
/// The tensor is seen as `[outer, classes, inner]`: element `c` of sample `k = o * inner + i` is
/// `(o * classes + c) * inner + i`. A class axis that is the last has `inner == 1`; a loss over the
/// whole batch is one sample.
package struct SampleGeometry: Sendable, Equatable {
  /// The shape of the losses: one per sample, in the order of `k`.
  package let lossShape: [Int]
  package let outer: Int
  package let classes: Int
  package let inner: Int

  package var sampleCount: Int { outer * inner }

  /// One sample per position of the axes other than `axis`, for a shape whose element count is known
  /// to fit.
  package init(shape: [Int], axis: Int) {
    lossShape = Array(shape[..<axis] + shape[(axis + 1)...])
    outer = shape[..<axis].reduce(1, *)
    classes = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  /// The offset of element 0 of sample `k`; the others follow at a distance of `inner`.
  package func offset(ofSample k: Int) -> Int {
    (k / inner) * classes * inner + k % inner
  }
}
