// keras-losses migrate on every function: the numbers of TensorFlow, the verdicts, the JSON.

import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing
import keras_losses

@Suite struct MigrateFunctionsTests {
  private static let keys = [
    "none", "sum", "sum_over_batch_size", "mean", "sum_by_nonzero_weights",
  ]

  /// Recorded cases that the command can be given: those in which TensorFlow 1 returns a number.
  private static let cases: [SemanticsCase] = {
    let decided: Set<String> = [
      // 0 · ln 0 is 0 here, ln(1 + ε) has all its digits, infinite logits have a loss.
      "5.2/log-extreme-1-1", "5.2/log-extreme-0-0", "5.2/sigmoid-infinite",
      // A negative smoothing is an error.
      "5.2/sigmoid-negative-smoothing",
    ]
    return Fixtures.semantics.filter {
      ["5.2", "1.1.6", "8.1"].contains($0.section) && !decided.contains($0.id)
        && $0.v1?.values.contains { $0.tensor != nil } == true && $0.ignoreClass == nil
    }
  }()

  private func write(_ tensor: RecordedTensor, _ name: String, _ folder: Folder) throws {
    let isInteger = tensor.dtype == "int32"
    try folder.write(
      npy(tensor.shape, tensor.values, Storage(type: isInteger ? "i4" : "f4")), name)
  }

