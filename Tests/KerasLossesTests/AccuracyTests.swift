import Foundation
import KerasLosses
import TestSupport
import Testing

// How exact the softmax cross-entropy is, in units in the last place of the true value: Float against Double
// arithmetic without cancellation, Double against Float80. Debug builds take fewer rows.

#if DEBUG
  private let share = 50
#else
  private let share = 1
#endif

/// Rows of one kind: how logits and labels are drawn.
enum RowFamily: String, CaseIterable, Sendable {
  case normal, uniform, shifted, confident, othersEqual, nearTies, impossible, soft, smoothed

  /// Logits and labels of one row.
  func draw<Scalar: LossScalar>(
    _ classes: Int, _ generator: inout SeededGenerator, _ type: Scalar.Type
  ) -> (logits: [Scalar], labels: [Scalar]) {
    let target = Int(generator.next() % UInt64(classes))
    func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    // The sum of twelve uniform numbers is close enough to normal.
    func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
    var logits = (0..<classes).map { _ in Scalar(normal()) }
    var labels = [Scalar](repeating: 0, count: classes)
    labels[target] = 1
    switch self {
    case .normal, .smoothed: break
    case .uniform: logits = (0..<classes).map { _ in Scalar(unit() * 20 - 10) }
    case .shifted: logits = (0..<classes).map { _ in Scalar(1e4 + normal()) }
    case .confident: logits[target] = logits.max()! + Scalar(10 + 50 * unit())
    case .othersEqual:
      logits = [Scalar](repeating: Scalar(normal()), count: classes)
      logits[target] += Scalar(normal())
    case .nearTies: logits = logits.map { _ in Scalar(3 + unit() * 1e-6) }
    case .impossible:
      for c in logits.indices where c != target && unit() < 0.3 { logits[c] = -.infinity }
    case .soft:
      labels = labels.map { _ in Scalar(unit()) }
    }
    return (logits, labels)
  }
}

