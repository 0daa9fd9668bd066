import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for BinaryCrossentropy, its limits, and its gradient.

@Suite struct BinaryCrossentropyTests {
  private let logits: Tensor<Float> = [[10, -10, 10], [10, 10, -10]]
  private let labels: Tensor<Float> = [[1, 0, 1], [0, 1, 1]]

  @Test func numbersOfKeras() {
    func check(_ value: Tensor<Float>, _ expected: Double, line: Int = #line) {
      #expect(isClose(Double(value.item), expected, relative: 1e-6), "line \(line)")
    }
    let loss = BinaryCrossentropy(fromLogits: true)
    check(loss(labels, logits), 3.3333788)
    check(loss(labels, logits, sampleWeight: 2.3), 7.6667709)
    check(loss(labels, logits, sampleWeight: [4, 3]), 10.000159)
    let smoothed = BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.1)
    check(smoothed([[1, 0, 1]], [[10, -10, -10]]), 3.5000455)
    let probabilities = BinaryCrossentropy()
    check(probabilities([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]), 0.81492448)
    let none = BinaryCrossentropy(fromLogits: true, reduction: .none)
    let each = none([[1, 0], [1, 0]], [[2, -1], [0.5, 3]])
    #expect(isClose(each, [0.22009484, 1.7613322], relative: 1e-6))
    let mean = BinaryCrossentropy(fromLogits: true, reduction: .meanWithSampleWeight)
    check(mean(labels, logits, sampleWeight: [4, 3]), 2.8571885)
  }

  /// The clipping bounds are real numbers: both sides are equal.
  @Test func clippedProbabilities() throws {
    let loss = BinaryCrossentropy(reduction: .none)
    let value = loss([[1], [0], [1], [0]], [[0], [1], [1], [0]])
    #expect(isClose(value, [16.118096, 16.118096, 1e-7, 1e-7], relative: 1e-7))
    let gradient = try loss.valueWithGradient([[1], [0]], [[0], [1]]).gradient
    #expect(gradient == [[0], [0]])
  }

  @Test func infiniteLogits() throws {
    let loss = BinaryCrossentropy(fromLogits: true, reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1], [0], [0], [1], [1]],
      [[.infinity], [.negativeInfinity], [.infinity], [.negativeInfinity], [.nan]])
    #expect(value.scalars[..<4] == [0, 0, .infinity, .infinity])
    #expect(gradient.scalars[..<4] == [0, 0, 1, -1])
    #expect(value.scalars[4].bitPattern == Float.nan.bitPattern)
    #expect(gradient.scalars[4].bitPattern == Float.nan.bitPattern)
  }

  /// A right and confident logit: ln(1 + e⁻³⁰), which TensorFlow has as 9.357623e-14 and `1 + e` as 0.
  @Test func confidentLogits() throws {
    let loss = BinaryCrossentropy(fromLogits: true)
    let (value, gradient) = try loss.valueWithGradient([[1]], [[30]] as Tensor<Float>)
    #expect(isClose(Double(value.item), 9.357622968839299e-14, relative: 1.2e-7))
    #expect(isClose(Double(gradient.item), -9.357622968839299e-14, relative: 1.2e-7))
  }

  @Test(arguments: [true, false])
  func gradientsAgainstCentralDifferences(_ fromLogits: Bool) throws {
    var generator = SeededGenerator(seed: 11)
    let loss = BinaryCrossentropy(
      fromLogits: fromLogits, labelSmoothing: 0.1, axis: 1, reduction: .sumOverBatchSize)
    func tensor(_ range: ClosedRange<Double>) -> Tensor<Double> {
      Tensor(
        shape: [2, 3, 4],
        scalars: (0..<24).map { _ in Double.random(in: range, using: &generator) })
    }
    let labels = tensor(0...1)
    let predictions = fromLogits ? tensor(-4...4) : tensor(0.05...0.95)
    let weights: Tensor<Double> = [1, 2]
    let gradient = try loss.valueWithGradient(labels, predictions, sampleWeight: weights).gradient
    for element in 0..<24 {
      func value(_ offset: Double) -> Double {
        var moved = predictions.scalars
        moved[element] += offset
        let moved_ = Tensor(shape: [2, 3, 4], scalars: moved)
        return loss(labels, moved_, sampleWeight: weights).item
      }
      let expected = (value(1e-5) - value(-1e-5)) / 2e-5
      #expect(isClose(gradient.scalars[element], expected, relative: 1e-7, scale: 1))
    }
  }

  /// Short rows are computed many to a block, and to the same bits as one by one: under a mask, and along
  /// another axis.
  @Test(arguments: [1, 2, 10, 33])
  func shortRows(_ outputs: Int) throws {
    var generator = SeededGenerator(seed: 13)
    let rows = 2100
    let count = rows * outputs
    let logits = (0..<count).map { _ in Float.random(in: -9...9, using: &generator) }
    let labels = (0..<count).map { _ in Float.random(in: 0...1, using: &generator).rounded() }
    func transposed(_ scalars: [Float]) -> Tensor<Float> {
      Tensor(
        shape: [outputs, rows],
        scalars: (0..<outputs).flatMap { c in (0..<rows).map { scalars[$0 * outputs + c] } })
    }
    let weights = Tensor((0..<rows).map { Float($0 % 5) })
    let (y, x) = (
      Tensor(shape: [rows, outputs], scalars: labels),
      Tensor(shape: [rows, outputs], scalars: logits)
    )
    for fromLogits in [true, false] {
      let x = fromLogits ? x : Tensor(shape: x.shape, scalars: x.scalars.map { ($0 + 9) / 18 })
      let loss = BinaryCrossentropy(fromLogits: fromLogits, labelSmoothing: 0.1, reduction: .none)
      let (value, gradient) = try loss.valueWithGradient(y, x, sampleWeight: weights)
      let all = Tensor<Bool>([Bool](repeating: true, count: rows))
      let masked = try loss.valueWithGradient(y, x, sampleWeight: weights, mask: all)
      #expect(value == masked.value && gradient == masked.gradient)
      let across = BinaryCrossentropy(
        fromLogits: fromLogits, labelSmoothing: 0.1, axis: 0, reduction: .none)
      let turned = try across.valueWithGradient(
        transposed(y.scalars), transposed(x.scalars), sampleWeight: weights)
      #expect(turned.value == value)
      #expect(turned.gradient == transposed(gradient.scalars))
    }
  }

  /// One sample of many elements, more than one segment: the mean in longer arithmetic.
  @Test func longRows() throws {
    var generator = SeededGenerator(seed: 12)
    let count = 100_003
    let logits = (0..<count).map { _ in Float.random(in: -9...9, using: &generator) }
    let labels = (0..<count).map { _ in Float.random(in: 0...1, using: &generator).rounded() }
    let loss = BinaryCrossentropy(fromLogits: true)
    let value = loss(Tensor(labels), Tensor(logits)).item
    let wide = loss(
      Tensor<Double>(converting: Tensor(labels)), Tensor<Double>(converting: Tensor(logits))
    ).item
    #expect(isClose(Double(value), wide, relative: 6.1e-8))
  }
}
