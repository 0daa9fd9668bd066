import KerasLosses

// huber_loss: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let huberLossCases: [CaseRow] = [
    .row(
      "5.2/huber-unweighted", "no weights",
      of: .losses,
      recorded: ("[0.5, 0, 2.5, 3.5]", "[0.25, 3]", "[0.25, 3]"),
      shim: "[0.5, 0, 2.5, 3.5]", keras: "[0.25, 3]",
      .differs, "One loss per element against one per sample, the mean over the last axis.",
      recipe: "elements"),
    .row(
      "5.2/huber-unweighted", "no weights",
      of: .sum,
      recorded: ("6.5", "3.25", "3.25"),
      shim: "6.5", keras: "3.25",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/huber-unweighted", "no weights",
      of: .batchSize,
      recorded: ("1.625", "1.625", "1.625"),
      shim: "1.625", keras: "1.625",
      .same, "A mean of means."),
    .row(
      "5.2/huber-zero-sample", "weights `[[0], [2]]`",
      of: .sum,
      recorded: ("12", "6", "6"),
      shim: "12", keras: "6",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/huber-zero-sample", "weights `[[0], [2]]`",
      of: .batchSize,
      recorded: ("3", "3", "3"),
      shim: "3", keras: "3",
      .same, Note.weightPerSample),
    .row(
      "5.2/huber-zero-sample", "weights `[[0], [2]]`",
      recorded: ("6", "3", "3"),
      shim: "6", keras: "3",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/huber-zero-sample", "weights `[[0], [2]]`",
      of: .weightedMean,
      recorded: ("3", "–", "3"),
      shim: "3", keras: "3",
      .same, Note.sumOfWeights),
    .row(
      "5.2/huber-per-element", "weights `[[1, 0], [0, 2]]`",
      recorded: ("3.75", "InvalidArgumentError", "1.5625"),
      shim: "3.75", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elementsNonzero"),
    .row(
      "5.2/huber-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .batchSize,
      recorded: ("1.875", "InvalidArgumentError", "1.5625"),
      shim: "1.875", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/huber-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .weightedMean,
      recorded: ("2.5", "–", "2.0833333"),
      shim: "2.5", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/huber-row", "weights `[[1, 0]]`",
      recorded: ("1.5", "InvalidArgumentError", "0.125"),
      shim: "1.5", keras: "LossError",
      .differs, "One weight per column: the same as one per element.", recipe: "elementsNonzero"),
    .row(
      "5.2/huber-row", "weights `[[1, 0]]`",
      of: .batchSize,
      recorded: ("0.75", "InvalidArgumentError", "0.125"),
      shim: "0.75", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/huber-row", "weights `[[1, 0]]`",
      of: .weightedMean,
      recorded: ("1.5", "–", "0.25"),
      shim: "1.5", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/huber-vector", "weights `[0, 2]`, one per sample",
      recorded: ("ValueError", "3", "3"),
      shim: "LossError", keras: "3",
      .differs, Note.rankOfWeights),
    .row(
      "5.2/huber-scalar", "weights 2",
      recorded: ("3.25", "3.25", "3.25"),
      shim: "3.25", keras: "3.25",
      .same, "A scalar weight scales the loss."),
    .row(
      "5.2/huber-scalar", "weights 2",
      of: .weightedMean,
      recorded: ("1.625", "–", "3.25"),
      shim: "1.625", keras: "1.625",
      .same,
      Note.sumAsGiven),
    .row(
      "5.2/huber-delta-2", "delta 2",
      of: .sum,
      recorded: ("10.5", "5.25", "5.25"),
      shim: "10.5", keras: "5.25",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/huber-delta-2", "delta 2",
      of: .batchSize,
      recorded: ("2.625", "2.625", "2.625"),
      shim: "2.625", keras: "2.625",
      .same, "δ has one meaning on both sides: neither divides by it."),
    .row(
      "1.1.1/delta-0", "delta 0",
      recorded: ("0", "0", "0"),
      shim: "0", keras: "LossError",
      .differs,
      "`Huber` refuses a δ that is not above 0: the loss is 0 whatever the predictions are."),
    .row(
      "1.1.1/delta-minus-1", "delta -1",
      recorded: ("-2.0625", "-2.0625", "-2.0625"),
      shim: "-2.0625", keras: "LossError",
      .differs, "A negative loss. `Huber` refuses it."),
  ]
}
