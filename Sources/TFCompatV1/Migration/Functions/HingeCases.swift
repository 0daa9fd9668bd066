import KerasLosses

// hinge_loss: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let hingeLossCases: [CaseRow] = [
    .row(
      "5.2/hinge-binary", "labels `[[0, 1], [1, 0]]`",
      of: .losses,
      recorded: ("[1.5, 0.5, 3, 0]", "[1, 1.5]", "[1, 1.5]"),
      shim: "[1.5, 0.5, 3, 0]", keras: "[1, 1.5]",
      .differs, "Labels of 0 and 1: both sides convert them to -1 and 1.", recipe: "elements"),
    .row(
      "5.2/hinge-binary", "labels `[[0, 1], [1, 0]]`",
      of: .sum,
      recorded: ("5", "2.5", "2.5"),
      shim: "5", keras: "2.5",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/hinge-binary", "labels `[[0, 1], [1, 0]]`",
      of: .batchSize,
      recorded: ("1.25", "1.25", "1.25"),
      shim: "1.25", keras: "1.25",
      .same, "A mean of means."),
    .row(
      "5.2/hinge-signed", "labels `[[-1, 1], [1, -1]]`",
      of: .losses,
      recorded: ("[2.5, 0.5, 3, 0]", "[1, 1.5]", "[1, 1.5]"),
      shim: "[2.5, 0.5, 3, 0]", keras: "[1, 1.5]",
      .differs,
      "TensorFlow 1 converts whatever it is given: -1 becomes -3. Keras takes these labels "
        + "as they are.", recipe: "signed"),
    .row(
      "5.2/hinge-signed", "labels `[[-1, 1], [1, -1]]`",
      of: .batchSize,
      recorded: ("1.5", "1.25", "1.25"),
      shim: "1.5", keras: "1.25",
      .differs, "**Silently another number**: most likely TensorFlow 1's was the wrong one.",
      recipe: "signed"),
    .row(
      "5.2/hinge-soft", "labels `[[.5, 1], [1, 0]]`",
      of: .losses,
      recorded: ("[1, 0.5, 3, 0]", "[0.625, 2]", "[0.625, 2]"),
      shim: "[1, 0.5, 3, 0]", keras: "[0.625, 2]",
      .differs, "One label that is neither 0 nor 1, and Keras converts none of the batch.",
      recipe: "signed"),
    .row(
      "5.2/hinge-soft", "labels `[[.5, 1], [1, 0]]`",
      of: .batchSize,
      recorded: ("1.125", "1.3125", "1.3125"),
      shim: "1.125", keras: "1.3125",
      .differs, "", recipe: "signed"),
    .row(
      "5.2/hinge-zero-sample", "labels `[[0, 1], [1, 0]]`, weights `[[0], [2]]`",
      recorded: ("3", "1.5", "1.5"),
      shim: "3", keras: "1.5",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/hinge-per-element", "labels `[[0, 1], [1, 0]]`, weights `[[1, 0], [2, 1]]`",
      recorded: ("2.5", "InvalidArgumentError", "1.125"),
      shim: "2.5", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elementsNonzero"),
  ]
}
