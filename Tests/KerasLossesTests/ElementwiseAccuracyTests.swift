import Foundation
import KerasLosses
import TestSupport
import Testing

// How exact the losses of one label and one prediction are, in units in the last place of the true value (of
// the sum of its terms' sizes where they cancel), against Float80.

#if arch(x86_64) && os(Linux)
  #if DEBUG
    private let count = 4000
  #else
    private let count = 200_000
  #endif

  /// The bound as it is held: in Double.
  private let epsilon = Float80(1e-7 as Double)

  /// A loss and its true values.
  struct AccuracySubject: Sendable, CustomStringConvertible {
    /// What a loss and its derivative are, and how large their terms.
    struct Truth {
      let value: Float80
      let derivative: Float80
      let valueScale: Float80
      let derivativeScale: Float80

      init(_ value: Float80, _ derivative: Float80, of sizes: (Float80, Float80)? = nil) {
        self.value = value
        self.derivative = derivative
        valueScale = sizes?.0 ?? value.magnitude
        derivativeScale = sizes?.1 ?? derivative.magnitude
      }
    }

    let description: String
    let loss: any KerasLoss
    let kind: Kind
    /// Units in the last place that a Double loss may be wrong by.
    let bound: Double
    /// The same of a Float loss: those computed in Double are only rounded, those in float lanes are not.
    let floatBound: Double
    let truth: @Sendable (_ y: Float80, _ p: Float80) -> Truth

    /// Where labels and predictions lie.
    enum Kind { case numbers, positive, signs, distributions, probabilities, logits }

    init(
      _ description: String, _ loss: any KerasLoss, _ kind: Kind, bound: Double = 4,
      floatBound: Double = 0.52, _ truth: @escaping @Sendable (_ y: Float80, _ p: Float80) -> Truth
    ) {
      self.description = description
      self.loss = loss
      self.kind = kind
      self.bound = bound
      self.floatBound = floatBound
      self.truth = truth
    }
  }

  extension AccuracySubject {
    static let all: [AccuracySubject] = plain + focal

    private static let plain: [AccuracySubject] =
      [
        AccuracySubject("squared error", MeanSquaredError(reduction: .none), .numbers) { y, p in
          Truth((p - y) * (p - y), 2 * (p - y))
        },
        AccuracySubject("absolute error", MeanAbsoluteError(reduction: .none), .numbers) { y, p in
          Truth((p - y).magnitude, p > y ? 1 : p < y ? -1 : 0)
        },
        AccuracySubject(
          "percentage error", MeanAbsolutePercentageError(reduction: .none), .numbers,
          floatBound: 2
        ) { y, p in
          let slope = 100 / max(y.magnitude, epsilon)
          return Truth((p - y).magnitude * slope, p > y ? slope : p < y ? -slope : 0)
        },
        AccuracySubject(
          "logarithmic error", MeanSquaredLogarithmicError(reduction: .none), .positive, bound: 6,
          floatBound: 2
        ) { y, p in
          let (a, b) = (max(p, epsilon), max(y, epsilon))
          let l = a > b ? log1pl((a - b) / (1 + b)) : -log1pl((b - a) / (1 + a))
          return Truth(l * l, p < epsilon ? 0 : 2 * l / (1 + a))
        },
        AccuracySubject("Huber", Huber(delta: 0.75, reduction: .none), .numbers) { y, p in
          let e = p - y
          let a = e.magnitude
          return a <= 0.75
            ? Truth(e * e / 2, e) : Truth(0.75 * (a - 0.375), e > 0 ? 0.75 : -0.75)
        },
        AccuracySubject(
          "log-cosh", LogCosh(reduction: .none), .numbers, bound: 5, floatBound: 2
        ) { y, p in
          let a = (p - y).magnitude
          // cosh a = 1 + 2 sinh² (a/2).
          let value = a > 40 ? a - logl(2) : log1pl(2 * powl(sinhl(a / 2), 2))
          return Truth(value, tanhl(p - y))
        },
        AccuracySubject("hinge", Hinge(reduction: .none), .signs) { y, p in
          Truth(max(0, 1 - y * p), y * p < 1 ? -y : 0)
        },
        AccuracySubject("squared hinge", SquaredHinge(reduction: .none), .signs) { y, p in
          let h = max(0, 1 - y * p)
          return Truth(h * h, -2 * y * h)
        },
        AccuracySubject(
          "divergence", KLDivergence(reduction: .none), .distributions, floatBound: 2
        ) { y, p in
          let (t, q) = (min(max(y, epsilon), 1), min(max(p, epsilon), 1))
          let l = t > q ? log1pl((t - q) / q) : -log1pl((q - t) / t)
          return Truth(t * l, p < epsilon || p > 1 ? 0 : -t / q)
        },
        AccuracySubject("Poisson", Poisson(reduction: .none), .positive, floatBound: 2) { y, p in
          let logarithm = logl(p + epsilon)
          return Truth(
            p - y * logarithm, (p - y + epsilon) / (p + epsilon),
            of: (p + (y * logarithm).magnitude, 1 + y / (p + epsilon)))
        },
        AccuracySubject(
          "binary cross-entropy", BinaryCrossentropy(reduction: .none), .probabilities,
          floatBound: 2
        ) { y, p in
          let (b, derivative) = bernoulli(y, p)
          return Truth(b, derivative)
        },
      ]

    private static let focal = [0.0, 0.5, 1, 2, 3.5].flatMap { gamma -> [AccuracySubject] in
      // A power multiplies the error of its base.
      let bound = 4 + 3 * gamma
      let probabilities = BinaryFocalCrossentropy(
        applyClassBalancing: true, alpha: 0.25, gamma: gamma, reduction: .none)
      let logits = BinaryFocalCrossentropy(gamma: gamma, fromLogits: true, reduction: .none)
      return [
        AccuracySubject(
          "focal, γ = \(gamma)", probabilities, .probabilities, bound: bound, floatBound: 2
        ) {
          focal($0, $1, Float80(gamma))
        },
        AccuracySubject(
          "focal of logits, γ = \(gamma)", logits, .logits, bound: bound, floatBound: 2
        ) {
          focalLogits($0, $1, Float80(gamma))
        },
      ]
    }

    private static func bernoulli(_ y: Float80, _ p: Float80) -> (Float80, Float80) {
      let isClipped = p < epsilon || p > 1 - epsilon
      let (q, other) =
        p > 1 - epsilon ? (1 - epsilon, epsilon) : (max(p, epsilon), 1 - max(p, epsilon))
      let logarithm = q > 0.5 ? log1pl(-other) : logl(q)
      let otherLogarithm = q > 0.5 ? logl(other) : log1pl(-q)
      return (
        -y * logarithm - (1 - y) * otherLogarithm, isClipped ? 0 : (1 - y) / other - y / q
      )
    }

    private static func focal(_ y: Float80, _ p: Float80, _ gamma: Float80) -> Truth {
      let (b, derivative) = bernoulli(y, p)
      let m = y * (1 - p) + (1 - y) * p
      let weight = y * 0.25 + (1 - y) * 0.75
      let terms = (
        weight * (1 - 2 * y) * (gamma == 0 ? 0 : gamma * powl(m, gamma - 1)) * b,
        weight * powl(m, gamma) * derivative
      )
      return Truth(
        weight * powl(m, gamma) * b, terms.0 + terms.1,
        of: (weight * powl(m, gamma) * b, terms.0.magnitude + terms.1.magnitude))
    }

    private static func focalLogits(_ y: Float80, _ x: Float80, _ gamma: Float80) -> Truth {
      let (s, other) = (1 / (1 + expl(-x)), 1 / (1 + expl(x)))
      let b =
        y * (max(-x, 0) + log1pl(expl(-x.magnitude)))
        + (1 - y) * (max(x, 0) + log1pl(expl(-x.magnitude)))
      let m = y * other + (1 - y) * s
      let terms = (
        (1 - 2 * y) * (gamma == 0 ? 0 : gamma * powl(m, gamma - 1)) * s * other * b,
        powl(m, gamma) * ((1 - y) * s - y * other)
      )
      let slope = powl(m, gamma) * ((1 - y) * s + y * other)
      return Truth(
        powl(m, gamma) * b, terms.0 + terms.1, of: (powl(m, gamma) * b, terms.0.magnitude + slope))
    }

    /// A label and a prediction: of all sizes, and every fourth time nearly equal.
    func draw(_ generator: inout SeededGenerator, _ number: Int) -> (y: Double, p: Double) {
      func unit() -> Double { Double.random(in: 0..<1, using: &generator) }
      func sized(_ exponents: ClosedRange<Double>) -> Double {
        pow(10, Double.random(in: exponents, using: &generator))
      }
      let isNear = number % 4 == 0
      switch kind {
      case .numbers:
        let y = sized(-3...2) * (unit() < 0.5 ? -1 : 1)
        if number % 4 == 1 { return (y, y + 4 * unit() - 2) }
        return (y, isNear ? y * (1 + 1e-5 * (unit() - 0.5)) : sized(-3...2))
      case .positive:
        let y = unit() < 0.1 ? 0 : sized(-8...4)
        return (y, isNear ? y * (1 + 1e-5 * (unit() - 0.5)) : sized(-8...4))
      case .signs:
        return (unit() < 0.5 ? -1 : 1, isNear ? 1 + 1e-5 * unit() : 4 * unit() - 2)
      case .distributions:
        let y = unit() < 0.1 ? 0 : sized(-8...0)
        return (y, isNear ? y * (1 + 1e-5 * (unit() - 0.5)) : sized(-8...0.1))
      case .probabilities:
        let y = number % 3 == 0 ? unit() : unit().rounded()
        let p = sized(-8...0)
        return (y, isNear ? 1 - p : p)
      case .logits:
        return (number % 3 == 0 ? unit() : unit().rounded(), 60 * unit() - 30)
      }
    }
  }

  @Suite struct ElementwiseAccuracyTests {
    @Test(arguments: AccuracySubject.all)
    func float(_ subject: AccuracySubject) throws {
      try measure(subject, Float.self, bound: subject.floatBound)
    }

    @Test(arguments: AccuracySubject.all)
    func double(_ subject: AccuracySubject) throws {
      try measure(subject, Double.self, bound: subject.bound)
    }

    private func measure<Scalar: LossScalar>(
      _ subject: AccuracySubject, _ type: Scalar.Type, bound: Double
    ) throws {
      var generator = SeededGenerator(seed: 77)
      let pairs = (0..<count).map { subject.draw(&generator, $0) }
      let y = Tensor(shape: [count, 1], scalars: pairs.map { Scalar($0.y) })
      let p = Tensor(shape: [count, 1], scalars: pairs.map { Scalar($0.p) })
      let (value, gradient) = try subject.loss.valueWithGradient(y, p)
      var worst = (value: 0.0, gradient: 0.0)
      for index in 0..<count {
        let truth = subject.truth(
          Float80(Double(y.scalars[index])), Float80(Double(p.scalars[index])))
        worst.value = max(
          worst.value, ulps(value.scalars[index], truth.value, truth.valueScale))
        worst.gradient = max(
          worst.gradient, ulps(gradient.scalars[index], truth.derivative, truth.derivativeScale))
      }
      print(
        "\(Scalar.self), \(subject): loss \(String(format: "%.3f", worst.value)) ulp, gradient "
          + "\(String(format: "%.3f", worst.gradient)) ulp")
      #expect(worst.value <= bound && worst.gradient <= bound)
    }

    private func ulps<Scalar: LossScalar>(
      _ value: Scalar, _ truth: Float80, _ scale: Float80
    ) -> Double {
      guard scale >= 0x1p-126 else { return 0 }
      return Double(
        (Float80(Double(value)) - truth).magnitude / Float80(Double(Scalar(Double(scale)).ulp)))
    }
  }
#endif
