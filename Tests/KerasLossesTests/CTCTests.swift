import Foundation
import KerasLosses
import TestSupport
import Testing

// CTC: Keras's and PyTorch's numbers, all paths of small samples one by one, limits, and its gradient.

@Suite struct CTCTests {
  private let labels: Tensor<Int32> = [[1, 2, 1, 0], [1, 2, 0, 2]]
  private let logits = Tensor<Float>(
    shape: [2, 4, 3], scalars: (0..<24).map { (Float($0) - 12) / 100 })

  @Test func numbersOfKeras() throws {
    let (value, gradient) = try CTC(reduction: .none).valueWithGradient(labels, logits)
    #expect(isClose(value, [2.4429312, 2.4543595], relative: 1e-6))
    #expect(isClose(CTC(reduction: .sum)(labels, logits), [4.8972907], relative: 1e-6))
    #expect(isClose(CTC()(labels, logits), [2.4486454], relative: 1e-6))
    // PyTorch in float64; where a label is 0 its gradient is no derivative, and neither is TensorFlow's.
    let expected = [
      0.1879662431261876, -0.5246384089575017, 0.3366721658313141, 0.18796624253712593,
      0.047815967161401636, -0.2357822096985276, 0.1879662432414321, 0.04781596725196046,
      -0.23578221049339254, 0.1879662433011133, -0.5246384097553477, 0.33667216645423437,
    ]
    let wide = try CTC(reduction: .none).valueWithGradient(
      labels, Tensor<Double>(converting: logits)
    ).gradient
    for (index, one) in expected.enumerated() {
      #expect(isClose(Double(gradient.scalars[index]), one, relative: 1e-7))
      #expect(isClose(wide.scalars[index], one, relative: 1e-13))
    }
    try expectCentralDifferences(
      CTC(reduction: .none), labels, Tensor<Double>(converting: logits))
  }

  /// Σ over all paths that spell the labels, one by one.
  @Test func allPaths() throws {
    var generator = SeededGenerator(seed: 61)
    let (steps, classes) = (5, 3)
    for sequence in [[], [1], [1, 2], [1, 1], [2, 2, 2], [1, 2, 1, 2], [2, 1, 1]] as [[Int]] {
      let x = randomTensor([1, steps, classes], -3...3, &generator)
      var total = 0.0
      for number in 0..<243 {
        let path = (0..<steps).map { number / Int(pow(3, Double($0))) % 3 }
        guard spelled(path) == sequence else { continue }
        total += path.enumerated().reduce(1) { $0 * probability(x, step: $1.offset, $1.element) }
      }
      let padded = sequence + [Int](repeating: 0, count: 4 - sequence.count)
      let value = CTC()(Tensor(shape: [1, 4], scalars: padded), x)
      #expect(isClose(value, [-log(total)], relative: 1e-14), "\(sequence)")
    }
  }

  private func spelled(_ path: [Int]) -> [Int] {
    path.enumerated().filter { $0.offset == 0 || path[$0.offset - 1] != $0.element }
      .map(\.element).filter { $0 != 0 }
  }

  private func probability(_ x: Tensor<Double>, step: Int, _ c: Int) -> Double {
    let row = (0..<x.shape[2]).map { exp(x[0, step, $0]) }
    return row[c] / row.reduce(0, +)
  }

  /// Sums over paths in logarithms and Double, for samples too long for a number's range: losses to thousands.
  @Test(arguments: [(50, 20, 1.0), (400, 7, 5), (1000, 30, 60), (300, 200, 3)])
  func longSequences(_ steps: Int, _ classes: Int, _ spread: Double) throws {
    var generator = SeededGenerator(seed: UInt64(steps))
    let x = randomTensor([1, steps, classes], -spread...spread, &generator)
    let sequence = (0..<steps / 3).map { _ in Int.random(in: 1..<classes, using: &generator) }
    let expected = logarithmicLoss(x, sequence)
    let y = Tensor(shape: [1, sequence.count], scalars: sequence)
    let value = CTC()(y, x).item
    let narrow = CTC()(y, Tensor<Float>(converting: x)).item
    print(
      "CTC, \(steps) steps: \(value), error \((value / expected - 1).magnitude), Float \((Double(narrow) / expected - 1).magnitude)"
    )
    #expect(isClose(value, expected, relative: 1e-12))
    #expect(isClose(Double(narrow), expected, relative: 2e-6))
    // Every step's derivatives sum to 0: probabilities less probabilities.
    let gradient = try CTC().valueWithGradient(y, x).gradient
    for step in 0..<steps {
      let row = gradient.scalars[step * classes..<(step + 1) * classes]
      #expect(row.reduce(0, +).magnitude <= 1e-11)
    }
  }

