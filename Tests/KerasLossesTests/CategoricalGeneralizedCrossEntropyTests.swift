import Foundation
import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for CategoricalGeneralizedCrossEntropy, its limits and its gradient.

@Suite struct CategoricalGeneralizedCrossEntropyTests {
  private let probabilities: Tensor<Double> = [[0.7, 0.3], [0.2, 0.8], [0.6, 0.4], [0.4, 0.6]]

  @Test func numbersOfKeras() throws {
    let loss = CategoricalGeneralizedCrossEntropy(reduction: .none)
    let narrow = loss([0, 1, 0, 1] as Tensor<Int>, Tensor<Float>(converting: probabilities))
    #expect(isClose(narrow, [0.32667994, 0.21114564, 0.45080662, 0.45080662], relative: 1e-6))
    let (value, gradient) = try loss.valueWithGradient(
      [[0], [1], [0], [1]] as Tensor<UInt8>, probabilities)
    #expect(
      isClose(
        value, [0.3266799469318489, 0.21114561800016807, 0.4508066615170332, 0.4508066615170332],
        relative: 1e-14))
    #expect(
      isClose(
        gradient,
        [
          -1.1952286093343938, 0, 0, -1.118033988749895, -1.2909944487358058, 0, 0,
          -1.2909944487358058,
        ], relative: 1e-15))
  }

  /// Floats are computed in shorter polynomials than Doubles: no more than the rounding is to be seen of that.
  @Test(arguments: [0.01, 0.5, 0.7, 0.99]) func floatsAreRoundedOnce(q: Double) throws {
    var generator = SeededGenerator(seed: 43)
    let loss = CategoricalGeneralizedCrossEntropy(q: q, reduction: .none)
    var probabilities = (0..<4000).map { _ in Float.random(in: 0...1, using: &generator) }
    probabilities += (1...500).map { 1 - Float($0) * 0x1p-24 }
    probabilities += (0...125).map { Float(sign: .plus, exponent: -$0, significand: 1.37) }
    let p = Tensor(shape: [probabilities.count, 1], scalars: probabilities)
    let ids = Tensor(shape: [p.shape[0]], scalars: [UInt8](repeating: 0, count: p.shape[0]))
    let (value, gradient) = try loss.valueWithGradient(ids, p)
    let (wideValue, wideGradient) = try loss.valueWithGradient(ids, Tensor<Double>(converting: p))
    for (narrow, wide) in zip(
      value.scalars + gradient.scalars, wideValue.scalars + wideGradient.scalars)
    {
      #expect(abs(Double(narrow) - wide) <= 0.51 * Double(narrow.ulp))
    }
  }

  /// Next to 1, 0, beyond both, and what is not looked at.
  @Test func limits() throws {
    let loss = CategoricalGeneralizedCrossEntropy(q: 0.7, reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [0, 0, 0, 0] as Tensor<Int>,
      Tensor<Double>([[1 - 0x1p-50, .nan], [0, 1], [-0.1, 0], [1.5, 0]]))
    #expect(isClose(Double(value.scalars[0]), 0x1p-50, relative: 1e-14))
    #expect(gradient.scalars[1] == 0)
    #expect(isClose(value.scalars[1], 1 / 0.7, relative: 1e-15))
    #expect(gradient.scalars[2] == -.infinity && gradient.scalars[3] == 0)
    #expect(value.scalars[2].bitPattern == Double.nan.bitPattern && gradient.scalars[4].isNaN)
    #expect(isClose(value.scalars[3], (1 - pow(1.5, 0.7)) / 0.7, relative: 1e-14))
  }

  /// A gradient that is larger than the caches is cleared past them.
  @Test func largeGradient() throws {
    let (rows, classes) = (4203, 1001)
    let ids = Tensor(shape: [rows], scalars: (0..<rows).map { Int32($0 * 7 % classes) })
    let p = Tensor(
      shape: [rows, classes], scalars: [Float](repeating: 0.25, count: rows * classes))
    // What was in the buffer is gone.
    var gradient = Tensor(
      shape: [rows, classes], scalars: [Float](repeating: .nan, count: rows * classes))
    let loss = CategoricalGeneralizedCrossEntropy(reduction: .sum)
    let value = try loss.valueWithGradient(ids, p, into: &gradient)
    // q = 1/2: (1 - 1/2)/(1/2) each, and -(1/4)^(-1/2).
    #expect(value.item == Float(rows))
    #expect(gradient.scalars.count { $0 != 0 } == rows)
    #expect(ids.scalars.enumerated().allSatisfy { gradient.scalars[$0 * classes + Int($1)] == -2 })
  }

  @Test func masksAndErrors() throws {
    let loss = CategoricalGeneralizedCrossEntropy()
    let (value, gradient) = try loss.valueWithGradient(
      [7, 1] as Tensor<Int>, [[.nan, 0.5], [0.75, 0.25]] as Tensor<Double>, mask: [false, true])
    #expect(value == 1)
    #expect(gradient == [[0, 0], [0, -2]])
    #expect(
      errorText {
        _ = try loss.evaluate(
          [7, 1] as Tensor<Int>, [[0.5, 0.5], [0.75, 0.25]] as Tensor<Float>)
      }
        == "yTrue: class ids must be integers in 0..<2; got 7 for sample 0 of yTrue [2] and yPred "
        + "[2, 2].")
    #expect(
      errorText { _ = try loss.evaluate([[1, 0], [0, 1]], [[0.5, 0.5], [0.75, 0.25]]) }?
        .hasPrefix("yTrue: must have the shape of yPred without axis 1") == true)
    for q in ["0", "1", "-0.5", "2"] {
      let text = errorText {
        _ = try JSONDecoder().decode(
          CategoricalGeneralizedCrossEntropy.self, from: Data(#"{"q": \#(q)}"#.utf8))
      }
      #expect(text?.hasPrefix("q: must lie between 0 and 1; got ") == true)
    }
  }

  @Test func gradientsAgainstCentralDifferences() throws {
    var generator = SeededGenerator(seed: 41)
    for q in [0.1, 0.5, 0.9] {
      for reduction in Reduction.allCases {
        try expectCentralDifferences(
          CategoricalGeneralizedCrossEntropy(q: q, reduction: reduction),
          [[0, 2, 1], [1, 1, 0]] as Tensor<Int32>,
          randomTensor([2, 3, 3], 0.1...1, &generator), sampleWeight: [[1], [2]])
      }
    }
  }
}
