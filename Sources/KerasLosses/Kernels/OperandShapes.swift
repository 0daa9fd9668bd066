/// The shapes of a call's labels and predictions, and the rules that losses have for them.
package struct OperandShapes: Sendable {
  package let labels: [Int]
  package let predictions: [Int]
  package let names: ArgumentNames

  package init(labels: [Int], predictions: [Int], names: ArgumentNames) {
    self.labels = labels
    self.predictions = predictions
    self.names = names
  }

  /// What both shapes are, for the end of an error's text.
  var both: String {
    "got \(names.labels) \(labels) and \(names.predictions) \(predictions)."
  }

  /// The shape that labels and predictions have in common.
  func common() throws(LossError) -> [Int] {
    try alignedShape(labels: labels, predictions: predictions, names: names)
  }

  /// `axis` of a tensor of this shape, counted from the front.
  func normalized(_ axis: Int, of shape: [Int]) throws(LossError) -> Int {
    try normalizedAxis(axis, rank: shape.count, argument: names.predictions)
  }

  /// One sample per position of the axes other than `axis`, the classes.
  func rows(along axis: Int, _ encoding: LabelEncoding) throws(LossError) -> SampleGeometry {
    let shape = encoding == .dense ? try common() : predictions
    guard !shape.isEmpty else {
      throw LossError(
        .rank, names.predictions,
        "must have at least one axis, the classes; got \(names.predictions) \(predictions) and "
          + "\(names.labels) \(labels).")
    }
    let axis = try normalized(axis, of: shape)
    if encoding == .dense { return SampleGeometry(shape: shape, axis: axis) }
    return try onePerSample(SampledShape(shape, axes: [axis]))
  }

  /// One label for each sample: they have the predictions' shape without the axis of the classes; an axis of
  /// size 1 in its place is dropped.
  private func onePerSample(_ samples: SampledShape) throws(LossError) -> SampleGeometry {
    let axis = samples.axes[0]
    guard samples.elements > 0 else {
      throw LossError(
        .shapeMismatch, names.predictions,
        "must have at least one class on axis \(axis); got \(names.predictions) \(predictions) and "
          + "\(names.labels) \(labels).")
    }
    let expected = samples.outerAxes.map { samples.shape[$0] }
    var withOne = predictions
    withOne[axis] = 1
    guard labels == expected || labels == withOne else {
      throw LossError(
        .shapeMismatch, names.labels,
        "must have the shape of \(names.predictions) without axis \(axis) (an axis of size 1 in its "
          + "place is dropped); \(both)")
    }
    return SampleGeometry(predictions: samples, labels: SampledShape(expected, axes: []))
  }

  /// One sample per position of the axes other than `axes`; nil for all axes, a single sample.
  func regions(over axes: [Int]?) throws(LossError) -> SampleGeometry {
    let shape = try common()
    var inside: [Int] = []
    for axis in axes ?? Array(shape.indices) {
      let axis = try normalized(axis, of: shape)
      guard !inside.contains(axis) else {
        throw LossError(
          .axis, "axis",
          "must not name axis \(axis) twice; got \(axes ?? []) for \(names.predictions) "
            + "\(predictions).")
      }
      inside.append(axis)
    }
    return SampleGeometry(shape: shape, axes: inside)
  }
}
