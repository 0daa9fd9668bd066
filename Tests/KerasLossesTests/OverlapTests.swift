import Foundation
import KerasLosses
import TestSupport
import Testing

// Dice and Tversky: Keras's numbers, axes, the whole batch, accuracy and gradients.

/// The sums of Tversky's formula, in Double.
private struct Parts {
  let common: Double
  let missed: Double
  var all: Double { common + missed }
  var loss: Double { missed / all }

  init(_ y: [Float], _ p: [Float], alpha: Double, beta: Double) {
    var (a, b, c) = (CompensatedSum(), CompensatedSum(), CompensatedSum())
    for (y, p) in zip(y, p) {
      a.add(Double(p), times: 1 - Double(y))
      b.add(Double(y), times: 1 - Double(p))
      c.add(Double(y), times: Double(p))
    }
    common = c.value
    missed = alpha * a.value + beta * b.value + 1e-7
  }
}

@Suite struct OverlapTests {
  private let y: Tensor<Double> = [[1, 0, 2], [0, 1, 1]]
  private let p: Tensor<Double> = [[0.2, 0.7, 0.4], [0.1, 0.6, -0.3]]

  @Test func numbersOfKeras() throws {
    let labels: Tensor<Int> = [[1, 2], [1, 2]]
    let predictions: Tensor<Float> = [[4, 1], [6, 1]]
    #expect(isClose(Dice()(labels, predictions), [-0.55555558], relative: 1e-6))
    #expect(isClose(Tversky()(labels, predictions), [-0.55555558], relative: 1e-6))
    // Keras 3.16, which applies α to false positives as documented; 3.15.1 has −0.29629636.
    #expect(
      isClose(Tversky(alpha: 0.2, beta: 0.8)(labels, predictions), [-0.94444442], relative: 1e-6))
    #expect(
      isClose(Tversky(alpha: 0.8, beta: 0.2)(labels, predictions), [-0.29629636], relative: 1e-6))
    let images: Tensor<Float> = [
      [[[1], [1]], [[0], [0]]], [[[1], [1]], [[0], [0]]],
    ]
    let masks: Tensor<Float> = [
      [[[0], [1]], [[0], [1]]], [[[0.4], [0]], [[0], [0.9]]],
    ]
    let each = Dice(reduction: .none, axis: [1, 2, 3])(images, masks)
    #expect(isClose(each, [0.5, 0.75757575], relative: 1e-7))
    #expect(isClose(Dice()(images, masks), [0.6164384], relative: 2e-7))
  }

  @Test func doublesOfKeras() throws {
    func check(
      _ found: (value: Tensor<Double>, gradient: Tensor<Double>), _ value: [Double],
      _ gradient: [Double], line: Int = #line
    ) {
      #expect(isClose(found.value, value, relative: 1e-15), "line \(line)")
      #expect(isClose(found.gradient, gradient, relative: 1e-13), "line \(line)")
    }
    check(
      try Dice().valueWithGradient(y, p), [0.6119403042993985],
      [
        -0.24058810152844598, 0.05791935670278595, -0.5390955597596779, 0.05791935670278595,
        -0.24058810152844598, -0.24058810152844598,
      ])
    check(
      try Dice(reduction: .none, axis: [1]).valueWithGradient(y, p),
      [0.53488373174689, 0.7500000104166662],
      [
        -0.35694969675626054, 0.10816657149684951, -0.8220659650093706, 0.10416665798611167,
        -0.7291666406250009, -0.7291666406250009,
      ])
    // Keras 3.15.1's alpha is beta here.
    check(
      try Tversky(alpha: 0.2, beta: 0.8).valueWithGradient(y, p), [0.7004608363949116],
      [
        -0.21661109346033935, 0.01380364777434398, -0.44702583469502266, 0.01380364777434398,
        -0.21661109346033935, -0.21661109346033935,
      ])
  }

  /// Where nothing is there and nothing predicted, ε / ε.
  @Test func nothing() throws {
    let (value, gradient) = try Dice().valueWithGradient([[0, 0]], [[0, 0]] as Tensor<Double>)
    #expect(value == 1 && gradient == [[0, 0]])
    #expect(try Dice().evaluate([[]] as Tensor<Float>, [[]]) == 0)
    #expect(Tversky()([0, 0], [0, 0] as Tensor<Float>) == 1)
  }

  /// Any axes are those of the transposed tensor, to the bit; no axes make every element a sample.
  @Test func anyAxes() throws {
    var generator = SeededGenerator(seed: 31)
    let shape = [3, 4, 5, 2]
    func floats() -> Tensor<Double> {
      Tensor(converting: Tensor<Float>(converting: randomTensor(shape, 0...1, &generator)))
    }
    let y = floats()
    let p = floats()
    for axes in [
      [0], [1], [3], [0, 1], [1, 3], [0, 2], [0, 2, 3], [0, 1, 2], [-1, 1], [2, 0], [],
    ] {
      let inside = axes.map { $0 < 0 ? $0 + 4 : $0 }.sorted()
      let outside = (0..<4).filter { !inside.contains($0) }
      func turned(_ tensor: Tensor<Double>) -> Tensor<Double> {
        transposed(tensor, outside + inside)
          .reshaped(to: [
            outside.map { shape[$0] }.reduce(1, *), inside.map { shape[$0] }.reduce(1, *),
          ])
      }
      let found = try Dice(reduction: .none, axis: axes).valueWithGradient(y, p)
      let rows = try Dice(reduction: .none, axis: [1]).valueWithGradient(turned(y), turned(p))
      #expect(found.value.shape == outside.map { shape[$0] })
      #expect(found.value.scalars == rows.value.scalars, "\(axes)")
      #expect(turned(found.gradient) == rows.gradient, "\(axes)")
      let narrow = try Dice(reduction: .none, axis: axes).valueWithGradient(
        Tensor<Float>(converting: y), Tensor<Float>(converting: p))
      #expect(isClose(narrow.value, found.value.scalars, relative: 1.8e-7))
      // Each is a sum of two terms of opposite signs, as large as the largest one.
      let largest = found.gradient.scalars.lazy.map(\.magnitude).max() ?? 0
      #expect(
        isClose(narrow.gradient, found.gradient.scalars, relative: 1.8e-7, scale: largest))
    }
  }

  private func transposed(_ tensor: Tensor<Double>, _ order: [Int]) -> Tensor<Double> {
    let strides = tensor.shape.indices.map { tensor.shape[($0 + 1)...].reduce(1, *) }
    let shape = order.map { tensor.shape[$0] }
    let scalars = tensor.scalars.indices.map { number in
      var rest = number
      var offset = 0
      for (axis, size) in zip(order, shape).reversed() {
        offset += rest % size * strides[axis]
        rest /= size
      }
      return tensor.scalars[offset]
    }
    return Tensor(shape: shape, scalars: scalars)
  }

  /// Nearly everything right: FN + FP over the sum, in which 1 − coefficient would have no digit left.
  @Test func nearlyRight() throws {
    let labels = (0..<1000).map { Float($0 % 2) }
    let predictions = labels.map { $0 == 1 ? 1 - 0x1p-24 : 0x1p-24 }
    let missed = 1000 * 0x1p-24
    let all = 500.0 * (1 - 0x1p-24) * 2 + missed
    let value = Dice()(Tensor(labels), Tensor(predictions))
    #expect(isClose(value, [(missed + 1e-7) / (all + 1e-7)], relative: 6e-8))
  }

  /// Floats against the same numbers as Doubles, few and many of them, labels that are 0 or 1 and others.
  @Test func accuracyOfFloats() throws {
    var generator = SeededGenerator(seed: 34)
    var worst: [Int: Double] = [:]
    for count in [1, 2, 3, 5, 31, 32, 33, 1000] {
      for turn in 0..<4000 / (count + 1) + 50 {
        let p = (0..<count).map { _ in Float.random(in: 0...1, using: &generator) }
        let y = (0..<count).map { _ in
          turn % 2 == 0
            ? Float.random(in: 0...1, using: &generator)
            : Float(Int.random(in: 0...1, using: &generator))
        }
        for (alpha, beta) in [(0.5, 0.5), (0.3, 0.7)] {
          let found = try Tversky(alpha: alpha, beta: beta).evaluate(Tensor(y), Tensor(p)).item
          let exact = Parts(y, p, alpha: alpha, beta: beta).loss
          let error = (Double(found) - exact).magnitude / Double(Float(exact).ulp)
          worst[count] = max(worst[count] ?? 0, error)
        }
      }
    }
    print("Tversky, ulps by number of elements: \(worst.sorted { $0.key < $1.key })")
    #expect(worst.values.allSatisfy { $0 <= 1.5 } && worst[1000]! <= 0.6)
  }

  /// Products and sums that are no Floats, though the loss is one: alone and as columns.
  @Test func beyondFloats() throws {
    let y: Tensor<Float> = [[1e30, 2, 3e38, 1], [1e20, 0, 3e38, .infinity]]
    let p: Tensor<Float> = [[1e30, 1, 3e38, 1], [1e25, 1, 1, 1]]
    for (alpha, beta) in [(0.5, 0.5), (0.3, 0.7)] {
      let loss = Tversky(alpha: alpha, beta: beta, reduction: .none, axis: [0])
      let found = try loss.evaluate(y, p).scalars
      for column in 0..<4 {
        let own = [y, p].map { [$0.scalars[column], $0.scalars[column + 4]] }
        let exact = Parts(own[0], own[1], alpha: alpha, beta: beta).loss
        #expect(isClose(Double(found[column]), exact, relative: 2e-7))
        let alone = try loss.evaluate(
          Tensor(shape: [2, 1], scalars: own[0]), Tensor(shape: [2, 1], scalars: own[1]))
        #expect(alone.scalars[0].bitPattern == found[column].bitPattern)
      }
    }
  }

  /// Many elements, more than one segment: the sums in longer arithmetic, with any number of threads.
  @Test func manyElements() throws {
    let count = 200_003
    var generator = SeededGenerator(seed: 32)
    let p = (0..<count).map { _ in Float.random(in: 0...1, using: &generator) }
    let y = (0..<count).map { _ in Float(Int.random(in: 0...1, using: &generator)) }
    let parts = Parts(y, p, alpha: 0.3, beta: 0.7)
    let (value, gradient) = try Tversky(alpha: 0.3, beta: 0.7).valueWithGradient(
      Tensor(y), Tensor(p))
    let (common, missed, all) = (parts.common, parts.missed, parts.all)
    #expect(value.item == Float(missed / all))
    let slopes = (0.3 * common / (all * all), -(0.7 * common + missed) / (all * all))
    #expect(
      isClose(gradient, y.map { $0 == 0 ? slopes.0 : slopes.1 }, relative: 1e-7))
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 33)
    let shape = [2, 3, 4]
    for axes in [nil, [0], [1, 2], [0, 2]] as [[Int]?] {
      let labels = randomTensor(shape, 0...1, &generator)
      let predictions = randomTensor(shape, 0...1, &generator)
      let losses = try Dice(axis: axes).losses(labels, predictions).shape
      for reduction in Reduction.allCases {
        let weights = randomTensor(losses, 0.5...2, &generator)
        let mask = Tensor(
          shape: losses, scalars: (0..<losses.reduce(1, *)).map { $0 == 0 || $0 % 2 == 1 })
        try expectCentralDifferences(
          Dice(reduction: reduction, axis: axes), labels, predictions, sampleWeight: weights,
          mask: mask)
        try expectCentralDifferences(
          Tversky(alpha: 0.3, beta: 0.8, reduction: reduction, axis: axes), labels, predictions,
          sampleWeight: weights, mask: mask)
      }
    }
  }

  @Test func masksAndNotANumber() throws {
    let yTrue: Tensor<Float> = [[1, 0], [1, 0]]
    let yPred: Tensor<Float> = [[.nan, 0.5], [0.5, 0.5]]
    let loss = Dice(reduction: .none, axis: [1])
    let (value, gradient) = try loss.valueWithGradient(yTrue, yPred, mask: [false, true])
    #expect(value.scalars[0] == 0 && isClose(Double(value.scalars[1]), 0.5, relative: 1e-6))
    #expect(gradient.scalars[..<2] == [0, 0] && gradient.scalars[2...].allSatisfy { $0 != 0 })
    let whole = try Dice().valueWithGradient(yTrue, yPred)
    #expect(whole.value.item.bitPattern == Float.nan.bitPattern)
    #expect(whole.gradient.scalars.allSatisfy { $0.isNaN })
    let none = try Dice().valueWithGradient(yTrue, yPred, mask: Tensor(false))
    #expect(none.value == 0 && none.gradient.scalars.allSatisfy { $0 == 0 })
  }

  @Test func errors() {
    let four: Tensor<Float> = [[1, 0], [0, 1]]
    #expect(
      errorText { _ = try Dice(axis: [2]).evaluate(four, four) }
        == "axis: must lie in -2..<2 for yPred of rank 2; got 2.")
    #expect(
      errorText { _ = try Dice(axis: [0, -2]).evaluate(four, four) }
        == "axis: must not name axis 0 twice; got [0, -2] for yPred [2, 2].")
    #expect(
      errorText { _ = try Dice().evaluate(four, four, sampleWeight: [1, 2]) }
        == "sampleWeight: must align with the leading axes of the losses, each size 1 or equal; got "
        + "sampleWeight [2] for losses []. The whole batch is one sample, and its weight a scalar.")
    #expect(
      errorText { _ = try Tversky().evaluate(four, [1, 2, 3]) }?.hasPrefix("yTrue: must have")
        == true)
    func text(_ json: String) -> String? {
      errorText { _ = try JSONDecoder().decode(Tversky.self, from: Data(json.utf8)) }
    }
    #expect(text(#"{"alpha": -0.5}"#) == "alpha: must be finite and not negative; got -0.5.")
    #expect(text(#"{"axis": 0.5}"#) == "axis: must be of type Int or a list of such.")
  }

  @Test func configuration() throws {
    let decoder = JSONDecoder()
    let encoder = JSONEncoder()
    for axis in [nil, [], [1], [0, -1]] as [[Int]?] {
      let tversky = Tversky(alpha: 0.3, beta: 0.6, reduction: .none, name: "t", axis: axis)
      #expect(try decoder.decode(Tversky.self, from: encoder.encode(tversky)) == tversky)
      let dice = Dice(reduction: .sum, name: "d", axis: axis)
      #expect(try decoder.decode(Dice.self, from: encoder.encode(dice)) == dice)
    }
    #expect(try decoder.decode(Dice.self, from: Data(#"{"axis": 2}"#.utf8)) == Dice(axis: [2]))
    #expect(try decoder.decode(Dice.self, from: Data(#"{"axis": null}"#.utf8)) == Dice())
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(Dice()), as: UTF8.self)
        == #"{"axis":null,"name":"dice","reduction":"sum_over_batch_size"}"#)
  }
}