  private func arguments(_ recorded: SemanticsCase, _ folder: Folder) throws -> [String] {
    try write(try #require(recorded.labels), "y.npy", folder)
    try write(try #require(recorded.logits), "p.npy", folder)
    var arguments = [
      "migrate", "--function", recorded.function, "--labels", "y.npy", "--predictions", "p.npy",
    ]
    if let weights = recorded.weights {
      try write(weights, "w.npy", folder)
      arguments += ["--weights", "w.npy"]
    }
    switch recorded.function {
    case "huber_loss": arguments += ["--delta", "\(recorded.delta ?? 1)"]
    case "log_loss": arguments += ["--epsilon", "\(recorded.epsilon ?? 1e-7)"]
    case "cosine_distance": arguments += ["--axis", "\(recorded.axis ?? -1)"]
    case "sigmoid_cross_entropy", "softmax_cross_entropy":
      arguments += ["--label-smoothing", "\(recorded.labelSmoothing ?? 0)"]
    default: break
    }
    return arguments
  }

  @Test func thereAreCasesOfEveryFunction() {
    #expect(Set(Self.cases.map(\.function)) == Set(MigrationDocument.guides.map(\.function)))
  }

  @Test(arguments: cases)
  func numbersAreTensorFlows(_ recorded: SemanticsCase) throws {
    let folder = try Folder()
    let arguments = try arguments(recorded, folder)
    let outcome = try folder.run(arguments + ["--json"])
    #expect(outcome.status == 0 && outcome.errors == "")
    let json = try parsed(outcome.output)
    #expect(json.keys == ["function", "tf2", "v1", "verdicts"])
    #expect(json["v1"]?.keys == Self.keys.sorted())
    #expect(
      json["tf2"]?.keys
        == ["call", "mean", "mean_with_sample_weight", "none", "sum", "sum_over_batch_size"])
    #expect(json["verdicts"]?.keys == Self.keys.sorted())
    // A confident row, whose digits TensorFlow loses.
    let relative = recorded.id == "8.1/right" ? 5e-4 : 1e-6
    for key in Self.keys {
      let numbers = json["v1"]?[key]?.numbers(Float.self)
      guard let expected = recorded.v1?[key]?.tensor?.values else {
        #expect(json["v1"]?[key] == .null)
        continue
      }
      let found = try #require(numbers)
      #expect(found.count == expected.count)
      for (value, expected) in zip(found, expected) {
        #expect(isClose(Double(value), expected, relative: relative, scale: 0.2), "\(key)")
      }
    }
    let report = try folder.run(arguments)
    #expect(report.status == 0 && report.errors == "")
    #expect(report.output.hasPrefix("tf.compat.v1.losses.\(recorded.function)\n\n  labels"))
    #expect(!report.output.contains(" \n"))
  }

  private func json(
    _ id: String, _ more: [String] = []
  ) throws -> JSON {
    let folder = try Folder()
    let outcome = try folder.run(try arguments(Fixtures.semantics(id), folder) + more + ["--json"])
    #expect(outcome.errors == "")
    return try parsed(outcome.output)
  }

  @Test func sumsDifferByTheSizeOfTheLastAxis() throws {
    let json = try json("5.2/mse-zero-sample")
    #expect(json["v1"]?["sum"]?.number(Float.self) == 50)
    #expect(json["tf2"]?["sum"]?.number(Float.self) == 25)
    #expect(json["tf2"]?["none"]?.numbers(Float.self) == [0, 25])
    #expect(
      json["tf2"]?["call"]
        == .string("tf.keras.losses.MeanSquaredError()(labels, predictions, sample_weight=weights)")
    )
    let verdicts = try #require(json["verdicts"])
    #expect(verdicts["sum"]?["same"] == .bool(false))
    #expect(verdicts["sum"]?["factor"]?.number(Double.self) == 2)
    #expect(verdicts["sum_over_batch_size"]?["same"] == .bool(true))
    #expect(verdicts["sum_by_nonzero_weights"]?["factor"]?.number(Double.self) == 2)
    #expect(
      verdicts["sum_by_nonzero_weights"]?["because"]
        == .string("2 of 4 weights are 0: v1 divides by 2, Keras by 4"))
  }

  @Test func weightsPerElementHaveNoCounterpart() throws {
    let json = try json("5.2/huber-per-element")
    for key in ["none", "sum", "sum_over_batch_size", "mean", "mean_with_sample_weight"] {
      #expect(json["tf2"]?[key] == .null)
    }
    #expect(json["tf2"]?["call"] != .null)
    for key in Self.keys {
      #expect(json["verdicts"]?[key]?["same"] == .bool(false))
      #expect(json["verdicts"]?[key]?["factor"] == .null)
    }
  }

  @Test func labelsOfTheHinge() throws {
    let binary = try json("5.2/hinge-binary")
    #expect(binary["verdicts"]?["sum_by_nonzero_weights"]?["same"] == .bool(true))
    let signed = try json("5.2/hinge-signed")
    #expect(signed["v1"]?["sum_by_nonzero_weights"]?.number(Float.self) == 1.5)
    #expect(signed["tf2"]?["sum_over_batch_size"]?.number(Float.self) == 1.25)
    for key in Self.keys { #expect(signed["verdicts"]?[key]?["same"] == .bool(false)) }
  }

  @Test func otherFormulas() throws {
    for id in ["5.2/log-unweighted", "5.2/cosine-unit"] {
      let json = try json(id)
      for key in Self.keys {
        #expect(json["verdicts"]?[key]?["same"] == .bool(false))
        #expect(json["verdicts"]?[key]?["factor"] == .null)
      }
    }
  }

  /// It has no reductions: a sum, and nothing on the other side.
  @Test func pairwise() throws {
    let json = try json("1.1.6/scalar-1")
    #expect(json["v1"]?["sum"]?.number(Float.self) == 208)
    for key in Self.keys where key != "sum" { #expect(json["v1"]?[key] == .null) }
    guard case .object(let members) = json["tf2"] else {
      Issue.record("no tf2")
      return
    }
    #expect(members.allSatisfy { $0.value == .null })
    for key in Self.keys { #expect(json["verdicts"]?[key]?["same"] == .bool(false)) }
  }

  @Test func badFilesAreNamed() throws {
    let folder = try Folder()
    try folder.write(npy([2], [1, 5], Storage(type: "i8")), "ids.npy")
    try folder.write(npy([2, 3], [1, 2, 3, 4, 5, 6]), "x.npy")
    let ids = try folder.run([
      "migrate", "--function", "sparse_softmax_cross_entropy", "--labels", "ids.npy", "--logits",
      "x.npy",
    ])
    #expect(ids.status == 1)
    #expect(
      ids.errors
        == "keras-losses: ids.npy: --labels: class ids must be integers in 0..<3; got 5 for sample 1 "
        + "of --labels [2] and --logits [2, 3].\n")
    let shapes = try folder.run([
      "migrate", "--function", "mean_squared_error", "--labels", "ids.npy", "--predictions",
      "x.npy",
    ])
    #expect(shapes.status == 1)
    #expect(
      shapes.errors
        == "keras-losses: ids.npy: --labels: must have the shape of --predictions; got --labels [2] "
        + "and --predictions [2, 3].\n")
    let pairwise = try folder.run([
      "migrate", "--function", "mean_pairwise_squared_error", "--labels", "x.npy", "--predictions",
      "x.npy", "--weights", "ids.npy",
    ])
    #expect(pairwise.status == 1)
    #expect(pairwise.errors.hasPrefix("keras-losses: ids.npy: --weights: must be a scalar, or"))
    let axis = try folder.run([
      "migrate", "--function", "cosine_distance", "--axis", "2", "--labels", "x.npy",
      "--predictions", "x.npy",
    ])
    #expect(axis.status == 1)
    #expect(axis.errors.contains("must lie in -2..<2"))
  }
}
