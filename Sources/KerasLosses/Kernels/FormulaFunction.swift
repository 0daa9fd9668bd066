/// A function of one label and one prediction that is given as a closure, in Double.
struct FormulaFunction: ElementwiseFunction {
  let formula: PointwiseLoss.Formula

  func evaluate(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) {
    for index in 0..<count {
      let (value, derivative) = formula(labels[index], predictions[index])
      values[index] = value
      derivatives?[index] = derivative
    }
  }
}
