/// −Σ y·ln softmax(x) over a row of logits.
///
/// With m = max x, z = x − m ≤ 0, e = exp z and `rest` = Σ e without one maximal element, the softmax's
/// denominator is 1 + rest, so
///
///     loss = Σy · log1p(rest) + Σ y·(m − x)
///
/// Every term is ≥ 0 for labels ≥ 0: nothing cancels, and a row whose target stands 30 above the
/// others gives 1e-13 and not 0. The derivative, with p = e / (1 + rest) and `others` the sum of e
/// without element c,
///
///     dloss/dx_c = p_c·Σy − y_c = p_c·(Σy − y_c) − y_c·others_c / (1 + rest)
///
/// has no cancellation for one-hot labels, where one of the two terms is always 0.
package struct SoftmaxCrossEntropyRow: RowKernel {
  package let axis: Int
  package let labelSmoothing: Double

  package func loss(of row: inout KernelRow, derivatives: Bool) -> Double {
    smooth(&row.labels, by: labelSmoothing)
    guard let peak = row.predictions.indexOfMaximum else {
      row.fillDerivatives(with: .nan)
      return row.predictions.isEmpty ? 0 : .nan
    }
    let maximum = row.predictions[peak]
    guard maximum.isFinite else {
      row.fillDerivatives(with: .nan)
      return .nan
    }
    var rest = CompensatedSum()
    var labelSum = CompensatedSum()
    var distances = CompensatedSum()
    for c in row.predictions.indices {
      let x = row.predictions[c]
      let y = row.labels[c]
      let z = x - maximum
      // The rounding error of the subtraction (Knuth's two-sum), carried into the exponential: for
      // x far below m it is worth |z| units in the last place of e.
      let b = z - x
      let error = z.isFinite ? (x - (z - b)) + (-maximum - b) : 0
      let e = PlatformMath.exp(z) * (1 + error)
      row.predictions[c] = e
      if c != peak { rest.add(e) }
      labelSum.add(y)
      // A class without label adds nothing, however impossible it is: 0·inf is not NaN here.
      if y != 0 { distances.add(-z, times: y) }
    }
    if derivatives { differentiate(&row, peak, rest, labelSum) }
    // An infinite distance has no error term left to add.
    let distance = distances.high.isFinite ? distances.value : distances.high
    return labelSum.value * PlatformMath.log1p(rest.value) + distance
  }

  private func differentiate(
    _ row: inout KernelRow, _ peak: Int, _ rest: CompensatedSum, _ labelSum: CompensatedSum
  ) {
    let total = 1 + rest.value
    for c in row.predictions.indices {
      let e = row.predictions[c]
      let y = row.labels[c]
      let others = c == peak ? rest.value : 1 + rest.without(e)
      row.derivatives[c] = (e * labelSum.without(y) - y * others) / total
    }
  }
}

/// y·(1 − s) + s/C, in place.
func smooth(_ labels: inout [Double], by smoothing: Double) {
  guard smoothing != 0 else { return }
  let share = smoothing / Double(labels.count)
  for c in labels.indices { labels[c] = labels[c] * (1 - smoothing) + share }
}

extension [Double] {
  /// The first position of the largest element; nil if there is none or one is NaN.
  var indexOfMaximum: Int? {
    guard var best = indices.first else { return nil }
    for index in indices {
      if self[index].isNaN { return nil }
      if self[index] > self[best] { best = index }
    }
    return best
  }
}

extension KernelRow {
  mutating func fillDerivatives(with value: Double) {
    for c in derivatives.indices { derivatives[c] = value }
  }
}
