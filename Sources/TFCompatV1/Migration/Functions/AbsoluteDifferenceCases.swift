import KerasLosses

// absolute_difference: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let absoluteDifferenceCases: [CaseRow] = [
    .row(
      "5.2/mae-unweighted", "no weights",
      of: .losses,
      recorded: ("[1, 0, 3, 4]", "[0.5, 3.5]", "[0.5, 3.5]"),
      shim: "[1, 0, 3, 4]", keras: "[0.5, 3.5]",
      .differs, "One loss per element against one per sample, the mean over the last axis.",
      recipe: "elements"),
    .row(
      "5.2/mae-unweighted", "no weights",
      of: .sum,
      recorded: ("8", "4", "4"),
      shim: "8", keras: "4",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/mae-unweighted", "no weights",
      of: .batchSize,
      recorded: ("2", "2", "2"),
      shim: "2", keras: "2",
      .same, "A mean of means."),
    .row(
      "5.2/mae-zero-sample", "weights `[[0], [2]]`",
      of: .sum,
      recorded: ("14", "7", "7"),
      shim: "14", keras: "7",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/mae-zero-sample", "weights `[[0], [2]]`",
      of: .batchSize,
      recorded: ("3.5", "3.5", "3.5"),
      shim: "3.5", keras: "3.5",
      .same, Note.weightPerSample),
    .row(
      "5.2/mae-zero-sample", "weights `[[0], [2]]`",
      recorded: ("7", "3.5", "3.5"),
      shim: "7", keras: "3.5",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/mae-zero-sample", "weights `[[0], [2]]`",
      of: .weightedMean,
      recorded: ("3.5", "–", "3.5"),
      shim: "3.5", keras: "3.5",
      .same, Note.sumOfWeights),
    .row(
      "5.2/mae-per-element", "weights `[[1, 0], [0, 2]]`",
      recorded: ("4.5", "InvalidArgumentError", "1.875"),
      shim: "4.5", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elementsNonzero"),
    .row(
      "5.2/mae-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .batchSize,
      recorded: ("2.25", "InvalidArgumentError", "1.875"),
      shim: "2.25", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/mae-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .weightedMean,
      recorded: ("3", "–", "2.5"),
      shim: "3", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/mae-row", "weights `[[1, 0]]`",
      recorded: ("2", "InvalidArgumentError", "0.25"),
      shim: "2", keras: "LossError",
      .differs, "One weight per column: the same as one per element.", recipe: "elementsNonzero"),
    .row(
      "5.2/mae-row", "weights `[[1, 0]]`",
      of: .batchSize,
      recorded: ("1", "InvalidArgumentError", "0.25"),
      shim: "1", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mae-row", "weights `[[1, 0]]`",
      of: .weightedMean,
      recorded: ("2", "–", "0.5"),
      shim: "2", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mae-vector", "weights `[0, 2]`, one per sample",
      recorded: ("ValueError", "3.5", "3.5"),
      shim: "LossError", keras: "3.5",
      .differs, Note.rankOfWeights),
    .row(
      "5.2/mae-scalar", "weights 2",
      recorded: ("4", "4", "4"),
      shim: "4", keras: "4",
      .same, "A scalar weight scales the loss."),
    .row(
      "5.2/mae-scalar", "weights 2",
      of: .weightedMean,
      recorded: ("2", "–", "4"),
      shim: "2", keras: "2",
      .same,
      Note.sumAsGiven),
  ]
}
