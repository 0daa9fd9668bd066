import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for KLDivergence and BinaryFocalCrossentropy, their bounds and their limits.

@Suite struct ProbabilityLossTests {
  @Test func divergenceOfKeras() {
    let none = KLDivergence(reduction: .none)
    #expect(
      isClose(
        none([[0, 1], [0, 0]] as Tensor<Float>, [[0.6, 0.4], [0.4, 0.6]]),
        [0.91628921, -3.0809074e-06], relative: 1e-6))
    let labels: Tensor<Float> = [[0.5, 0.8, 0.12], [0.7, 0.43, 0.8]]
    let predictions: Tensor<Float> = [[0.4, 0.9, 0.12], [0.36, 0.3, 0.4]]
    // The first row's terms, 0.11 and −0.09, cancel.
    #expect(
      isClose(none(labels, predictions), [0.017345406, 1.1748023], relative: 1e-6, scale: 0.2))
    #expect(isClose(KLDivergence()(labels, predictions), [0.59607387], relative: 1e-6))
  }

  /// Outside [ε, 1] a label or a prediction counts as the bound; there the derivative is 0. It is a sum, so
  /// that more outputs have more of it.
  @Test func divergenceIsClipped() throws {
    let loss = KLDivergence(reduction: .none)
    let y: Tensor<Double> = [[1], [1], [0.5], [2], [0]]
    let p: Tensor<Double> = [[0], [1], [2], [0.5], [1e-7]]
    let (value, gradient) = try loss.valueWithGradient(y, p)
    let ln2 = Double.log(2)
    #expect(isClose(value, [16.11809565095832, 0, -0.5 * ln2, ln2, 0], relative: 1e-15))
    #expect(gradient == [[0], [-1], [0], [-2], [-1]])
    #expect(
      isClose(loss(y.reshaped(to: [5]), p.reshaped(to: [5])), [16.464669241238283], relative: 1e-15)
    )
  }

  @Test func focalOfKeras() {
    let labels: Tensor<Float> = [[1, 0], [1, 0]]
    let predictions: Tensor<Float> = [[0.9, 0.8], [0.7, 0.2]]
    let none = BinaryFocalCrossentropy(reduction: .none)
    #expect(isClose(none(labels, predictions), [0.51554698, 0.020513244], relative: 1e-6))
    #expect(isClose(BinaryFocalCrossentropy()(labels, predictions), [0.26803011], relative: 1e-6))
    let logits = BinaryFocalCrossentropy(gamma: 3, fromLogits: true, reduction: .none)
    #expect(
      isClose(
        logits(
          [[1, 1, 0], [0, 1, 0]] as Tensor<Float>, [[1.5, -2.7, 2.9], [-3.8, 1.2, -4.5]]),
        [1.5970758, 0.0010885467], relative: 1e-6))
  }

  /// γ = 0 without balancing is binary cross-entropy; α only counts with it.
  @Test func focalWithoutFocus() throws {
    var generator = SeededGenerator(seed: 21)
    let labels = Tensor(shape: [50, 4], scalars: (0..<200).map { Double($0 % 3) / 2 })
    let predictions = Tensor(
      shape: [50, 4],
      scalars: (0..<200).map { _ in Double.random(in: 0...1, using: &generator) })
    let focal = BinaryFocalCrossentropy(alpha: 0.9, gamma: 0, reduction: .none)
    let plain = BinaryCrossentropy(reduction: .none)
    let (value, gradient) = try focal.valueWithGradient(labels, predictions)
    let expected = try plain.valueWithGradient(labels, predictions)
    #expect(value == expected.value && gradient == expected.gradient)
    let half = BinaryFocalCrossentropy(applyClassBalancing: true, alpha: 0.5, reduction: .none)
    let whole = BinaryFocalCrossentropy(reduction: .none)
    #expect(
      half(labels, predictions).scalars == whole(labels, predictions).scalars.map { $0 / 2 })
    let balanced = BinaryFocalCrossentropy(
      applyClassBalancing: true, alpha: 0.25, gamma: 0, reduction: .none)
    #expect(
      isClose(
        balanced([[1], [0]], [[0.5], [0.5]] as Tensor<Double>),
        [0.25 * 0.6931471805599453, 0.75 * 0.6931471805599453], relative: 1e-15))
  }

  /// Probabilities count as ε and 1 − ε beyond these bounds, in B alone; logits have none.
  @Test func focalBounds() throws {
    let loss = BinaryFocalCrossentropy(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1], [0], [1], [0]] as Tensor<Float>, [[0], [1], [1], [0]])
    #expect(isClose(value, [16.118095650958, 16.118095650958, 0, 0], relative: 1e-7))
    // m² is 1 and its derivative ∓2; B's own is 0.
    #expect(isClose(gradient, [-32.236191301917, 32.236191301917, 0, 0], relative: 1e-7))
    let logits = BinaryFocalCrossentropy(fromLogits: true, reduction: .none)
    let far = try logits.valueWithGradient(
      [[0], [1], [1], [0]] as Tensor<Double>, [[100], [-100], [10], [-10]])
    #expect(
      isClose(
        far.value, [100, 100, 9.3565609638498934e-14, 9.3565609638498934e-14], relative: 1e-15))
    #expect(
      isClose(
        far.gradient, [1, -1, -2.8068620970127322e-13, 2.8068620970127322e-13], relative: 1e-15))
  }

  @Test(arguments: [0, 0.5, 1, 2, 3.5])
  func focalOfInfiniteLogits(_ gamma: Double) throws {
    let loss = BinaryFocalCrossentropy(gamma: gamma, fromLogits: true, reduction: .none)
    func check<Scalar: LossScalar>(_ type: Scalar.Type) throws {
      let (value, gradient) = try loss.valueWithGradient(
        Tensor<Scalar>(shape: [5, 1], scalars: [1, 0, 0, 1, 1]),
        Tensor<Scalar>(
          shape: [5, 1], scalars: [.infinity, -.infinity, .infinity, -.infinity, .nan]))
      #expect(value.scalars[..<4] == [0, 0, .infinity, .infinity])
      #expect(gradient.scalars[..<4] == [0, 0, 1, -1])
      #expect(value.scalars[4].isNaN && gradient.scalars[4].isNaN)
    }
    try check(Float.self)
    try check(Double.self)
  }
}
