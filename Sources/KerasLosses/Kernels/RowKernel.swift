/// The mathematics of a loss over one row of classes, in Double.
///
/// A row kernel knows one sample: its labels, its predictions, their loss and, on request, the
/// derivative of the loss. It knows nothing of tensors, weights, reductions or threads.
package protocol RowKernel: Sendable {
  /// The axis of the classes.
  var axis: Int { get }

  /// The loss of one row of `row.count` classes; with `derivatives`, also dloss/dprediction.
  func loss(of row: inout KernelRow, derivatives: Bool) -> Double
}

/// The scratch of a row kernel: labels and predictions widened to Double, and room for derivatives.
package struct KernelRow {
  package var labels: [Double]
  package var predictions: [Double]
  package var derivatives: [Double]

  package init(classes: Int) {
    labels = [Double](repeating: 0, count: classes)
    predictions = labels
    derivatives = labels
  }
}
