import KerasLosses

// mean_squared_error: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let meanSquaredErrorCases: [CaseRow] = [
    .row(
      "5.2/mse-unweighted", "no weights",
      of: .losses,
      recorded: ("[1, 0, 9, 16]", "[0.5, 12.5]", "[0.5, 12.5]"),
      shim: "[1, 0, 9, 16]", keras: "[0.5, 12.5]",
      .differs, "One loss per element against one per sample, the mean over the last axis.",
      recipe: "elements"),
    .row(
      "5.2/mse-unweighted", "no weights",
      of: .sum,
      recorded: ("26", "13", "13"),
      shim: "26", keras: "13",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/mse-unweighted", "no weights",
      of: .batchSize,
      recorded: ("6.5", "6.5", "6.5"),
      shim: "6.5", keras: "6.5",
      .same, "A mean of means."),
    .row(
      "5.2/mse-zero-sample", "weights `[[0], [2]]`",
      of: .sum,
      recorded: ("50", "25", "25"),
      shim: "50", keras: "25",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/mse-zero-sample", "weights `[[0], [2]]`",
      of: .batchSize,
      recorded: ("12.5", "12.5", "12.5"),
      shim: "12.5", keras: "12.5",
      .same, Note.weightPerSample),
    .row(
      "5.2/mse-zero-sample", "weights `[[0], [2]]`",
      recorded: ("25", "12.5", "12.5"),
      shim: "25", keras: "12.5",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/mse-zero-sample", "weights `[[0], [2]]`",
      of: .weightedMean,
      recorded: ("12.5", "–", "12.5"),
      shim: "12.5", keras: "12.5",
      .same, Note.sumOfWeights),
    .row(
      "5.2/mse-per-element", "weights `[[1, 0], [0, 2]]`",
      recorded: ("16.5", "InvalidArgumentError", "6.375"),
      shim: "16.5", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elementsNonzero"),
    .row(
      "5.2/mse-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .batchSize,
      recorded: ("8.25", "InvalidArgumentError", "6.375"),
      shim: "8.25", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/mse-per-element", "weights `[[1, 0], [0, 2]]`",
      of: .weightedMean,
      recorded: ("11", "–", "8.5"),
      shim: "11", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/mse-row", "weights `[[1, 0]]`",
      recorded: ("5", "InvalidArgumentError", "0.25"),
      shim: "5", keras: "LossError",
      .differs, "One weight per column: the same as one per element.", recipe: "elementsNonzero"),
    .row(
      "5.2/mse-row", "weights `[[1, 0]]`",
      of: .batchSize,
      recorded: ("2.5", "InvalidArgumentError", "0.25"),
      shim: "2.5", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mse-row", "weights `[[1, 0]]`",
      of: .weightedMean,
      recorded: ("5", "–", "0.5"),
      shim: "5", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mse-vector", "weights `[0, 2]`, one per sample",
      recorded: ("ValueError", "12.5", "12.5"),
      shim: "LossError", keras: "12.5",
      .differs, Note.rankOfWeights),
    .row(
      "5.2/mse-scalar", "weights 2",
      recorded: ("13", "13", "13"),
      shim: "13", keras: "13",
      .same, "A scalar weight scales the loss."),
    .row(
      "5.2/mse-scalar", "weights 2",
      of: .weightedMean,
      recorded: ("6.5", "–", "13"),
      shim: "6.5", keras: "6.5",
      .same,
      Note.sumAsGiven),
    .row(
      "5.2/mse-rank-1", "labels `[1, 2, 3]`, predictions `[1, 3, 5]`",
      of: .sum,
      recorded: ("5", "1.6666666", "1.6666666"),
      shim: "5", keras: "1.6666666",
      .differs, "Rank 1 is one sample with three outputs in Keras: every reduction is the mean.",
      recipe: "elements"),
    .row(
      "5.2/mse-rank-1", "labels `[1, 2, 3]`, predictions `[1, 3, 5]`",
      of: .batchSize,
      recorded: ("1.6666666", "1.6666666", "1.6666666"),
      shim: "1.6666666", keras: "1.6666666",
      .same, ""),
    .row(
      "5.2/mse-rank-1-weights", "rank 1, weights `[0, 1, .25]`",
      recorded: ("1", "InvalidArgumentError", "0.69444442"),
      shim: "1", keras: "LossError",
      .differs, "Keras 3 broadcasts the weights over the one loss. Reshape everything to `[N, 1]`.",
      recipe: "elementsNonzero"),
    .row(
      "5.2/mse-rank-1-weights", "rank 1, weights `[0, 1, .25]`",
      of: .batchSize,
      recorded: ("0.66666669", "InvalidArgumentError", "0.69444442"),
      shim: "0.66666669", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mse-rank-1-weights", "rank 1, weights `[0, 1, .25]`",
      of: .sum,
      recorded: ("2", "InvalidArgumentError", "2.0833333"),
      shim: "2", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mse-rank-1-weights", "rank 1, weights `[0, 1, .25]`",
      of: .weightedMean,
      recorded: ("1.6", "–", "1.6666666"),
      shim: "1.6", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/mse-column", "shape `[3, 1]`, weights `[[0], [1], [.25]]`",
      recorded: ("1", "0.66666669", "0.66666669"),
      shim: "1", keras: "0.66666669",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/mse-column", "shape `[3, 1]`, weights `[[0], [1], [.25]]`",
      of: .batchSize,
      recorded: ("0.66666669", "0.66666669", "0.66666669"),
      shim: "0.66666669", keras: "0.66666669",
      .same, "A last axis of size 1 is its own mean."),
    .row(
      "5.2/mse-column", "shape `[3, 1]`, weights `[[0], [1], [.25]]`",
      of: .sum,
      recorded: ("2", "2", "2"),
      shim: "2", keras: "2",
      .same, "D = 1."),
    .row(
      "5.2/mse-column", "shape `[3, 1]`, weights `[[0], [1], [.25]]`",
      of: .weightedMean,
      recorded: ("1.6", "–", "1.6"),
      shim: "1.6", keras: "1.6",
      .same, ""),
    .row(
      "5.2/mse-empty", "an empty batch `[0, 2]`",
      recorded: ("0", "0", "shape [0]"),
      shim: "0", keras: "0",
      .same, "Keras 3 returns a tensor of shape `[0]` for every reduction."),
    .row(
      "5.2/mse-scalar-operands", "labels and predictions of rank 0",
      recorded: ("4", "InvalidArgumentError", "InvalidArgumentError"),
      shim: "4", keras: "LossError",
      .differs, "Keras averages a last axis, and there is none.", recipe: "elements"),
    .row(
      "5.2/mse-nan-zero-weight", "NaN in a sample of weight 0",
      recorded: ("NaN", "NaN", "NaN"),
      shim: "NaN", keras: "NaN",
      .same, "0 · NaN is NaN on both sides: a weight is not a mask."),
    .row(
      "5.2/mse-nan-all-zero-weights", "all weights 0 and a NaN",
      recorded: ("0", "NaN", "NaN"),
      shim: "0", keras: "NaN",
      .differs, "TensorFlow 1 divides by z = 0, which is 0 whatever the numerator is.",
      recipe: "elementsNonzero"),
    .row(
      "1.0.4/labels-3", "labels of shape `[3]`, predictions `[3, 1]`",
      recorded: ("ValueError", "0", "0"),
      shim: "LossError", keras: "0",
      .differs, "TensorFlow 1 neither adds nor drops an axis; Keras makes both `[3, 1]`."),
    .row(
      "1.0.4/labels-2-1", "labels of shape `[2, 1]`, predictions `[2, 3]`",
      recorded: ("ValueError", "24.333332", "24.333332"),
      shim: "LossError", keras: "LossError",
      .refused, "Keras broadcasts silently. An error here: labels are never broadcast."),
  ]
}
