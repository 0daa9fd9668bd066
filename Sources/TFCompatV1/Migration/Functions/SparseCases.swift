import KerasLosses

// sparse_softmax_cross_entropy: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let sparseSoftmaxCrossEntropyCases: [CaseRow] = [
    .row(
      "5.2/sparse-example", "labels `[1, 2]`, weights `[.3, .7]`",
      of: .losses,
      recorded: (
        "[0.17521904, 0.97280866]", "[0.17521904, 0.97280866]", "[0.17521904, 0.97280866]"
      ),
      shim: "[0.17521904, 0.97280866]", keras: "[0.17521904, 0.97280866]",
      .same, "One loss per row of classes on both sides."),
    .row(
      "5.2/sparse-example", "labels `[1, 2]`, weights `[.3, .7]`",
      of: .sum,
      recorded: ("1.1480277", "1.1480277", "1.1480277"),
      shim: "1.1480277", keras: "1.1480277",
      .same, ""),
    .row(
      "5.2/sparse-example", "labels `[1, 2]`, weights `[.3, .7]`",
      recorded: ("0.57401383", "0.57401383", "0.57401383"),
      shim: "0.57401383", keras: "0.57401383",
      .same, "No weight is 0."),
    .row(
      "5.2/sparse-example", "labels `[1, 2]`, weights `[.3, .7]`",
      of: .weightedMean,
      recorded: ("1.1480277", "–", "1.1480277"),
      shim: "1.1480277", keras: "1.1480277",
      .same, ""),
    .row(
      "5.2/sparse-zero", "weights `[0, .7]`",
      recorded: ("0.97280866", "0.48640433", "0.48640433"),
      shim: "0.97280866", keras: "0.48640433",
      .differs, Note.factor, recipe: "sparseNonzero"),
    .row(
      "5.2/sparse-column", "labels `[[1], [2]]`, weights `[[0], [.7]]`",
      recorded: ("0.97280866", "0.48640433", "0.48640433"),
      shim: "0.97280866", keras: "0.48640433",
      .differs, "The one function of TensorFlow 1 that drops a trailing axis. The factor is n / z.",
      recipe: "sparseNonzero"),
    .row(
      "5.2/sparse-column", "labels `[[1], [2]]`, weights `[[0], [.7]]`",
      of: .batchSize,
      recorded: ("0.48640433", "0.48640433", "0.48640433"),
      shim: "0.48640433", keras: "0.48640433",
      .same, ""),
    .row(
      "5.2/sparse-column", "labels `[[1], [2]]`, weights `[[0], [.7]]`",
      of: .weightedMean,
      recorded: ("1.3897266", "–", "1.3897266"),
      shim: "1.3897266", keras: "1.3897266",
      .same, ""),
    .row(
      "5.2/sparse-padding", "padding label -1 of weight 0: labels `[1, -1]`, weights `[1, 0]`",
      recorded: ("InvalidArgumentError", "InvalidArgumentError", "InvalidArgumentError"),
      shim: "LossError", keras: "LossError",
      .refused, "Ids are looked at before weights are. Say `ignore_class=-1`.", recipe: "padding"),
    .row(
      "5.2/sparse-ignore-class", "`ignore_class=-1` for it",
      recorded: ("–", "0.58406347", "0.58406347"),
      shim: "–", keras: "0.58406347",
      .differs,
      "The ignored row is in no denominator: the number that SUM_BY_NONZERO_WEIGHTS would "
        + "give.", recipe: "padding"),
    .row(
      "5.2/sparse-float-labels", "labels of a floating-point type",
      recorded: ("InvalidArgumentError", "0.98689508", "0.98689508"),
      shim: "0.98689508", keras: "0.98689508",
      .same,
      "TensorFlow 1 takes `int32` and `int64` alone; Keras converts. Here integers are "
        + "taken in any type, and 1.5 is an error."),
    .row(
      "5.2/sparse-out-of-range", "a class id out of range: labels `[1, 5]`",
      recorded: ("InvalidArgumentError", "InvalidArgumentError", "InvalidArgumentError"),
      shim: "LossError", keras: "LossError",
      .refused, "An error on CPU; NaN on GPU. An error here."),
    .row(
      "5.2/sparse-trailing-logits", "logits of shape `[2, 3, 1]`",
      recorded: ("0.98689508", "ValueError", "ValueError"),
      shim: "0.98689508", keras: "LossError",
      .differs, "TensorFlow 1 drops the axis, Keras does not."),
    .row(
      "5.2/sparse-no-classes", "logits of shape `[2, 0]`",
      recorded: ("InvalidArgumentError", "InvalidArgumentError", "InvalidArgumentError"),
      shim: "LossError", keras: "LossError",
      .refused, "No class can be right. The dense function returns 0."),
  ]
}
