/// (1 − pᵗ) / t for the probability p of the class of each row: the generalized cross-entropy.
///
/// 1 − pᵗ is −(e^(t·ln p) − 1), without the difference: p near 1 costs no digits. The derivative is −p^(t−1)
/// at the class and 0 elsewhere; no other element of the row is read.
struct PowerLossKernel: RowKernel {
  let exponent: Double

  var axis: Int { -1 }
  var labels: LabelEncoding { .classIDs(ignored: nil) }

  func compute(_ run: SampleRun) {
    for (id, sample) in zip(run.classIDs(), run.samples) {
      run.storeZeroGradient(of: sample)
      guard run.isKept(sample) else {
        run.store(loss: 0, of: sample)
        continue
      }
      let target = Int(id)
      let row = RowBlocks(run, sample: sample)
      let p = row.prediction(target)
      run.store(loss: -Double.expm1(exponent * Double.log(p)) / exponent, of: sample)
      guard let scales = run.scalesOfRun else { continue }
      var derivative = -Double.pow(p, exponent - 1) * scales[sample - run.samples.lowerBound]
      row.store(gradient: &derivative, target..<target + 1)
    }
  }
}
