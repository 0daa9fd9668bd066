import KerasLosses

// mean_pairwise_squared_error: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let meanPairwiseSquaredErrorCases: [CaseRow] = [
    .row(
      "1.1.6/scalar-1", "labels `[[1, 9, 2], [-5, -5, 7]]`, weights 1",
      of: .sum,
      recorded: ("208", "–", "–"),
      shim: "208", keras: "–",
      .differs,
      "TensorFlow run eagerly counts the weights of the whole batch, here and wherever the "
        + "weight is a scalar: see [the differences](#where-tensorflow-is-not-followed).",
      recipe: "pairwise"),
    .row(
      "1.1.6/scalar-2.3", "weights 2.3",
      of: .sum,
      recorded: ("478.39996", "–", "–"),
      shim: "478.39999", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/ones-2-1", "weights `[[1], [1]]`",
      of: .sum,
      recorded: ("208", "–", "–"),
      shim: "208", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/ones-1-1", "weights `[[1]]`",
      of: .sum,
      recorded: ("208", "–", "–"),
      shim: "208", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/second", "labels `[[1, 9, 2], [-5, -2, 6]]`, weights 1",
      of: .sum,
      recorded: ("192.66667", "–", "–"),
      shim: "192.66667", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/per-sample", "weights `[[1.2], [3.4]]`",
      of: .sum,
      recorded: ("518.66669", "–", "–"),
      shim: "518.66669", keras: "–",
      .differs, "One weight per sample.", recipe: "pairwise"),
    .row(
      "1.1.6/zero-sample", "weights `[[0], [3.4]]`",
      of: .sum,
      recorded: ("444.26669", "–", "–"),
      shim: "444.26669", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/per-element", "weights `[[1, 0, 1], [1, 1, 1]]`",
      of: .sum,
      recorded: ("544.00006", "–", "–"),
      shim: "544", keras: "–",
      .differs,
      "Weights per element are added up: the loss grows with their number. What a weight of "
        + "0 leaves out is only the count."),
    .row(
      "1.1.6/row", "weights `[[1, 0, 2]]`",
      of: .sum,
      recorded: ("843", "–", "–"),
      shim: "843", keras: "–",
      .differs, ""),
    .row(
      "1.1.6/rank-3", "shape `[2, 3, 3]`, weights 1",
      of: .sum,
      recorded: ("137.5", "–", "–"),
      shim: "137.5", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/rank-3-scalar", "shape `[2, 3, 3]`, weights 3",
      of: .sum,
      recorded: ("412.5", "–", "–"),
      shim: "412.5", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/rank-3-ones", "shape `[2, 3, 3]`, weights of ones in that shape",
      of: .sum,
      recorded: ("1237.5", "–", "–"),
      shim: "1237.5", keras: "–",
      .differs, "9 times the number without weights."),
    .row(
      "1.1.6/single-elements", "labels `[[1], [2]]`, predictions `[[3], [7]]`",
      of: .sum,
      recorded: ("0", "–", "–"),
      shim: "0", keras: "–",
      .differs, "One element makes no pair. (29 in TensorFlow, eagerly.)", recipe: "pairwise"),
    .row(
      "1.1.6/one-sample", "labels `[[0, .5, 1]]`, predictions `[[1, 1, 1]]`",
      of: .sum,
      recorded: ("0.5", "–", "–"),
      shim: "0.5", keras: "–",
      .differs, "", recipe: "pairwise"),
    .row(
      "1.1.6/rank-1", "rank 1",
      of: .sum,
      recorded: ("0", "–", "–"),
      shim: "0", keras: "–",
      .differs, "Every sample has one element.", recipe: "pairwise"),
    .row(
      "1.1.6/vector-weights", "weights of shape `[2]`",
      of: .sum,
      recorded: ("ValueError", "–", "–"),
      shim: "LossError", keras: "–",
      .differs, "The weights are checked against the labels."),
    .row(
      "1.1.6/rank-0", "rank 0",
      of: .sum,
      recorded: ("ValueError", "–", "–"),
      shim: "LossError", keras: "–",
      .differs, "There are no samples."),
    .row(
      "1.1.6/shapes", "labels of shape `[2, 3]`, predictions `[3, 2]`",
      of: .sum,
      recorded: ("ValueError", "–", "–"),
      shim: "LossError", keras: "–",
      .differs, ""),
  ]
}
