import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for CosineSimilarity, its limits, its accuracy and its gradient.

@Suite struct CosineSimilarityTests {
  private let a: Tensor<Float> = [[1, 9, 2], [-5, -2, 6]]
  private let b: Tensor<Float> = [[4, 8, 12], [8, 1, 3]]

  @Test func numbersOfKeras() {
    let none = CosineSimilarity(reduction: .none)
    #expect(isClose(none(a, b), [-0.72048801, 0.3460499], relative: 1e-6))
    func check(_ reduction: Reduction, _ w: Tensor<Float>?, _ expected: Double) {
      let value = CosineSimilarity(reduction: reduction)(a, b, sampleWeight: w)
      #expect(isClose(Double(value.item), expected, relative: 2e-6), "\(reduction)")
    }
    check(.sum, nil, -0.37443811)
    check(.sumOverBatchSize, nil, -0.18721905)
    check(.sum, [1.2, 3.4], 0.31198406)
    check(.sumOverBatchSize, [1.2, 3.4], 0.15599203)
    check(.meanWithSampleWeight, [1.2, 3.4], 0.06782262)
    let w: Tensor<Float> = [[3, 6, 5], [0, 4, 2]]
    let (y, p) = (a.reshaped(to: [2, 3, 1]), b.reshaped(to: [2, 3, 1]))
    #expect(CosineSimilarity(reduction: .sum)(y, p, sampleWeight: w) == -12)
    #expect(CosineSimilarity()(y, p, sampleWeight: w) == -2)
    #expect(
      isClose(
        CosineSimilarity(reduction: .meanWithSampleWeight)(y, p, sampleWeight: w), [-0.6],
        relative: 1e-7))
  }

  /// Keras in float64, values and gradients, along both axes.
  @Test func doublesOfKeras() throws {
    let y: Tensor<Double> = [[1, 0, 2], [0, 1, 1]]
    let p: Tensor<Double> = [[0.2, 0.7, 0.4], [0.1, 0.6, -0.3]]
    let rows = try CosineSimilarity(reduction: .none).valueWithGradient(y, p)
    #expect(
      isClose(rows.value, [-0.5383819020581655, -0.3127716210856121], relative: 1e-15))
    #expect(
      isClose(
        rows.gradient,
        [
          -0.3823291768239146, 0.5461845383198781, -0.7646583536478292, 0.06799383067078522,
          -0.6346090862606621, -1.2465535622977293,
        ], relative: 1e-14))
    let columns = try CosineSimilarity(axis: 0, reduction: .none).valueWithGradient(y, p)
    #expect(
      isClose(
        columns.value, [-0.8944271909999157, -0.6507913734559686, -0.447213595499958],
        relative: 1e-14))
    #expect(
      isClose(
        columns.gradient,
        [
          -0.8944271909999177, 0.535945836963739, -1.073312629199899, 1.7888543819998308,
          -0.6252701431243619, -1.4310835055998654,
        ], relative: 1e-13))
  }

  /// A vector of zeros, and one shorter than 1e-7: its cosine falls off with its length.
  @Test func shortVectors() throws {
    let loss = CosineSimilarity(reduction: .none)
    let (zero, zeroGradient) = try loss.valueWithGradient([[3, 4]], [[0, 0]] as Tensor<Double>)
    #expect(zero == [0] && zero.scalars[0].sign == .plus)
    #expect(isClose(zeroGradient, [-0.6e7, -0.8e7], relative: 1e-14))
    #expect(loss([[0, 0]], [[3, 4]] as Tensor<Double>) == [0])
    #expect(isClose(loss([[1e-9, 0]], [[1, 0]] as Tensor<Double>), [-0.01], relative: 1e-14))
    #expect(isClose(loss([[1, 0]], [[1e-9, 0]] as Tensor<Double>), [-0.01], relative: 1e-14))
  }

  /// At ‖p‖ = 1e-7 the gradient is that of the shorter side, −ŷ/ε; just above it loses its part along p.
  @Test func kinkAtTheLeastNorm() throws {
    let loss = CosineSimilarity(reduction: .none)
    let at = try loss.valueWithGradient([[1, 0]], [[1e-7, 0]] as Tensor<Double>).gradient
    #expect(isClose(at, [-1e7, 0], relative: 1e-14))
    let above = try loss.valueWithGradient([[1, 0]], [[1.0001e-7, 0]] as Tensor<Double>).gradient
    #expect(above.scalars.allSatisfy { $0.magnitude <= 1e-8 })
  }

  @Test func vectorsBeyondTheRangeOfSquares() throws {
    let loss = CosineSimilarity(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1, 2], [3e200, 4e200]], [[1e200, 3e200], [2, 1]] as Tensor<Double>)
    #expect(isClose(value, [-0.9899494936611665, -0.8944271909999159], relative: 1e-15))
    let near = try loss.valueWithGradient(
      [[1, 2], [3, 4]], [[1, 3], [2, 1]] as Tensor<Double>
    ).gradient
    #expect(
      isClose(
        gradient,
        zip(near.scalars, [1e-200, 1e-200, 1, 1]).map { $0 * $1 }, relative: 1e-14))
  }

  @Test func notANumber() throws {
    let loss = CosineSimilarity(reduction: .none)
    for bad in [Float.nan, .infinity] {
      let (value, gradient) = try loss.valueWithGradient([[1, 2]], Tensor([[bad, 1]]))
      #expect(value.scalars[0].bitPattern == Float.nan.bitPattern)
      #expect(gradient.scalars.allSatisfy { $0.bitPattern == Float.nan.bitPattern })
    }
    let masked = try loss.valueWithGradient([[1, 2]], [[.nan, 1]], mask: [false])
    #expect(masked.value == [0] && masked.gradient == [[0, 0]])
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 21)
    for axis in [0, 1, 2, -1] {
      let y = randomTensor([3, 4, 2], -1...1, &generator)
      let p = randomTensor([3, 4, 2], -1...1, &generator)
      for reduction in Reduction.allCases {
        try expectCentralDifferences(
          CosineSimilarity(axis: axis, reduction: reduction), y, p,
          sampleWeight: randomTensor([], 0.5...2, &generator))
      }
    }
  }

  #if arch(x86_64) && os(Linux)
    /// Loss and gradient against Float80, for vectors from far apart to nearly parallel: the gradient relative to
    /// the largest of its row.
    @Test(arguments: [3, 100, 3000]) func accuracy(_ count: Int) throws {
      var generator = SeededGenerator(seed: UInt64(count))
      var worst = (loss: 0.0, float: 0.0, double: 0.0)
      for distance in [1, 1e-3, 1e-6] {
        let p = randomTensor([1, count], -1...1, &generator)
        let noise = randomTensor([1, count], -1...1, &generator)
        let y = Tensor(
          shape: [1, count], scalars: zip(p.scalars, noise.scalars).map { 3 * ($0 + distance * $1) }
        )
        let wide = try CosineSimilarity().valueWithGradient(y, p)
        let reference = reference(y.scalars, p.scalars)
        worst.loss = max(worst.loss, (wide.value.item - Double(reference.loss)).magnitude)
        worst.double = max(worst.double, largestError(wide.gradient.scalars, reference.gradient))
        let (yf, pf) = (Tensor<Float>(converting: y), Tensor<Float>(converting: p))
        let narrow = try CosineSimilarity().valueWithGradient(yf, pf).gradient.scalars
        let exact = self.reference(yf.scalars.map { Double($0) }, pf.scalars.map { Double($0) })
        worst.float = max(worst.float, largestError(narrow.map { Double($0) }, exact.gradient))
      }
      print(
        "Cosine, \(count) elements: loss \(worst.loss), gradient Float \(worst.float), Double \(worst.double)"
      )
      #expect(worst.loss <= 4e-16 && worst.float <= 1.2e-7 && worst.double <= 1e-15)
    }

    private func reference(
      _ y: [Double], _ p: [Double]
    ) -> (loss: Float80, gradient: [Float80]) {
      var (yy, yp, pp) = (Float80(0), Float80(0), Float80(0))
      for (y, p) in zip(y, p) {
        (yy, yp, pp) = (
          yy + Float80(y) * Float80(y), yp + Float80(y) * Float80(p), pp + Float80(p) * Float80(p)
        )
      }
      let norms = (yy.squareRoot(), pp.squareRoot())
      // Projected twice. The first time by a factor of few bits, whose products are exact.
      let t = (yp / pp * 1024).rounded() / 1024
      let first = zip(y, p).map { Float80($0) - t * Float80($1) }
      let left = zip(first, p).reduce(0) { $0 + $1.0 * Float80($1.1) } / pp
      let gradient = zip(first, p).map { -($0 - left * Float80($1)) / norms.0 / norms.1 }
      return (-yp / norms.0 / norms.1, gradient)
    }

    private func largestError(_ values: [Double], _ expected: [Float80]) -> Double {
      let scale = expected.map(\.magnitude).max() ?? 1
      return zip(values, expected).map { Double((Float80($0) - $1).magnitude / scale) }.max() ?? 0
    }
  #endif
}
