/// −Σ y·ln q over a row of probabilities, q = p / Σp clipped to [ε, 1 − ε].
///
/// The row is divided by its sum before it is clipped, as in Keras; the clipped row is not divided
/// again. ε = 1e-7 and 1 − ε are these real numbers, not their roundings to Float. The derivative
///
///     dloss/dp_j = −y_j / p_j [q_j unclipped] + (Σ_c y_c [q_c unclipped]) / Σp
///
/// is 0 through a clipped element; the normalising term remains.
package struct ProbabilityCrossEntropyRow: RowKernel {
  package let axis: Int
  package let labelSmoothing: Double

  /// `keras.backend.epsilon()`.
  package static let epsilon = 1e-7

  package func loss(of row: inout KernelRow, derivatives: Bool) -> Double {
    smooth(&row.labels, by: labelSmoothing)
    var total = CompensatedSum()
    for p in row.predictions { total.add(p) }
    let sum = total.value
    var loss = CompensatedSum()
    var unclippedLabels = CompensatedSum()
    for c in row.predictions.indices {
      let p = row.predictions[c]
      let y = row.labels[c]
      let q = p / sum
      let isClipped = q < Self.epsilon || q > 1 - Self.epsilon
      loss.add(-y, times: clippedLog(q, others: total.without(p) / sum))
      row.derivatives[c] = isClipped ? 0 : -y / p
      if !isClipped { unclippedLabels.add(y) }
    }
    if derivatives {
      // A label of 0 has no part in the loss, also where p = 0 leaves 0/0.
      for c in row.derivatives.indices {
        let own = row.labels[c] == 0 ? 0 : row.derivatives[c]
        row.derivatives[c] = own + unclippedLabels.value / sum
      }
    }
    return loss.high.isFinite ? loss.value : loss.high
  }

  /// ln of q clipped. Above ½ it is taken from the other elements' share, which has all its digits
  /// where 1 − q has none.
  private func clippedLog(_ q: Double, others: Double) -> Double {
    if q < Self.epsilon { return PlatformMath.log(Self.epsilon) }
    if q > 1 - Self.epsilon { return PlatformMath.log1p(-Self.epsilon) }
    return q > 0.5 ? PlatformMath.log1p(-others) : PlatformMath.log(q)
  }
}
