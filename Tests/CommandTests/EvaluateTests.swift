// keras-losses evaluate: which loss, which reduction, what is printed and written.

import Foundation
import KerasLosses
import Testing
import keras_losses

@Suite struct EvaluateTests {
  private let folder: Folder
  private let files = ["--y-true", "y.npy", "--y-pred", "x.npy"]
  private let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
  private let logits: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]

  init() throws {
    folder = try Folder()
    try folder.write(npy(labels, Storage()), "y.npy")
    try folder.write(npy(logits, Storage()), "x.npy")
    try folder.write(npy([2], [0.3, 0.7]), "w.npy")
    try folder.write(npy([2], [1, 0], Storage(type: "b1")), "m.npy")
  }

  private func json(_ arguments: [String]) throws -> JSON {
    let outcome = try folder.run(["evaluate"] + arguments + files + ["--json"])
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    return try parsed(outcome.output)
  }

  @Test func classGivesTheDefaults() throws {
    let json = try json(["--loss", "CategoricalCrossentropy"])
    #expect(json.keys == ["loss", "reduction", "shape", "value"])
    #expect(json["loss"] == .string("CategoricalCrossentropy"))
    #expect(json["reduction"] == .string("sum_over_batch_size"))
    #expect(json["shape"] == .array([]))
    #expect(
      json["value"]?.number(Float.self) == CategoricalCrossentropy()(labels, logits).item)
  }

  @Test func functionGivesOneLossPerSample() throws {
    let json = try json(["--loss", "categorical_crossentropy"])
    #expect(json["reduction"] == .string("none"))
    #expect(json["shape"] == .array([.number("2")]))
    let expected = CategoricalCrossentropy(reduction: .none)(labels, logits)
    #expect(json["value"]?.numbers(Float.self) == expected.scalars)
  }

  @Test func configurationIsMergedAndReductionOverrides() throws {
    let config = #"{"from_logits": true, "label_smoothing": 0.2, "reduction": "sum"}"#
    let merged = try json(["--loss", "categorical_crossentropy", "--config", config])
    #expect(merged["reduction"] == .string("sum"))
    let overridden = try json([
      "--loss", "CategoricalCrossentropy", "--config", config, "--reduction",
      "mean_with_sample_weight", "--sample-weight", "w.npy",
    ])
    #expect(overridden["reduction"] == .string("mean_with_sample_weight"))
    #expect(overridden["value"]?.number(Float.self) == 1.1523610)
    let auto = try json(["--loss", "CategoricalCrossentropy", "--reduction", "auto"])
    #expect(auto["reduction"] == .string("sum_over_batch_size"))
  }

  @Test func configurationIsReadFromAFile() throws {
    let serialized = """
      {"module": "keras.losses", "class_name": "CategoricalCrossentropy", "registered_name": null,
       "config": {"name": "mine", "reduction": null, "from_logits": true, "label_smoothing": 0.2,
       "axis": -1, "dtype": "float32"}}
      """
    try folder.write(Data(serialized.utf8), "loss.json")
    let read = try json(["--loss", "loss.json"])
    let loss = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2, reduction: .none)
    #expect(read["value"]?.numbers(Float.self) == loss(labels, logits).scalars)
    let changed = try json(["--loss", "loss.json", "--config", #"{"reduction": "sum"}"#])
    #expect(changed["shape"] == .array([]))
  }

  @Test func weightsAndMaskTakePart() throws {
    let json = try json([
      "--loss", "CategoricalCrossentropy", "--sample-weight", "w.npy", "--mask", "m.npy",
    ])
    let expected = CategoricalCrossentropy()(
      labels, logits, sampleWeight: [0.3, 0.7], mask: [true, false])
    #expect(json["value"]?.number(Float.self) == expected.item)
  }

  @Test func reportNamesWhatItIsMadeOf() throws {
    let outcome = try folder.run(
      [
        "evaluate", "--loss", "CategoricalCrossentropy", "--sample-weight", "w.npy", "--config",
        #"{"from_logits": true, "label_smoothing": 0.2}"#,
      ] + files)
    #expect(
      outcome.output == """
        CategoricalCrossentropy

          y_true         y.npy  <f4  [2, 3]
          y_pred         x.npy  <f4  [2, 3]
          sample_weight  w.npy  <f4  [2]

          axis             -1
          from_logits      true
          label_smoothing  0.2
          reduction        "sum_over_batch_size"

        sum_over_batch_size: 0.57618052

        """)
    #expect(outcome.errors == "")
  }

  @Test func numbersThatAreNotFiniteAreStrings() throws {
    try folder.write(npy([3, 2], [1, 0, 1, 0, 1, 0]), "y3.npy")
    try folder.write(npy([3, 2], [.nan, 0, -.infinity, 0, 0, -.infinity]), "x3.npy")
    let outcome = try folder.run([
      "evaluate", "--loss", "categorical_crossentropy", "--config", #"{"from_logits": true}"#,
      "--y-true", "y3.npy", "--y-pred", "x3.npy", "--json",
    ])
    #expect(outcome.output.hasSuffix("\"value\": [\"nan\", \"inf\", 0.0]}\n"))
    let report = try folder.run([
      "evaluate", "--loss", "categorical_crossentropy", "--config", #"{"from_logits": true}"#,
      "--y-true", "y3.npy", "--y-pred", "x3.npy",
    ])
    #expect(report.output.hasSuffix("none: [nan, inf, 0.0000000]  (shape [3])\n"))
  }

  @Test func emptyBatchIsZero() throws {
    try folder.write(npy([0, 3], []), "empty.npy")
    let outcome = try folder.run([
      "evaluate", "--loss", "CategoricalCrossentropy", "--y-true", "empty.npy", "--y-pred",
      "empty.npy", "--gradient", "g.npy", "--json",
    ])
    #expect(try parsed(outcome.output)["value"]?.number(Float.self) == 0)
    let (header, numbers) = try readNpy(try folder.read("g.npy"), type: "f4")
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3), }"))
    #expect(numbers.isEmpty)
  }
}
