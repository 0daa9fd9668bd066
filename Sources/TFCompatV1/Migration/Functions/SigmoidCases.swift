import KerasLosses

// sigmoid_cross_entropy: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let sigmoidCrossEntropyCases: [CaseRow] = [
    .row(
      "5.2/sigmoid-unweighted", "labels `[[1, 0], [1, 0]]`, logits `[[2, -1], [.5, 3]]`",
      of: .losses,
      recorded: (
        "[0.126928, 0.31326169, 0.47407699, 3.0485873]", "[0.22009484, 1.7613322]",
        "[0.22009484, 1.7613322]"
      ),
      shim: "[0.12692802, 0.31326169, 0.47407699, 3.0485873]", keras: "[0.22009486, 1.7613322]",
      .differs, "One loss per element against one per sample.", recipe: "elements"),
    .row(
      "5.2/sigmoid-unweighted", "labels `[[1, 0], [1, 0]]`, logits `[[2, -1], [.5, 3]]`",
      of: .sum,
      recorded: ("3.9628539", "1.981427", "1.981427"),
      shim: "3.9628539", keras: "1.981427",
      .differs, Note.sumOfMeans,
      recipe: "elements"),
    .row(
      "5.2/sigmoid-unweighted", "labels `[[1, 0], [1, 0]]`, logits `[[2, -1], [.5, 3]]`",
      of: .batchSize,
      recorded: ("0.99071348", "0.99071348", "0.99071348"),
      shim: "0.99071348", keras: "0.99071348",
      .same, "A mean of means."),
    .row(
      "5.2/sigmoid-smoothing", "label smoothing .2",
      of: .batchSize,
      recorded: ("1.0032134", "1.0032135", "1.0032135"),
      shim: "1.0032135", keras: "1.0032135",
      .same, "y·(1 - s) + s/2 on both sides."),
    .row(
      "5.2/sigmoid-negative-smoothing", "label smoothing -.2",
      recorded: ("0.99071348", "0.97821349", "0.97821349"),
      shim: "LossError", keras: "LossError",
      .refused,
      "TensorFlow 1 ignores a negative smoothing, Keras applies it. Here it is an error on "
        + "both sides."),
    .row(
      "5.2/sigmoid-zero-sample", "weights `[[1], [0]]`",
      recorded: ("0.22009484", "0.11004742", "0.11004742"),
      shim: "0.22009486", keras: "0.11004743",
      .differs, Note.factor, recipe: "elementsNonzero"),
    .row(
      "5.2/sigmoid-zero-sample", "weights `[[1], [0]]`",
      of: .batchSize,
      recorded: ("0.11004742", "0.11004742", "0.11004742"),
      shim: "0.11004743", keras: "0.11004743",
      .same, Note.weightPerSample),
    .row(
      "5.2/sigmoid-per-element", "weights `[[1, 0], [2, 1]]`",
      recorded: ("1.3745564", "InvalidArgumentError", "0.60540414"),
      shim: "1.3745564", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elementsNonzero"),
    .row(
      "5.2/sigmoid-per-element", "weights `[[1, 0], [2, 1]]`",
      of: .batchSize,
      recorded: ("1.0309173", "InvalidArgumentError", "0.60540414"),
      shim: "1.0309173", keras: "LossError",
      .differs,
      Note.weightPerElement, recipe: "elements"),
    .row(
      "5.2/sigmoid-vector", "weights `[1, 0]`, one per sample",
      recorded: ("ValueError", "0.11004742", "0.11004742"),
      shim: "LossError", keras: "0.11004743",
      .differs, Note.rankOfWeights),
    .row(
      "5.2/sigmoid-rank-1", "labels `[1, 0, 1]`, logits `[2, -1, .5]`, weights `[1, 0, 2]`",
      recorded: ("0.53754097", "InvalidArgumentError", "0.30475557"),
      shim: "0.53754097", keras: "LossError",
      .differs, "Rank 1 is one sample with three outputs in Keras.", recipe: "elementsNonzero"),
    .row(
      "5.2/sigmoid-rank-1", "labels `[1, 0, 1]`, logits `[2, -1, .5]`, weights `[1, 0, 2]`",
      of: .batchSize,
      recorded: ("0.35836065", "InvalidArgumentError", "0.30475557"),
      shim: "0.35836065", keras: "LossError",
      .differs, "", recipe: "elements"),
    .row(
      "5.2/sigmoid-confident", "y = 1, x = 40",
      recorded: ("4.2483541e-18", "4.2483541e-18", "4.2483541e-18"),
      shim: "4.2483541e-18", keras: "4.2483541e-18",
      .same, "A confident logit has a small loss, and keeps its digits."),
    .row(
      "5.2/sigmoid-infinite", "labels `[[1, 0, 0, 1]]`, logits inf, -inf, inf, -inf",
      of: .losses,
      recorded: ("[NaN, NaN, NaN, inf]", "[NaN]", "[NaN]"),
      shim: "[0, 0, inf, inf]", keras: "[inf]",
      .differs,
      "TensorFlow subtracts infinities. Here the loss is 0 on the side of the label and "
        + "infinite on the other.", recipe: "elements"),
  ]
}
