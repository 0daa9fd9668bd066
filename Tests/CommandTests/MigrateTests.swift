// keras-losses migrate: values, verdicts and their JSON.

import Foundation
import KerasLosses
import TFCompatV1
import Testing
import keras_losses

@Suite struct MigrateTests {
  private let folder: Folder
  private let call = [
    "migrate", "--function", "softmax_cross_entropy", "--labels", "y.npy", "--logits", "x.npy",
  ]

  init() throws {
    folder = try Folder()
    try folder.write(npy([2, 3], [0, 1, 0, 0, 0, 1]), "y.npy")
    try folder.write(npy([2, 3], [0.05, 0.95, 0, 0.1, 0.8, 0.1]), "x.npy")
    try folder.write(npy([2], [0.3, 0.7]), "w.npy")
    try folder.write(npy([2], [0, 0.7]), "zero.npy")
    try folder.write(npy([2], [0, 0]), "zeros.npy")
  }

  private func json(_ more: [String]) throws -> JSON {
    let outcome = try folder.run(call + more + ["--json"])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    return try parsed(outcome.output)
  }

  @Test func jsonHasTheFixedShape() throws {
    let json = try json(["--weights", "w.npy", "--label-smoothing", "0.2"])
    let reductions = ["mean", "none", "sum", "sum_by_nonzero_weights", "sum_over_batch_size"]
    #expect(json.keys == ["function", "tf2", "v1", "verdicts"])
    #expect(json["function"] == .string("softmax_cross_entropy"))
    #expect(json["v1"]?.keys == reductions)
    #expect(
      json["tf2"]?.keys
        == ["call", "mean", "mean_with_sample_weight", "none", "sum", "sum_over_batch_size"])
    #expect(json["verdicts"]?.keys == reductions)
    for reduction in reductions {
      #expect(json["verdicts"]?[reduction]?.keys == ["because", "factor", "same"])
      #expect(json["verdicts"]?[reduction]?["same"] == .bool(true))
    }
  }

  @Test func valuesAreThoseOfTheLibrary() throws {
    let json = try json(["--weights", "zero.npy", "--label-smoothing=0.2"])
    let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
    let logits: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
    for reduction in Losses.Reduction.allCases {
      let expected = try Losses.softmaxCrossEntropy(
        onehotLabels: labels, logits: logits, weights: [0, 0.7], labelSmoothing: 0.2,
        reduction: reduction)
      let key = reduction.rawValue.replacingOccurrences(of: "weighted_", with: "")
      #expect(json["v1"]?[key]?.numbers(Float.self) == expected.scalars, "\(reduction)")
    }
    for reduction in KerasLosses.Reduction.allCases {
      let loss = CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: 0.2, reduction: reduction)
      let expected = loss(labels, logits, sampleWeight: [0, 0.7])
      #expect(json["tf2"]?[reduction.rawValue]?.numbers(Float.self) == expected.scalars)
    }
    #expect(json["v1"]?["sum_by_nonzero_weights"]?.number(Float.self) == 0.94014198)
    #expect(json["tf2"]?["sum_over_batch_size"]?.number(Float.self) == 0.47007099)
  }

  @Test func verdictsSayWhatZeroWeightsDo() throws {
    let one = try json(["--weights", "zero.npy"])["verdicts"]?["sum_by_nonzero_weights"]
    #expect(one?["same"] == .bool(false))
    #expect(one?["factor"]?.number(Double.self) == 2)
    #expect(
      one?["because"] == .string("1 of 2 weights is 0: v1 divides by 1, Keras by 2"))
    let all = try json(["--weights", "zeros.npy"])["verdicts"]?["sum_by_nonzero_weights"]
    #expect(all?["same"] == .bool(false))
    #expect(all?["factor"] == .null)
    let none = try json([])["verdicts"]?["sum_by_nonzero_weights"]
    #expect(none?["same"] == .bool(true))
  }

  @Test func reportHasValuesVerdictsAndCode() throws {
    let outcome = try folder.run(call + ["--weights", "zero.npy", "--label-smoothing", "0.2"])
    #expect(outcome.status == 0)
    for text in [
      "tf.compat.v1.losses.softmax_cross_entropy\n",
      "  labels           y.npy     <f4  [2, 3]\n",
      "  weights          zero.npy  <f4  [2]\n",
      "  label_smoothing  0.2\n",
      "SUM_BY_NONZERO_WEIGHTS (default)  0.94014198",
      "  MEAN: same: ",
      "differs, by the factor 2.0000000: 1 of 2 weights is 0: v1 divides by 1, Keras by 2.\n",
      "    To keep the number, in Swift:\n", "    To keep the number, in Python:\n",
      "  Write instead, for 0.47007099:\n", "    Swift:   CategoricalCrossentropy(fromLogits: true",
      "    Python:  tf.keras.losses.CategoricalCrossentropy(from_logits=True",
    ] {
      #expect(outcome.output.contains(text), "\(text)")
    }
  }

  @Test func predictionsIsAnAliasOfLogits() throws {
    let alias = call.map { $0 == "--logits" ? "--predictions" : $0 }
    #expect(try folder.run(alias).output == folder.run(call).output)
  }

  @Test func weightsFollowTheRuleOfTensorFlow1() throws {
    try folder.write(npy([], [2]), "scalar.npy")
    try folder.write(npy([1], [2]), "one.npy")
    try folder.write(npy([2, 1], [1, 2]), "column.npy")
    #expect(
      try json(["--weights", "scalar.npy"])["v1"]?["sum"]
        == json(["--weights", "one.npy"])["v1"]?["sum"])
    let outcome = try folder.run(call + ["--weights", "column.npy"])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors
        == "keras-losses: column.npy: --weights: must be a scalar, or have the rank of "
        + "the losses with each size 1 or equal; got --weights [2, 1] for losses [2].\n")
  }
}
