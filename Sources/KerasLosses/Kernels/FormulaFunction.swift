/// A function of one label and one prediction that is given as a closure, in Double.
struct FormulaFunction: ElementwiseFunction {
  let formula: PointwiseLoss.Formula

  func sum(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) -> Double {
    var sum = CompensatedSum()
    for index in 0..<count {
      let (value, derivative) = formula(labels[index], predictions[index])
      sum.add(value)
      derivatives?[index] = derivative
    }
    return sum.value
  }
}
