import KerasLosses
import TestSupport
import Testing

// Keras 3.15.1's numbers for the losses of real-valued labels, their kinks and their limits.

@Suite struct RegressionLossTests {
  /// A loss on two rows of three numbers: without weights, with weights [1.2, 3.4], and as [2, 3, 1] with
  /// weights [[3, 6, 5], [0, 4, 2]].
  struct Numbers: Sendable, CustomStringConvertible {
    let name: String
    let none: [Double]
    let sum: [Double]
    let mean: [Double]
    let weightedMean: [Double]

    var description: String { name }
  }

  static let numbers = [
    Numbers(
      name: "MeanSquaredError", none: [36.666668, 62.333332], sum: [99, 255.93333, 587],
      mean: [49.5, 127.96667, 97.833336], weightedMean: [49.5, 55.637676, 29.35]),
    Numbers(
      name: "MeanAbsoluteError", none: [4.6666665, 6.3333335], sum: [11, 27.133335, 83],
      mean: [5.5, 13.566668, 13.833333], weightedMean: [5.5, 5.8985505, 4.1500001]),
    Numbers(
      name: "Huber", none: [4.1666665, 5.8333335], sum: [10, 24.833334, 73],
      mean: [5, 12.416667, 12.166667], weightedMean: [5, 5.3985505, 3.6500001]),
    Numbers(
      name: "MeanAbsolutePercentageError", none: [270.37036, 153.33333],
      sum: [423.70367, 845.77777, 4166.667], mean: [211.85184, 422.88889, 694.44452],
      weightedMean: [211.85184, 183.86472, 208.33334]),
    Numbers(
      name: "MeanSquaredLogarithmicError", none: [1.0002779, 1.8738064],
      sum: [2.8740842, 7.5712752, 15.884243], mean: [1.4370421, 3.7856376, 2.6473739],
      weightedMean: [1.4370421, 1.6459292, 0.79421216]),
    Numbers(
      name: "LogCosh", none: [4.016654, 5.6418362], sum: [9.6584902, 24.002228, 69.920906],
      mean: [4.8292451, 12.001114, 11.653484], weightedMean: [4.8292451, 5.217875, 3.4960454]),
  ]