  private func logarithmicLoss(_ x: Tensor<Double>, _ sequence: [Int]) -> Double {
    let (steps, classes) = (x.shape[1], x.shape[2])
    let states = [0] + sequence.flatMap { [$0, 0] }
    func sum(_ terms: [Double]) -> Double {
      let peak = terms.max()!
      return peak == -.infinity ? peak : peak + log(terms.reduce(0) { $0 + exp($1 - peak) })
    }
    var alpha = [Double](repeating: -.infinity, count: states.count)
    for step in 0..<steps {
      let row = (0..<classes).map { x.scalars[step * classes + $0] }
      let total = sum(row)
      alpha = states.indices.map { s in
        if step == 0 { return s < 2 ? row[states[s]] - total : -.infinity }
        var terms = [alpha[s]]
        if s > 0 { terms.append(alpha[s - 1]) }
        if s > 1, states[s] != 0, states[s] != states[s - 2] { terms.append(alpha[s - 2]) }
        return sum(terms) + row[states[s]] - total
      }
    }
    return -sum(Array(alpha.suffix(2)))
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 62)
    let y: Tensor<Int64> = [[1, 1, 2], [3, 0, 0], [0, 0, 0], [2, 3, 1]]
    for reduction in Reduction.allCases {
      try expectCentralDifferences(
        CTC(reduction: reduction), y, randomTensor([4, 6, 4], -2...2, &generator),
        sampleWeight: [1, 2, 0.5, 3], mask: [true, true, true, false])
    }
  }

  /// Logits so far apart that probabilities have no double: 2 · 200 and what the other paths leave.
  @Test func farApart() throws {
    var x = [Double](repeating: 0, count: 12)
    for step in 0..<4 { x[step * 3] = 1000 }
    let (value, gradient) = try CTC().valueWithGradient(
      [[1, 2]] as Tensor<Int>, Tensor(shape: [1, 4, 3], scalars: x))
    // Six ways for two labels to take a step each among four.
    #expect(isClose(value, [2000 - log(6)], relative: 1e-15))
    #expect(isClose(gradient.scalars[1], -0.5, relative: 1e-14))
    x = x.map { $0 * 1e15 }
    let far = CTC()([[1, 2]] as Tensor<Int>, Tensor(shape: [1, 4, 3], scalars: x))
    #expect(far.item == .infinity)
  }

  @Test func certainPaths() throws {
    var x = [Double](repeating: 0, count: 12)
    for (step, c) in [1, 0, 2, 0].enumerated() { x[step * 3 + c] = 30 }
    let (value, gradient) = try CTC().valueWithGradient(
      [[1, 2]] as Tensor<Int>, Tensor(shape: [1, 4, 3], scalars: x))
    // Other classes and longer labels, each e^−30 as probable: 8 less those that spell the same.
    #expect(value.item > 0 && value.item < 1e-12)
    #expect(gradient.scalars.allSatisfy { $0.magnitude < 1e-12 })
  }

  @Test func limits() throws {
    let loss = CTC(reduction: .none)
    let y: Tensor<Int> = [[1], [1], [1], [1], [0]]
    let inf = Float.infinity
    let x = Tensor<Float>([
      [[0, -inf, 0], [0, -inf, 1]], [[0, .nan, 0], [0, 0, 0]], [[0, inf, 0], [0, 0, 0]],
      [[-inf, -inf, -inf], [0, 0, 0]], [[0, -inf, -inf], [0, -inf, -inf]],
    ])
    let (value, gradient) = try loss.valueWithGradient(y, x)
    #expect(value.scalars[0] == .infinity && gradient.scalars[..<6].allSatisfy { $0 == 0 })
    for sample in 1...3 {
      #expect(value.scalars[sample].bitPattern == Float.nan.bitPattern)
      #expect(
        gradient.scalars[sample * 6..<sample * 6 + 6].allSatisfy {
          $0.bitPattern == Float.nan.bitPattern
        })
    }
    #expect(value.scalars[4] == 0 && gradient.scalars[24...].allSatisfy { $0 == 0 })
    let masked = try loss.valueWithGradient(
      Tensor<Int>([[9], [9], [1], [1], [0]]), x, mask: [false, false, false, false, true])
    #expect(masked.value == [0, 0, 0, 0, 0] && masked.gradient.scalars.allSatisfy { $0 == 0 })
  }

  @Test func emptyOnes() throws {
    #expect(
      CTC()(Tensor<Int>(shape: [0, 3], scalars: []), Tensor<Float>(shape: [0, 4, 2], scalars: []))
        == 0)
    #expect(
      CTC()(
        Tensor<Int>(shape: [2, 0], scalars: []), Tensor<Float>(shape: [2, 1, 1], scalars: [1, 2]))
        == 0)
    #expect(CTC()([[0]] as Tensor<Int>, Tensor<Float>(shape: [1, 0, 3], scalars: [])) == 0)
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func float16RoundsOnce() throws {
      let half = Tensor<Float16>(converting: logits)
      let wide = try CTC(reduction: .none).valueWithGradient(
        labels, Tensor<Double>(converting: half))
      let narrow = try CTC(reduction: .none).valueWithGradient(labels, half)
      #expect(narrow.value == Tensor<Float16>(converting: wide.value))
      #expect(narrow.gradient == Tensor<Float16>(converting: wide.gradient))
    }
  #endif

  @Test func errors() {
    func text(_ y: Tensor<Float>, _ p: Tensor<Float>) -> String? {
      errorText { _ = try CTC().evaluate(y, p) }
    }
    let two = Tensor<Float>(shape: [2, 3, 4], scalars: [Float](repeating: 0, count: 24))
    #expect(
      text([1, 2], two)
        == "yTrue: must have the shape [batch, length]; got yTrue [2] and yPred [2, 3, 4].")
    #expect(
      text([[1, 2]], [[1, 2]])
        == "yPred: must have the shape [batch, steps, classes]; got yTrue [1, 2] and yPred [1, 2].")
    #expect(
      text([[1, 2]], two)
        == "yTrue: must have as many rows as yPred has samples; got yTrue [1, 2] and yPred [2, 3, 4]."
    )
    #expect(
      text([[1, 2], [3, 4]], two)
        == "yTrue: class ids must be integers in 0..<4; got 4.0 for sample 1 of yTrue [2, 2] and yPred "
        + "[2, 3, 4].")
    #expect(
      text([[1, 2, 0], [3, 3, 1]], two)
        == "yTrue: 3 labels, 1 of which repeat the one before, need 4 steps; there are 3 for sample 1 "
        + "of yTrue [2, 3] and yPred [2, 3, 4].")
  }
}
