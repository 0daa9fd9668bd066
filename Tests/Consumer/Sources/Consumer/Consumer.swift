import KerasLosses

// Every spelling that the documentation promises, as a user writes it. A spelling that no longer
// compiles fails the build; a number that changed ends the program.

func check<Scalar: LossScalar>(
  _ what: String, _ value: Tensor<Scalar>, _ expected: Double, line: Int = #line
) {
  guard abs(Double(value.item) - expected) <= 1e-6 * abs(expected) else {
    fatalError("line \(line): \(what) gives \(value), expected \(expected)")
  }
}

/// A loss of one's own: one method.
struct CountDisagreements: Loss {
  func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let labels = Tensor<Scalar>(converting: yTrue)
    return Tensor(
      shape: yPred.shape, scalars: zip(labels.scalars, yPred.scalars).map { $0 == $1 ? 0 : 1 })
  }
}

@main
enum Consumer {
  static func main() throws {
    try tensors()
    try keras()
    try gradients()
    try errors()
    try custom()
    try tensorFlow1()
    print("Every spelling compiles and every value is right.")
  }

  static func keras() throws {
    let cce = CategoricalCrossentropy(fromLogits: true)
    let yTrue: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
    let yPred: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
    let w: Tensor<Float> = [0.3, 0.7]
    check("call", cce(yTrue, yPred), 0.98689508)
    check("weights", cce(yTrue, yPred, sampleWeight: w), 0.57401383)
    check("scalar weight", cce(yTrue, yPred, sampleWeight: 2), 1.97379016)
    check(
      "literals",
      cce(
        [[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]], sampleWeight: [0.3, 0.7]),
      0.57401383)

    let ids: Tensor<Int32> = [[0, 1, 0], [0, 0, 1]]
    let wide = Tensor<Double>(converting: yPred)
    let wideLabels = Tensor<Double>(converting: yTrue)
    check("Int32 with Double", cce(ids, wide), 0.98689508)
    check("Double with Double", cce(wideLabels, wide, sampleWeight: [0.3, 0.7]), 0.57401383)
    check("literal with Double", cce([[0, 1, 0], [0, 0, 1]], wide), 0.98689508)
    check("mask", cce(ids, wide, mask: [true, false]), 0.58406347)

    let f: (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = cce.callAsFunction
    let g: (Tensor<Double>, Tensor<Double>) -> Tensor<Double> = cce.callAsFunction
    let h: (Tensor<Int32>, Tensor<Float>) -> Tensor<Float> = cce.callAsFunction
    check("reference", f(yTrue, yPred), 0.98689508)
    check("reference to Double", g(wideLabels, wide), 0.98689508)
    check("reference to Int32", h(ids, yPred), 0.98689508)

    let (value, gradient) = try cce.valueWithGradient(yTrue, yPred, sampleWeight: w)
    check("value", value, 0.57401383)
    var buffer = gradient
    check("into", try cce.valueWithGradient(ids, yPred, into: &buffer), 0.98689508)
    check(
      "literal gradient", try cce.valueWithGradient([[0, 1, 0], [0, 0, 1]], wide).value, 0.98689508)
    check("any", try (cce as any Loss).evaluate(yTrue, yPred), 0.98689508)

    let a: Float = 0.05
    check("variables", cce(yTrue, Tensor([[a, 0.95, 0], [0.1, 0.8, 0.1]])), 0.98689508)
    let parameters = CategoricalCrossentropy(
      fromLogits: false, labelSmoothing: 0.1, axis: -1, reduction: .sum,
      name: "categorical_crossentropy")
    _ = parameters(yTrue, yPred)
  }

  static func errors() throws {
    let cce = CategoricalCrossentropy()
    do {
      _ = try cce.evaluate([[0, 1]], [[0.2, 0.3, 0.5]])
      fatalError("shapes that differ went through")
    } catch {
      print(error)
    }
  }

  static func custom() throws {
    check("custom", CountDisagreements()([1, 2, 3], [1, 2, 4], sampleWeight: [1, 1, 6]), 2)
    let quartic = PointwiseLoss { y, p in
      let e = p - y
      return (value: e * e * e * e, derivative: 4 * e * e * e)
    }
    let (value, gradient) = try quartic.valueWithGradient([[1, 2]], [[2, 4]] as Tensor<Double>)
    check("pointwise", value, 8.5)
    guard gradient == [[2, 16]] else { fatalError("pointwise gradient is \(gradient)") }
  }
}
