import Foundation
import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for CategoricalFocalCrossentropy, its clipping, its accuracy and its gradient.

@Suite struct CategoricalFocalCrossentropyTests {
  private let labels: Tensor<Int32> = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
  private let probabilities: Tensor<Double> = [
    [0.9, 0.05, 0.05], [0.5, 0.89, 0.6], [0.05, 0.01, 0.94],
  ]
  private let logits: Tensor<Double> = [[8, 1, 1], [0, 9, 1], [2, 3, 5]]

  @Test func numbersOfKeras() throws {
    let none = CategoricalFocalCrossentropy(reduction: .none)
    let value = none(labels, Tensor<Float>(converting: probabilities))
    #expect(isClose(value, [0.00026340145, 0.061466172, 5.5687869e-05], relative: 1e-6))
    let mean = CategoricalFocalCrossentropy()(labels, Tensor<Float>(converting: probabilities))
    #expect(isClose(mean, [0.020595087], relative: 1e-6))
    let smoothed = CategoricalFocalCrossentropy(fromLogits: true, labelSmoothing: 0.1)
    #expect(isClose(smoothed([[1, 0, 0]], [[4.9, -0.5, 2.05]]), [0.066851459], relative: 1e-6))
    // The logits' own numbers are Keras's in float64: in float32 it loses 1 − q.
    let fromLogits = CategoricalFocalCrossentropy(fromLogits: true, reduction: .none)
    #expect(
      isClose(
        fromLogits(labels, Tensor<Float>(converting: logits)),
        [1.5096194843309402e-09, 2.41278045353e-11, 1.0360643274917891e-03], relative: 2e-7))
  }

  @Test func doublesOfKeras() throws {
    let loss = CategoricalFocalCrossentropy(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(labels, probabilities)
    #expect(
      isClose(
        value, [2.6340128914456557e-04, 6.1466177024617243e-02, 5.5687863346278878e-05],
        relative: 1e-13))
    #expect(
      isClose(
        gradient,
        [
          -0.00080458035606691, 0.00724122320460218, 0.00724122320460218, 0.08836704021087186,
          -0.10921769014826863, 0.08836704021087186, 0.00264488638485007, 0.00264488638485007,
          -0.0001688225352032,
        ], relative: 1e-12))
    // In longer arithmetic: Keras rounds a list of weights to float32.
    let weighted = CategoricalFocalCrossentropy(
      alpha: [0.1, 0.2, 0.7], gamma: 1.5, fromLogits: true, labelSmoothing: 0.1, reduction: .none)
    let third = try weighted.valueWithGradient(
      [[0.2, 0.3, 0.5]] as Tensor<Double>, [[2, 3, 5]] as Tensor<Double>)
    #expect(isClose(third.value, [0.17670017532071741], relative: 1e-13))
    #expect(
      isClose(
        third.gradient, [-0.018057092729185387, -0.055171891998911262, 0.073228984728096649],
        relative: 1e-12))
  }

  /// With γ = 0 and α = 1 it is the cross-entropy of probabilities.
  @Test func noFocus() throws {
    let plain = CategoricalCrossentropy(labelSmoothing: 0.1, reduction: .none)
    let focal = CategoricalFocalCrossentropy(
      alpha: 1, gamma: 0, labelSmoothing: 0.1, reduction: .none)
    let expected = try plain.valueWithGradient(labels, probabilities)
    let found = try focal.valueWithGradient(labels, probabilities)
    #expect(isClose(found.value, expected.value.scalars, relative: 1e-14))
    #expect(isClose(found.gradient, expected.gradient.scalars, relative: 1e-13))
  }

  /// Below ε and above 1 − ε the loss is that of the bound, and the gradient through the element 0.
  @Test func kinksWhereItIsClipped() throws {
    let loss = CategoricalFocalCrossentropy(alpha: 1, fromLogits: true, reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[1, 0], [1, 0]], [[0, 40], [40, 0]] as Tensor<Double>)
    let most = (1 - 1e-7) * (1 - 1e-7) * 16.11809565095832
    #expect(isClose(value, [most, 1e-14 * 1.00000005e-7], relative: 1e-14))
    #expect(gradient.scalars.allSatisfy { $0 == 0 })
    let given = CategoricalFocalCrossentropy(alpha: 1, reduction: .none)
    let clipped = try given.valueWithGradient(
      [[1, 0], [1, 0]], [[0, 2], [3, 0]] as Tensor<Double>)
    #expect(isClose(clipped.value, value.scalars, relative: 1e-14))
    #expect(clipped.gradient.scalars.allSatisfy { $0 == 0 })
  }

  @Test func limits() throws {
    let loss = CategoricalFocalCrossentropy(fromLogits: true, reduction: .none)
    let impossible = try loss.valueWithGradient(
      [[1, 0, 0]], Tensor<Double>([[1, 2, -.infinity]]))
    let without = try loss.valueWithGradient([[1, 0]], [[1, 2]] as Tensor<Double>)
    #expect(isClose(impossible.value, without.value.scalars, relative: 1e-15))
    #expect(isClose(impossible.gradient, without.gradient.scalars + [0], relative: 1e-15))
    let rows: [[Float]] = [[.infinity, 1], [-.infinity, -.infinity], [.nan, 1]]
    for row in rows {
      let (value, gradient) = try loss.valueWithGradient([[1, 0]], Tensor<Float>([row]))
      #expect(value.scalars[0].bitPattern == Float.nan.bitPattern)
      #expect(gradient.scalars.allSatisfy { $0.isNaN })
      let masked = try loss.valueWithGradient([[1, 0]], Tensor<Float>([row]), mask: [false])
      #expect(masked.value == [0] && masked.gradient == [[0, 0]])
    }
    let probabilities = CategoricalFocalCrossentropy(reduction: .none)
    #expect(probabilities([[1, 0]], [[0, 0]] as Tensor<Float>).scalars[0].isNaN)
  }

  /// A confident row: α·r³ for a small 1 − q = r, which `1 − q` in Float has as 0.
  @Test func confidentRows() throws {
    let loss = CategoricalFocalCrossentropy(alpha: 1, fromLogits: true, reduction: .none)
    for distance in [5, 10, 15] as [Float] {
      let (value, gradient) = try loss.valueWithGradient([[1, 0]], Tensor([[distance, 0]]))
      let r = 1 / (1 + exp(Double(distance)))
      let expected = r * r * -log1p(-r)
      #expect(isClose(value, [expected], relative: 1e-7))
      let slope = r * (2 * (1 - r) * log1p(-r) - r) * r
      #expect(isClose(gradient, [slope, -slope], relative: 1e-7))
    }
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 23)
    for (fromLogits, gamma) in [(true, 2.0), (true, 0.5), (false, 2), (false, 0)] {
      for axis in [1, -1] {
        let loss = CategoricalFocalCrossentropy(
          alpha: axis == 1 ? [0.2, 0.5, 1, 2] : [0.3], gamma: gamma, fromLogits: fromLogits,
          labelSmoothing: 0.1, axis: axis)
        try expectCentralDifferences(
          loss, randomTensor([2, 4, 3], 0...1, &generator),
          randomTensor([2, 4, 3], fromLogits ? -3...3 : 0.1...1, &generator),
          sampleWeight: [1, 3], mask: nil)
      }
    }
  }

  /// Float against Double, over rows of all kinds: how far a result is from the rounded one. A derivative is a
  /// difference of two terms, and its error in units of their sum.
  @Test(arguments: [2, 10, 1000, 3000]) func accuracy(_ classes: Int) throws {
    var generator = SeededGenerator(seed: UInt64(classes))
    var worst = (loss: 0.0, gradient: 0.0)
    for gamma in [2, 0, 1, 1.5, 3, 5] {
      let loss = CategoricalFocalCrossentropy(gamma: gamma, fromLogits: true, reduction: .none)
      for spread in [1.0, 4, 20, 300] {
        let x = Tensor<Float>(
          converting: randomTensor([20, classes], -spread...spread, &generator))
        let soft = randomTensor([20, classes], 0...1, &generator).scalars
        let y = Tensor<Float>(
          shape: [20, classes],
          scalars: (0..<20).flatMap { row in
            let id = Int.random(in: 0..<classes, using: &generator)
            return (0..<classes).map {
              row % 3 == 0 ? Float(soft[row * classes + $0]) : $0 == id ? 1 : 0
            }
          })
        let narrow = try loss.valueWithGradient(y, x)
        let wide = try loss.valueWithGradient(
          Tensor<Double>(converting: y), Tensor<Double>(converting: x))
        let errors = zip(narrow.value.scalars, wide.value.scalars).map {
          ulps($0, $1, of: $1.magnitude)
        }
        worst.loss = max(worst.loss, errors.max() ?? 0)
        let sizes = (0..<20).flatMap { row -> [Double] in
          let row = row * classes..<(row + 1) * classes
          return termSizes(y.scalars[row].map(Double.init), x.scalars[row].map(Double.init), gamma)
        }
        let slopes = sizes.indices.map {
          let slope = wide.gradient.scalars[$0]
          return ulps(narrow.gradient.scalars[$0], slope, of: max(slope.magnitude, sizes[$0]))
        }
        worst.gradient = max(worst.gradient, slopes.max() ?? 0)
      }
    }
    print("Focal, \(classes) classes: loss \(worst.loss) ulp, gradient \(worst.gradient) ulp")
    #expect(worst.loss <= 0.55 && worst.gradient <= 0.55)
  }

  /// |A|·(1 − q) + q·Σ|A| of the others.
  private func termSizes(_ y: [Double], _ x: [Double], _ gamma: Double) -> [Double] {
    let top = x.max() ?? 0
    let e = x.map { exp($0 - top) }
    let sum = e.reduce(0, +)
    let parts = zip(y, e).map { label, e -> Double in
      let (q, other) = (e / sum, (sum - e) / sum)
      if q < 1e-7 || q > 1 - 1e-7 { return 0 }
      return 0.25 * label * pow(other, gamma - 1) * (gamma * q * log(q) - other).magnitude
    }
    let all = parts.reduce(0, +)
    return zip(parts, e).map { ($0 * (sum - $1) + $1 * (all - $0)) / sum }
  }

  private func ulps(_ a: Float, _ b: Double, of size: Double) -> Double {
    size < 1e-37 ? 0 : (Double(a) - b).magnitude / Double(Float(size).ulp)
  }

  @Test func errors() {
    let loss = CategoricalFocalCrossentropy(alpha: [1, 2])
    #expect(
      errorText { _ = try loss.evaluate([[1, 0, 0]], [[0.1, 0.2, 0.7]]) }
        == "alpha: must be one number, or one for each of the 3 classes; got 2 numbers for yTrue "
        + "[1, 3] and yPred [1, 3].")
    func text(_ json: String) -> String? {
      errorText {
        _ = try JSONDecoder().decode(
          CategoricalFocalCrossentropy.self, from: Data(json.utf8))
      }
    }
    #expect(text(#"{"gamma": -1}"#) == "gamma: must be finite and not negative; got -1.0.")
    #expect(text(#"{"alpha": [0.5, -1]}"#) == "alpha: must be finite and not negative; got -1.0.")
    #expect(text(#"{"alpha": []}"#) == "alpha: must be a number or a list of at least one; got [].")
    #expect(
      text(#"{"alpha": "x"}"#) == "alpha: must be of type Double or a list of such.")
    #expect(text(#"{"label_smoothing": 2}"#) == "label_smoothing: must lie in 0...1; got 2.0.")
  }

  @Test func configuration() throws {
    for loss in [
      CategoricalFocalCrossentropy(
        alpha: 0.5, gamma: 3, fromLogits: true, labelSmoothing: 0.2, axis: 0, reduction: .sum,
        name: "f"),
      CategoricalFocalCrossentropy(alpha: [0.1, 0.9]),
    ] {
      let data = try JSONEncoder().encode(loss)
      #expect(try JSONDecoder().decode(CategoricalFocalCrossentropy.self, from: data) == loss)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(
        decoding: try encoder.encode(CategoricalFocalCrossentropy(alpha: [0.5, 2])), as: UTF8.self)
        == #"{"alpha":[0.5,2],"axis":-1,"from_logits":false,"gamma":2,"label_smoothing":0,"#
        + #""name":"categorical_focal_crossentropy","reduction":"sum_over_batch_size"}"#)
  }
}
