import Foundation
import KerasLosses
import TestSupport
import Testing

// Circle: Keras's numbers, its denominators, its kinks, masks, and its gradient.

@Suite struct CircleTests {
  private let labels: Tensor<Int32> = [1, 1, 2, 2, 3]
  private let embeddings: Tensor<Float> = [
    [0.70014004, -0.42008403, 0.14002801, 0.56011203],
    [0.17609018, 0.70436073, -0.52827054, 0.44022545],
    [-0.34050261, 0.25537696, -0.68100522, 0.59587957],
    [0.32163376, -0.75047877, 0.53605627, -0.21442251],
    [0.51261459, -0.34174306, 0.17087153, 0.76892189],
  ]

  @Test func numbersOfKeras() {
    let none = Circle(reduction: .none)(labels, embeddings)
    #expect(isClose(none, [127.67896, 98.444496, 275.91916, 251.51067, 0], relative: 2e-6))
    #expect(isClose(Circle(reduction: .sum)(labels, embeddings), [753.55328], relative: 2e-6))
    // Divided by 4, the number of positive losses.
    #expect(isClose(Circle()(labels, embeddings), [188.38831], relative: 2e-6))
    #expect(
      isClose(
        Circle(reduction: .meanWithSampleWeight)(labels, embeddings), [188.38832], relative: 2e-6))
    #expect(
      isClose(Circle(gamma: 256, margin: 0.25)(labels, embeddings), [652.7617], relative: 2e-6))
    let weights: Tensor<Float> = [2, 2, 1, 1, 0.5]
    #expect(
      isClose(Circle()(labels, embeddings, sampleWeight: weights), [244.91918], relative: 2e-6))
  }

  /// Keras in float64, values and gradients of the sum.
  @Test func doublesOfKeras() throws {
    let rows: Tensor<Double> = [
      [0.21424427007839494, 0.5093606231982167, 0.20485384406841473, -0.8078898754434873],
      [0.7059025442445032, 0.3480365654178443, -0.4186604062930267, 0.45309558744689377],
      [0.5059944730164971, 0.4082300777546465, 0.0394475752058696, 0.7587896188691368],
      [-0.6837922163529254, -0.15126069142699625, -0.447644244471747, 0.5560243146441529],
      [0.04542599917335035, -0.33445204622426017, -0.8941865227331616, -0.29412373236086403],
    ]
    let (value, gradient) = try Circle(reduction: .none).valueWithGradient(labels, rows)
    #expect(
      isClose(
        value,
        [88.14708604963295, 129.999827589775, 109.61544546467962, 67.76107188028097, 0],
        relative: 1e-13))
    #expect(
      isClose(
        gradient,
        [
          -2.5379216435524691e+02, -1.2514487258138971e+02, 1.5048668352066215e+02,
          -1.6294401147766592e+02, 5.6822064410535930e+01, -7.5118007381227841e+01,
          -6.3202418224982104e+01, 4.9109883537774334e+02, 4.0626601537740748e+02,
          1.4057635306574105e+02, 3.2992606367245827e+01, -5.8627490086876413e+01,
          -1.6248357906421452e+02, -1.3109775181402779e+02, -1.2686684677309604e+01,
          -2.4366825951983293e+02, -1.4822700511920956e-02, -3.3321923468720505e-03,
          -9.7111246806869094e-03, 1.2126139545781699e-02,
        ], relative: 1e-12, scale: 1))
    let mean = Circle()(labels, rows)
    #expect(isClose(mean, [98.88085774609213], relative: 1e-14))
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 51)
    for removesDiagonal in [true, false] {
      for reduction in Reduction.allCases {
        let loss = Circle(
          gamma: 4, margin: 0.3, removeDiagonal: removesDiagonal, reduction: reduction)
        // Rows short enough for all distances to lie away from 0 and 1 + m.
        try expectCentralDifferences(
          loss, [3, -1, 3, -1, 3, 8] as Tensor<Int64>,
          randomTensor([6, 3], -0.4...0.4, &generator),
          sampleWeight: randomTensor([6], 0.5...2, &generator),
          mask: [true, true, true, true, false, true])
      }
    }
  }

  /// Rows on each other: the distance is cut off at 0, and there the gradient is 0.
  @Test func kinkAtDistanceZero() throws {
    let loss = Circle(gamma: 2, margin: 0.25, reduction: .sum)
    let (value, gradient) = try loss.valueWithGradient(
      [1, 1, 2] as Tensor<Int>, [[1, 0], [1, 0], [0, 1]] as Tensor<Double>)
    // v = −2·0.25² within, 2·(0.75 − 1)·(1.25 − 1) from one to the other; the third has no pair.
    let expected = 2 * log1p(exp(-0.125 - 0.125))
    #expect(isClose(value, [expected], relative: 1e-15))
    // Between labels dv/dD = 2·γ·(D − 1) = 0 at D = 1; within them the distance is cut off.
    #expect(gradient.scalars.allSatisfy { $0 == 0 })
    let apart = try loss.valueWithGradient(
      [1, 1, 2] as Tensor<Int>, Tensor<Double>([[1, 0], [1 - 1e-6, 0], [0, 1]]))
    #expect(apart.gradient.scalars[0] < 0)
  }

  /// A distance of more than 1 + m between labels: the weight is 0, and so is the gradient through it.
  @Test func kinkWhereAWeightEnds() throws {
    let loss = Circle(gamma: 2, margin: 0.25, reduction: .sum)
    let (value, gradient) = try loss.valueWithGradient(
      [1, 1, 2] as Tensor<Int>, [[1, 0], [1, 0], [-0.25, 0]] as Tensor<Double>)
    #expect(isClose(value, [2 * log1p(exp(-0.125))], relative: 1e-15))
    #expect(gradient.scalars.allSatisfy { $0 == 0 })
  }

  /// Without a row of the same label, or without one of another, the loss is 0 and in no denominator.
  @Test func rowsWithoutPairs() throws {
    let one = try Circle().valueWithGradient(
      [1, 1] as Tensor<Int>, [[1, 0], [0, 1]] as Tensor<Float>)
    #expect(one.value == 0 && one.gradient == [[0, 0], [0, 0]])
    let other = try Circle().valueWithGradient(
      [1, 2] as Tensor<Int>, [[1, 0], [0, 1]] as Tensor<Float>)
    #expect(other.value == 0 && other.gradient == [[0, 0], [0, 0]])
    #expect(
      try Circle().evaluate(
        Tensor<Int>(shape: [0], scalars: []), Tensor<Float>(shape: [0, 3], scalars: [])) == 0)
  }

  /// The definition in plain loops: losses, and the derivative of their sum.
  private func plain(
    _ loss: Circle, _ labels: [Int], _ rows: [[Double]]
  ) -> (losses: [Double], gradient: [[Double]]) {
    var losses: [Double] = []
    var gradient = rows.map { $0.map { _ in 0.0 } }
    for (i, row) in rows.enumerated() {
      let products = rows.map { zip(row, $0).reduce(0) { $0 + $1.0 * $1.1 } }
      var values: [(v: Double, slope: Double)] = []
      for (j, product) in products.enumerated() {
        let distance = max(1 - product, 0)
        let isSame = labels[i] == labels[j]
        let (a, b) =
          isSame
          ? (distance - loss.margin, distance + loss.margin)
          : (1 - loss.margin - distance, 1 + loss.margin - distance)
        let slope = isSame ? 2 * distance : -2 * (1 - distance)
        values.append((loss.gamma * a * max(b, 0), b > 0 && product < 1 ? loss.gamma * slope : 0))
      }
      func pairs(_ isSame: Bool) -> [Int] {
        rows.indices.filter {
          (labels[i] == labels[$0]) == isSame && !(isSame && loss.removeDiagonal && $0 == i)
        }
      }
      let kinds = [pairs(true), pairs(false)]
      guard kinds.allSatisfy({ !$0.isEmpty }) else {
        losses.append(0)
        continue
      }
      let peaks = kinds.map { kind in kind.map { values[$0].v }.max() ?? 0 }
      let sums = zip(kinds, peaks).map { kind, peak in
        kind.reduce(0) { $0 + exp(values[$1].v - peak) }
      }
      let x = zip(peaks, sums).reduce(0) { $0 + $1.0 + log($1.1) }
      losses.append(max(x, 0) + log1p(exp(-abs(x))))
      for (kind, (peak, sum)) in zip(kinds, zip(peaks, sums)) {
        for j in kind {
          let factor = -exp(values[j].v - peak) / sum * values[j].slope / (1 + exp(-x))
          for k in row.indices {
            gradient[i][k] += factor * rows[j][k]
            gradient[j][k] += factor * row[k]
          }
        }
      }
    }
    return (losses, gradient)
  }

  /// Rows of several squares of pairs, with exponents that need their peaks taken out and ones that do not.
  @Test(arguments: [80, 3000], [true, false])
  func manyRows(_ gamma: Double, _ removesDiagonal: Bool) throws {
    let loss = Circle(gamma: gamma, removeDiagonal: removesDiagonal, reduction: .none)
    var generator = SeededGenerator(seed: 52)
    let (count, width) = (150, 11)
    let labels = (0..<count).map { _ in Int.random(in: 0..<9, using: &generator) }
    let rows = (0..<count).map { _ in
      let numbers = (0..<width).map { _ in Double.random(in: -1...1, using: &generator) }
      let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return numbers.map { Double(Float($0 / length)) }
    }
    let (losses, gradient) = plain(loss, labels, rows)
    let flat = Tensor(shape: [count, width], scalars: rows.flatMap { $0 })
    let found = try loss.valueWithGradient(Tensor(labels), flat)
    #expect(isClose(found.value, losses, relative: 1e-15, scale: gamma))
    #expect(isClose(found.gradient, gradient.flatMap { $0 }, relative: 1e-12, scale: gamma))
    #expect(loss(Tensor(labels), flat) == found.value)
    // Floats: rounded once, from exponentials to 2^-32.
    let narrow = try loss.valueWithGradient(Tensor(labels), Tensor<Float>(converting: flat))
    #expect(isClose(narrow.value, losses, relative: 6.1e-8))
    #expect(
      isClose(narrow.gradient, gradient.flatMap { $0 }, relative: 6.1e-8, scale: 1e-3 * gamma))
  }

  /// More rows than those whose products are kept. Two of them have one label: they alone have losses.
  @Test func moreRowsThanAreKept() throws {
    let count = 4100
    let loss = Circle(reduction: .none)
    var generator = SeededGenerator(seed: 53)
    let angles = (0..<count).map { _ in Double.random(in: 0...(2 * .pi), using: &generator) }
    let (first, second) = (17, 4099)
    let labels = (0..<count).map { $0 == second ? first : $0 }
    let rows = Tensor(shape: [count, 2], scalars: angles.flatMap { [cos($0), sin($0)] })
    let (value, gradient) = try loss.valueWithGradient(Tensor(labels), rows)
    #expect(
      value.scalars.indices.allSatisfy { (value.scalars[$0] != 0) == ($0 == first || $0 == second) }
    )
    var expected = [Double](repeating: 0, count: 2 * count)
    for (anchor, partner) in [(first, second), (second, first)] {
      let distances = angles.map { 1 - cos($0 - angles[anchor]) }
      func other(_ row: Int) -> Double {
        80 * (0.6 - distances[row]) * max(1.4 - distances[row], 0)
      }
      let others = (0..<count).filter { $0 != first && $0 != second }
      let sum = others.reduce(0) { $0 + exp(other($1)) }
      let near = distances[partner]
      let x = 80 * (near - 0.4) * (near + 0.4) + log(sum)
      #expect(isClose(value.scalars[anchor], max(x, 0) + log1p(exp(-abs(x))), relative: 1e-13))
      let slope = 1 / (1 + exp(-x))
      var factors = others.map { row in
        (row, distances[row] < 1.4 ? exp(other(row)) / sum * slope * 160 * (1 - distances[row]) : 0)
      }
      factors.append((partner, -160 * near * slope))
      for (row, factor) in factors {
        for k in 0..<2 {
          expected[2 * anchor + k] += factor * rows.scalars[2 * row + k]
          expected[2 * row + k] += factor * rows.scalars[2 * anchor + k]
        }
      }
    }
    #expect(isClose(gradient, expected, relative: 1e-10, scale: 1))
  }

  /// A masked row is not in the batch: everything is as if it had been sliced out.
  @Test func maskIsSlice() throws {
    var rows = embeddings.scalars
    rows.replaceSubrange(4..<8, with: repeatElement(.nan, count: 4))
    let keep = [true, false, true, true, true]
    let weights: Tensor<Float> = [1, 5, 2, 3, 4]
    let kept = [0, 2, 3, 4]
    for reduction in Reduction.allCases {
      let loss = Circle(removeDiagonal: false, reduction: reduction)
      let masked = try loss.valueWithGradient(
        labels, Tensor(shape: [5, 4], scalars: rows), sampleWeight: weights, mask: Tensor(keep))
      let sliced = try loss.valueWithGradient(
        Tensor(kept.map { labels.scalars[$0] }),
        Tensor(shape: [4, 4], scalars: kept.flatMap { rows[$0 * 4..<$0 * 4 + 4] }),
        sampleWeight: Tensor(kept.map { weights.scalars[$0] }))
      if reduction != .none { #expect(masked.value == sliced.value) }
      #expect(
        kept.flatMap { masked.gradient.scalars[$0 * 4..<$0 * 4 + 4] } == sliced.gradient.scalars)
      #expect(masked.gradient.scalars[4..<8].allSatisfy { $0 == 0 })
    }
  }

  /// A weight of 0 takes a loss out of the sum, not its row out of the batch.
  @Test func zeroWeights() throws {
    let loss = Circle(reduction: .sum)
    let each = Circle(reduction: .none)(labels, embeddings)
    let value = loss(labels, embeddings, sampleWeight: [0, 1, 1, 1, 1])
    #expect(isClose(value, [each.scalars[1...].map { Double($0) }.reduce(0, +)], relative: 1e-7))
  }

  @Test func notANumber() throws {
    var rows = embeddings.scalars
    rows[0] = .nan
    let (value, gradient) = try Circle(reduction: .none).valueWithGradient(
      labels, Tensor(shape: [5, 4], scalars: rows))
    #expect(value.scalars[..<4].allSatisfy { $0.bitPattern == Float.nan.bitPattern })
    #expect(gradient.scalars[0].isNaN)
  }

  @Test func labelsOfAnyType() {
    let value = Circle()(labels, embeddings)
    #expect(Circle()([[1], [1], [2], [2], [3]] as Tensor<Int>, embeddings) == value)
    #expect(Circle()([-1, -1, 5, 5, 0] as Tensor<Float>, embeddings) == value)
    #expect(Circle()(Tensor<UInt64>([1 << 62, 1 << 62, 0, 0, 7]), embeddings) == value)
  }

  @Test func errors() {
    let two: Tensor<Float> = [[1, 0], [0, 1]]
    func text(_ y: Tensor<Float>, _ p: Tensor<Float>) -> String? {
      errorText { _ = try Circle().evaluate(y, p) }
    }
    #expect(
      text([1, 0.5], two)
        == "yTrue: must be integers of at most 64 bits; got 0.5 for sample 1 of yTrue [2] and yPred "
        + "[2, 2].")
    #expect(
      text([1, 2], [1, 2])
        == "yPred: must have the shape [batch, dimensions], of at least one dimension; got yTrue [2] and "
        + "yPred [2].")
    #expect(
      text([1, 2], Tensor(shape: [2, 0], scalars: []))?.contains("at least one dimension") == true)
    #expect(text([1, 2, 3], two)?.hasPrefix("yTrue: must have the shape of yPred without") == true)
    func decoded(_ json: String) -> String? {
      errorText { _ = try JSONDecoder().decode(Circle.self, from: Data(json.utf8)) }
    }
    #expect(decoded(#"{"gamma": -1}"#) == "gamma: must be finite and not negative; got -1.0.")
    #expect(decoded(#"{"margin": -1}"#) == "margin: must be finite and not negative; got -1.0.")
  }

  @Test func configuration() throws {
    let loss = Circle(gamma: 16, margin: 0.1, removeDiagonal: false, reduction: .sum, name: "c")
    let data = try JSONEncoder().encode(loss)
    #expect(try JSONDecoder().decode(Circle.self, from: data) == loss)
    #expect(try JSONDecoder().decode(Circle.self, from: Data("{}".utf8)) == Circle())
  }
}
