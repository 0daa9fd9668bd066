// Arithmetic on shapes: the one place where sizes are multiplied, aligned and checked.

/// The number of elements of a tensor of this shape.
///
/// Throws when a size is negative or the product of the non-zero sizes does not fit an `Int`: such a
/// shape has no addressable element even if another of its sizes is 0.
package func elementCount(of shape: [Int], argument: String = "shape") throws(LossError) -> Int {
  var product = 1
  var isEmpty = false
  for size in shape {
    guard size >= 0 else {
      throw LossError(.shape, argument, "sizes must not be negative; got \(shape).")
    }
    if size == 0 {
      isEmpty = true
      continue
    }
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    guard !overflow else {
      throw LossError(
        .shape, argument, "the number of elements of \(shape) does not fit a 64-bit integer.")
    }
    product = next
  }
  return isEmpty ? 0 : product
}

/// The distance in elements between neighbours along each axis of a row-major tensor.
package func rowMajorStrides(of shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  return strides
}

/// `axis` counted from the front; a negative one counts from the back.
package func normalizedAxis(_ axis: Int, rank: Int, argument: String) throws(LossError) -> Int {
  guard axis >= -rank, axis < rank else {
    throw LossError(
      .axis, "axis",
      "must lie in \(-rank)..<\(rank) for \(argument) of rank \(rank); got \(axis).")
  }
  return axis < 0 ? axis + rank : axis
}

/// The common shape of labels and predictions under Keras 3's rule.
///
/// Equal shapes agree. If the ranks differ by one and the higher-rank one ends in 1, then a lower
/// rank of 1 gains a trailing 1, and otherwise the trailing 1 is dropped. Nothing else agrees: there
/// is no broadcasting. Source: `keras.src.losses.loss.squeeze_or_expand_to_same_rank`.
package func alignedShape(
  labels: [Int], predictions: [Int], names: ArgumentNames
) throws(LossError) -> [Int] {
  if labels == predictions { return labels }
  let (low, high) =
    labels.count < predictions.count ? (labels, predictions) : (predictions, labels)
  if high.count == low.count + 1, high.last == 1, Array(high.dropLast()) == low {
    return low.count == 1 ? high : low
  }
  throw LossError(
    .shapeMismatch, names.labels,
    "must have the shape of \(names.predictions) (where the ranks differ by one, a trailing axis of "
      + "size 1 may be added or dropped); got \(names.labels) \(labels) and "
      + "\(names.predictions) \(predictions).")
}
