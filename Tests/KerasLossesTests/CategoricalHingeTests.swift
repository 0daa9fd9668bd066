import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for CategoricalHinge, its kinks, and its gradient.

@Suite struct CategoricalHingeTests {
  @Test func numbersOfKeras() throws {
    let y: Tensor<Float> = [[0, 1], [0, 0]]
    let p: Tensor<Float> = [[0.6, 0.4], [0.4, 0.6]]
    #expect(isClose(CategoricalHinge(reduction: .none)(y, p), [1.2, 1.6], relative: 1e-6))
    #expect(isClose(CategoricalHinge(reduction: .sum)(y, p), [2.8], relative: 1e-6))
    #expect(isClose(CategoricalHinge()(y, p), [1.4], relative: 1e-6))
    // Keras in float64.
    let wide = try CategoricalHinge(reduction: .none).valueWithGradient(
      [[1, 0, 2], [0, 1, 1]], [[0.2, 0.7, 0.4], [0.1, 0.6, -0.3]] as Tensor<Double>)
    #expect(isClose(wide.value, [0.7, 0.8], relative: 4e-16))
    #expect(wide.gradient == [[-1, 1, -2], [1, -1, -1]])
  }

  /// 1 + n − p is exactly 0: the gradient is 0, and −y and 1 − y from there on.
  @Test func kinkAtZero() throws {
    let loss = CategoricalHinge(reduction: .none)
    let y: Tensor<Double> = [[1, 0], [1, 0]]
    let (value, gradient) = try loss.valueWithGradient(
      y, Tensor([[1.5, 0.5], [1.5, 0.5.nextUp]]))
    #expect(value.scalars[0] == 0 && value.scalars[1] > 0)
    #expect(gradient == [[0, 0], [-1, 1]])
  }

  /// Classes that share the maximum share its derivative.
  @Test func kinkAtTies() throws {
    let loss = CategoricalHinge(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1, 0, 0, 0]], [[0.25, 0.75, 0.5, 0.75]] as Tensor<Float>)
    #expect(value == [1.5])
    #expect(gradient == [[-1, 0.5, 0, 0.5]])
    // The true class enters the maximum with 0 and has no derivative there.
    let negative = try loss.valueWithGradient([[1, 0]], [[0.5, -3]] as Tensor<Float>)
    #expect(negative.value == [0.5] && negative.gradient == [[-1, 0]])
  }

  @Test func limits() throws {
    let loss = CategoricalHinge(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1, 0], [1, 0]], [[.nan, 0], [5, 0]] as Tensor<Float>, mask: nil)
    #expect(value.scalars[0].bitPattern == Float.nan.bitPattern && value.scalars[1] == 0)
    #expect(gradient.scalars[0].isNaN && gradient.scalars[1].isNaN)
    #expect(gradient.scalars[2...] == [0, 0])
    #expect(loss([[], []] as Tensor<Float>, [[], []]) == [0, 0])
    let masked = try loss.valueWithGradient([[1, 0]], [[.nan, 0]], mask: [false])
    #expect(masked.value == [0] && masked.gradient == [[0, 0]])
  }

  /// Rows longer than a block, all predictions negative: the padding of a block is in no maximum.
  @Test(arguments: [1, 5, 16, 17, 1000, 2500]) func negativePredictions(_ count: Int) throws {
    let p = (0..<count).map { -1 - Double(($0 * 37) % 101) / 64 }
    let loss = CategoricalHinge()
    let value = loss(
      Tensor(shape: [1, count], scalars: [Double](repeating: 0, count: count)),
      Tensor(shape: [1, count], scalars: p))
    #expect(value.item == max(0, 1 + p.max()!))
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 22)
    for reduction in Reduction.allCases {
      let y = Tensor<Int>([[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 0]])
      // Rows 0.02 and more away from kinks.
      let p = Tensor<Double>([
        [0.1, 0.3, -0.4], [0.9, 0.2, 0.5], [-0.1, 2, 0.4], [0.3, 0.5, 0.8],
      ])
      try expectCentralDifferences(
        CategoricalHinge(reduction: reduction), y, p,
        sampleWeight: randomTensor([4], 0.5...2, &generator), mask: [true, true, true, false])
    }
  }
}