  @Test(arguments: numbers)
  func numbersOfKeras(_ numbers: Numbers) throws {
    let entry = try LossIdentifier.entry(named: numbers.name)
    let labels: Tensor<Float> = [[1, 9, 2], [-5, -2, 6]]
    let predictions: Tensor<Float> = [[4, 8, 12], [8, 1, 3]]
    let none = entry.make(.none)
    #expect(isClose(none(labels, predictions), numbers.none, relative: 1e-6))
    func check(_ reduction: Reduction, _ expected: [Double]) {
      let loss = entry.make(reduction)
      #expect(isClose(loss(labels, predictions), [expected[0]], relative: 1e-6))
      #expect(
        isClose(
          loss(labels, predictions, sampleWeight: [1.2, 3.4]), [expected[1]], relative: 1e-6))
      let apart = loss(
        labels.reshaped(to: [2, 3, 1]), predictions.reshaped(to: [2, 3, 1]),
        sampleWeight: [[3, 6, 5], [0, 4, 2]])
      #expect(isClose(apart, [expected[2]], relative: 1e-6))
    }
    check(.sum, numbers.sum)
    check(.sumOverBatchSize, numbers.mean)
    check(.mean, numbers.mean)
    check(.meanWithSampleWeight, numbers.weightedMean)
  }

  @Test func squaredErrorWithWeights() {
    let labels: Tensor<Float> = [[1, 9, 2], [-5, -2, 6]]
    let predictions: Tensor<Float> = [[4, 8, 12], [8, 1, 3]]
    let none = MeanSquaredError(reduction: .none)
    #expect(
      isClose(
        none(labels, predictions, sampleWeight: 2.3), [84.333336, 143.36665], relative: 1e-6))
    #expect(
      isClose(
        none(labels, predictions, sampleWeight: [1.2, 3.4]), [44.000004, 211.93333],
        relative: 1e-6))
    #expect(
      isClose(
        none(
          labels.reshaped(to: [2, 3, 1]), predictions.reshaped(to: [2, 3, 1]),
          sampleWeight: [[3, 6, 5], [0, 4, 2]]), [27, 6, 500, 0, 36, 18], relative: 1e-6))
  }

  @Test func huberOfKeras() {
    let labels: Tensor<Float> = [[1, 0, 1], [1, 0, 0]]
    let predictions: Tensor<Float> = [[0.9, 0.2, 0.2], [0.8, 0.4, 0.6]]
    #expect(
      isClose(
        Huber(reduction: .none)(labels, predictions), [0.11500001, 0.093333334], relative: 1e-6))
    #expect(
      isClose(
        Huber(delta: 0.8)(labels, predictions, sampleWeight: 2.3), [0.23958334], relative: 1e-6))
  }

  /// δ = ½, 1 and 2 at distances below, at and beyond each.
  @Test func huberByDistance() {
    let labels: Tensor<Double> = [[0], [0], [0], [0]]
    let predictions: Tensor<Double> = [[0.25], [1], [2], [-3]]
    for (delta, expected) in [
      (1.0, [0.03125, 0.5, 1.5, 2.5]), (2, [0.03125, 0.5, 2, 4]),
      (0.5, [0.03125, 0.375, 0.875, 1.375]),
    ] {
      let value = Huber(delta: delta, reduction: .none)(labels, predictions)
      #expect(value.scalars == expected)
    }
  }

  /// At an error of 0 the derivative of |e| is 0; at |e| = δ Huber's is δ from both sides.
  @Test func kinks() throws {
    let y: Tensor<Float> = [[1], [1], [1]]
    let absolute = MeanAbsoluteError(reduction: .sum)
    #expect(try absolute.valueWithGradient(y, [[1], [2], [0]]).gradient == [[0], [1], [-1]])
    let squared = MeanSquaredError(reduction: .sum)
    #expect(try squared.valueWithGradient(y, [[1], [2], [0]]).gradient == [[0], [2], [-2]])
    let huber = Huber(delta: 0.5, reduction: .sum)
    let predictions: Tensor<Float> = [[1], [1.5], [0.5]]
    #expect(try huber.valueWithGradient(y, predictions).gradient == [[0], [0.5], [-0.5]])
  }

  /// Below a size of ε, a label counts as ε; at an error of 0 the derivative is 0.
  @Test func percentageKinks() throws {
    let loss = MeanAbsolutePercentageError(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[0], [1e-8], [-2], [2], [2]] as Tensor<Double>, [[1], [1], [-1], [2], [1]])
    #expect(isClose(value, [1e9, 0.99999999e9, 50, 0, 50], relative: 1e-15))
    #expect(isClose(gradient, [1e9, 1e9, 50, 0, -50], relative: 1e-15))
  }

  /// Labels and predictions below ε count as ε, without a derivative.
  @Test func logarithmicKinks() throws {
    let loss = MeanSquaredLogarithmicError(reduction: .none)
    let (value, gradient) = try loss.valueWithGradient(
      [[0], [-5], [0], [1e-7]] as Tensor<Double>, [[-1], [0], [1e-7], [1]])
    let last = Double.log1p(1) - Double.log1p(1e-7)
    #expect(isClose(value, [0, 0, 0, last * last], relative: 1e-15))
    #expect(isClose(gradient, [0, 0, 0, last], relative: 1e-15))
  }

  /// Numbers whose reciprocals are no normal numbers.
  @Test func logarithmsOfHugeNumbers() {
    let pairs: [(y: Float, p: Float)] = [
      (0x1.66b7d6p+126, 0x1.f437d2p+126), (3e38, 1), (0x1p127, 0), (2, 0x1p126),
    ]
    for (y, p) in pairs {
      let loss = MeanSquaredLogarithmicError()(Tensor([y]), Tensor([p])).item
      let difference = Double.log1p(Double(max(p, 1e-7))) - Double.log1p(Double(y))
      let expected = difference * difference
      #expect((Double(loss) - expected).magnitude <= expected * 0x1p-23)
    }
  }

  /// Where Keras's formula has nothing left, or overflows.
  @Test func logCoshNearAndFar() throws {
    let loss = LogCosh(reduction: .none)
    let y: Tensor<Float> = [[0], [0], [0], [0], [0]]
    let (value, gradient) = try loss.valueWithGradient(y, [[1e-4], [-1e-10], [100], [-1e30], [20]])
    #expect(
      isClose(value, [5e-9, 5e-21, 99.30685281944005, 1e30, 19.306852819440055], relative: 1e-7))
    #expect(isClose(gradient, [1e-4, -1e-10, 1, -1, 1], relative: 1e-7))
    let wide = loss([[0], [0]] as Tensor<Double>, [[0.0009765625], [20.5]])
    #expect(isClose(wide, [4.7683708241191913e-07, 19.806852819440055], relative: 4e-16))
  }

  @Test func poissonOfKeras() throws {
    let labels: Tensor<Float> = [[4, 8, 12], [8, 1, 3]]
    let predictions: Tensor<Float> = [[1, 9, 2], [5, 2, 6]]
    let none = Poisson(reduction: .none)
    #expect(isClose(none(labels, predictions), [-4.6318545, -1.9813098], relative: 1e-6))
    #expect(isClose(Poisson()(labels, predictions), [-3.3065822], relative: 1e-6))
    let (value, gradient) = try none.valueWithGradient(
      [[0], [1], [1]] as Tensor<Double>, [[0], [0], [-1]])
    #expect(isClose(value, [0, 16.11809565095832, .nan], relative: 1e-15))
    #expect(isClose(gradient, [1, 1 - 1e7, 1 + 1 / 0.9999999], relative: 1e-14))
  }

  @Test func limits() throws {
    let y: Tensor<Float> = [[0], [0], [.infinity]]
    let p: Tensor<Float> = [[.infinity], [.nan], [.infinity]]
    for (loss, slope) in [
      (MeanSquaredError(reduction: .none) as any KerasLoss, Float.infinity),
      (MeanAbsoluteError(reduction: .none), 1), (Huber(delta: 2, reduction: .none), 2),
    ] {
      let (value, gradient) = try loss.valueWithGradient(y, p)
      #expect(value.scalars[0] == .infinity && gradient.scalars[0] == slope)
      for index in 1...2 {
        #expect(value.scalars[index].bitPattern == Float.nan.bitPattern)
        #expect(gradient.scalars[index].bitPattern == Float.nan.bitPattern)
      }
    }
  }

  /// Double is not rounded through Float.
  @Test func doubleThroughout() {
    #expect(MeanSquaredError()([[1e8]] as Tensor<Double>, [[100_000_001]]) == 1)
    #expect(MeanAbsoluteError()([[1e8]] as Tensor<Double>, [[100_000_001]]) == 1)
  }

  @Test func namesOfKeras() throws {
    for name in ["mse", "MSE", "mean_squared_error"] {
      #expect(try LossIdentifier(name).loss as? MeanSquaredError == .init(reduction: .none))
    }
    for name in ["mae", "MAE", "mean_absolute_error"] {
      #expect(try LossIdentifier(name).loss as? MeanAbsoluteError == .init(reduction: .none))
    }
    for name in ["mape", "MAPE", "mean_absolute_percentage_error"] {
      #expect(
        try LossIdentifier(name).loss as? MeanAbsolutePercentageError == .init(reduction: .none))
    }
    for name in ["msle", "MSLE", "mean_squared_logarithmic_error"] {
      #expect(
        try LossIdentifier(name).loss as? MeanSquaredLogarithmicError == .init(reduction: .none))
    }
    for name in ["kld", "KLD", "kl_divergence"] {
      #expect(try LossIdentifier(name).loss as? KLDivergence == .init(reduction: .none))
    }
    #expect(try LossIdentifier("log_cosh").loss as? LogCosh == .init(reduction: .none))
    #expect(try LossIdentifier("poisson").loss as? Poisson == .init(reduction: .none))
    #expect(try LossIdentifier("huber").loss as? Huber == Huber(reduction: .none))
    #expect(Huber().name == "huber_loss")
  }
}