@Suite struct AccuracyTests {
  @Test(arguments: [
    (2, 10_000), (10, 10_000), (19, 10_000), (64, 4000), (81, 2000), (128, 1000), (1000, 1000),
    (128_256, 100),
  ])
  func floatSoftmax(_ classes: Int, _ rows: Int) throws {
    var generator = SeededGenerator(seed: UInt64(classes))
    for family in RowFamily.allCases {
      var worst = 0.0
      var worstGradient = 0.0
      let smoothing = family == .smoothed ? 0.1 : 0
      let loss = CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: smoothing, reduction: .none)
      for row in 0..<max(2, rows / share / RowFamily.allCases.count) {
        let (logits, labels) = family.draw(classes, &generator, Float.self)
        let yTrue = Tensor(shape: [1, classes], scalars: labels)
        let yPred = Tensor(shape: [1, classes], scalars: logits)
        let value = try loss.evaluate(yTrue, yPred)
        var weight = 0.5 + Float(generator.next() >> 40) * 0x1p-24
        if classes <= 128 && row % 8 == 7 { weight *= 0x1p-80 }
        let (_, gradient) = try loss.valueWithGradient(
          yTrue, yPred, sampleWeight: Tensor([weight]))
        let (expected, derivative, scale) = reference(
          logits.map { Double($0) }, labels.map { Double($0) }, smoothing)
        worst = max(worst, ulps(Double(value.item), expected, Float.self))
        for c in 0..<classes {
          let error = (Double(gradient.scalars[c]) - Double(weight) * derivative[c]).magnitude
          let size = Float(Double(weight) * scale[c])
          guard size >= 0x1p-126 else { continue }
          worstGradient = max(worstGradient, error / Double(size.ulp))
        }
      }
      print(
        "Float, \(classes) classes, \(family): loss \(rounded(worst)) ulp, gradient "
          + "\(rounded(worstGradient)) ulp")
      #expect(worst <= (classes <= 64 ? 1 : 2.5), "\(family)")
      #expect(worstGradient <= (classes <= 64 ? 1 : 4), "\(family)")
    }
  }

  /// The loss, its derivative, and what the error of each derivative is measured by: for one-hot labels
  /// the derivative itself, else the larger of p·Σy and y.
  private func reference(
    _ logits: [Double], _ labels: [Double], _ smoothing: Double
  ) -> (loss: Double, derivative: [Double], scale: [Double]) {
    let count = Double(logits.count)
    let y = smoothing == 0 ? labels : labels.map { $0 * (1 - smoothing) + smoothing / count }
    let peak = logits.indices.max { logits[$0] < logits[$1] }!
    let e = logits.map { exp($0 - logits[peak]) }
    let rest = e.indices.reduce(0.0) { $1 == peak ? $0 : $0 + e[$1] }
    let labelSum = y.reduce(0, +)
    let distance = y.indices.reduce(0.0) {
      y[$1] == 0 ? $0 : $0 + y[$1] * (logits[peak] - logits[$1])
    }
    let isOneHot = smoothing == 0 && labelSum == 1 && y.contains(1)
    var derivative: [Double] = []
    var scale: [Double] = []
    for c in e.indices {
      let others = c == peak ? rest : 1 + rest - e[c]
      let g = (e[c] * (labelSum - y[c]) - y[c] * others) / (1 + rest)
      derivative.append(g)
      scale.append(isOneHot ? g.magnitude : max(e[c] / (1 + rest) * labelSum, y[c]))
    }
    return (labelSum * log1p(rest) + distance, derivative, scale)
  }

  #if arch(x86_64) && os(Linux)
    @Test(arguments: [(2, 2000), (10, 2000), (1000, 200)])
    func doubleSoftmax(_ classes: Int, _ rows: Int) throws {
      var generator = SeededGenerator(seed: UInt64(classes))
      for family in RowFamily.allCases where family != .smoothed {
        var worst = 0.0
        let loss = CategoricalCrossentropy(fromLogits: true, reduction: .none)
        for _ in 0..<max(2, rows / share) {
          let (logits, labels) = family.draw(classes, &generator, Double.self)
          let value = try loss.evaluate(
            Tensor(shape: [1, classes], scalars: labels),
            Tensor(shape: [1, classes], scalars: logits)
          ).item
          let wide = logits.map { Float80($0) }
          let peak = wide.indices.max { wide[$0] < wide[$1] }!
          var rest: Float80 = 0
          var distance: Float80 = 0
          var labelSum: Float80 = 0
          for c in wide.indices {
            if c != peak { rest += expl(wide[c] - wide[peak]) }
            let y = Float80(labels[c])
            labelSum += y
            if y != 0 { distance += y * (wide[peak] - wide[c]) }
          }
          let expected = labelSum * log1pl(rest) + distance
          if expected > 0x1p-1000 {
            let error = (Float80(value) - expected).magnitude / Float80(Double(expected).ulp)
            worst = max(worst, Double(error))
          }
        }
        print("Double, \(classes) classes, \(family): loss \(rounded(worst)) ulp")
        #expect(worst <= 4, "\(family)")
      }
    }
  #endif

  /// A mean over 10 million losses with weights over 12 decades is the exact quotient, rounded once.
  @Test func exactMeans() {
    let count = 10_000_000 / share
    var generator = SeededGenerator(seed: 9)
    var losses: [Float] = []
    var weights: [Float] = []
    losses.reserveCapacity(count)
    weights.reserveCapacity(count)
    for index in 0..<count {
      losses.append(Float(generator.next() >> 40) * 0x1p-24)
      weights.append(Float(generator.next() >> 40) * (index % 2 == 0 ? 1e-3 : 1e-15))
    }
    // Products of Floats are exact in Double; their sum is carried with its errors.
    var sum = CompensatedSum()
    var weightSum = CompensatedSum()
    for index in 0..<count {
      sum.add(Double(losses[index]) * Double(weights[index]))
      weightSum.add(Double(weights[index]))
    }
    let mean = GivenLoss(reduction: .meanWithSampleWeight)
    let batch = GivenLoss(reduction: .sumOverBatchSize)
    let given = Tensor(losses)
    #expect(
      mean(given, given, sampleWeight: Tensor(weights)).item == Float(sum.value / weightSum.value))
    #expect(
      batch(given, given, sampleWeight: Tensor(weights)).item == Float(sum.value / Double(count)))
  }

  private func ulps<Scalar: LossScalar>(
    _ value: Double, _ expected: Double, _ type: Scalar.Type
  ) -> Double {
    guard expected >= 0x1p-126 else { return 0 }
    return (value - expected).magnitude / Double(Scalar(expected).ulp)
  }

  private func rounded(_ value: Double) -> String { String(format: "%.2f", value) }
}
