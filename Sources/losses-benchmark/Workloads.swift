// The workloads, one line each.

import KerasLosses

extension Workload {
  static let all =
    [[128, 10], [256, 1000], [128, 21841], [512, 50257], [8192, 1000], [128, 128_256]]
    .flatMap { shape in
      [Workload(dense, shape, .distributions), Workload(sparse, shape, .ids(axis: -1))]
    } + [
      Workload(dense, [128, 10], .distributions, weighted: true),
      Workload(sparse, [2, 512, 1024, 19], .ids(axis: -1)),
      Workload(
        SparseCategoricalCrossentropy(fromLogits: true, axis: 1), [32, 81, 8732], .ids(axis: 1)),
      Workload(MeanSquaredError(), [10_000_000, 1], .numbers, weighted: true),
      Workload(CosineSimilarity(), [8192, 768], .numbers),
      Workload(CategoricalHinge(), [8192, 1000], .distributions),
      Workload(
        CategoricalFocalCrossentropy(fromLogits: true), [8192, 1000], .distributions),
      Workload(
        CategoricalGeneralizedCrossEntropy(), [8192, 1000], .ids(axis: -1),
        predictions: .probabilities),
      Workload(Dice(axis: [1, 2, 3]), [8, 512, 512, 1], .probabilities),
      Workload(Dice(axis: [0, 1, 2]), [2, 512, 1024, 19], .probabilities),
      Workload(Circle(), [1024, 128], .identities(count: 100), predictions: .directions),
      Workload(CTC(), [32, 1000, 100], .sequences(length: 30)),
      Workload(CTC(), [32, 1000, 100], .sequences(length: 100)),
    ]
    + elementwise.flatMap { loss, labels, predictions in
      [[65_536], [10_000_000]].map { Workload(loss, $0, labels, predictions: predictions) }
    }

  /// Losses of one label and one prediction at a time.
  private static let elementwise:
    [(loss: any KerasLoss, labels: Labels, predictions: Predictions)] = [
      (BinaryCrossentropy(fromLogits: true), .probabilities, .numbers),
      (BinaryCrossentropy(), .bits, .probabilities),
      (MeanSquaredError(), .numbers, .numbers),
      (MeanAbsoluteError(), .numbers, .numbers),
      (MeanAbsolutePercentageError(), .numbers, .numbers),
      (MeanSquaredLogarithmicError(), .probabilities, .probabilities),
      (Huber(), .numbers, .numbers),
      (LogCosh(), .numbers, .numbers),
      (Hinge(), .bits, .numbers),
      (SquaredHinge(), .bits, .numbers),
      (KLDivergence(), .probabilities, .probabilities),
      (Poisson(), .probabilities, .probabilities),
      (BinaryFocalCrossentropy(fromLogits: true), .bits, .numbers),
      (BinaryFocalCrossentropy(), .bits, .probabilities),
    ]

  private static let dense = CategoricalCrossentropy(fromLogits: true)
  private static let sparse = SparseCategoricalCrossentropy(fromLogits: true)
}
