import KerasLosses

// cosine_distance: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let cosineDistanceCases: [CaseRow] = [
    .row(
      "5.2/cosine-unit", "labels `[[1, 0], [0, 1]]`, predictions `[[.6, .8], [.8, .6]]`",
      of: .losses,
      recorded: (
        "[0.39999998, 0.39999998]", "[-0.60000002, -0.60000002]", "[-0.60000002, -0.60000002]"
      ),
      shim: "[0.39999998, 0.39999998]", keras: "[-0.60000002, -0.60000002]",
      .differs, "Vectors of length 1: TensorFlow 1's number is Keras's plus 1.", recipe: "unit"),
    .row(
      "5.2/cosine-lengths", "labels `[[2, 0], [0, 1]]`, predictions `[[3, 4], [4, 3]]`",
      of: .losses,
      recorded: ("[-5, -2]", "[-0.60000002, -0.60000002]", "[-0.60000002, -0.60000002]"),
      shim: "[-5, -2]", keras: "[-0.60000002, -0.60000002]",
      .differs, "TensorFlow 1 does not divide by the lengths.", recipe: "innerProduct"),
    .row(
      "5.2/cosine-axis-0", "axis 0",
      of: .losses,
      recorded: (
        "[0.39999998, 0.39999998]", "[-0.60000002, -0.60000002]", "[-0.60000002, -0.60000002]"
      ),
      shim: "[0.39999998, 0.39999998]", keras: "[-0.60000002, -0.60000002]",
      .differs, "TensorFlow 1 keeps the axis, with size 1; Keras drops it.", recipe: "innerProduct"),
    .row(
      "5.2/cosine-zero", "a zero vector",
      of: .losses,
      recorded: ("[1]", "[-0]", "[-0]"),
      shim: "[1]", keras: "[0]",
      .differs, "1 - 0 here, and no direction there.", recipe: "innerProduct"),
    .row(
      "5.2/cosine-zero-sample", "weights `[[0], [2]]`",
      recorded: ("0.79999995", "-0.60000002", "-0.60000002"),
      shim: "0.79999995", keras: "-0.60000002",
      .differs, "The weights have the kept axis.", recipe: "innerProduct"),
    .row(
      "5.2/cosine-zero-sample", "weights `[[0], [2]]`",
      of: .batchSize,
      recorded: ("0.39999998", "-0.60000002", "-0.60000002"),
      shim: "0.39999998", keras: "-0.60000002",
      .differs, "", recipe: "innerProduct"),
    .row(
      "5.2/cosine-vector", "weights `[0, 2]`",
      recorded: ("ValueError", "-0.60000002", "-0.60000002"),
      shim: "LossError", keras: "-0.60000002",
      .differs, "TensorFlow 1's losses have rank 2, Keras's rank 1."),
    .row(
      "5.2/cosine-per-element", "weights of shape `[2, 2]`",
      recorded: ("ValueError", "InvalidArgumentError", "-0.60000002"),
      shim: "LossError", keras: "LossError",
      .refused, "Keras 3 multiplies them out."),
  ]
}
