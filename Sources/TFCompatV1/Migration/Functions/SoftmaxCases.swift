import KerasLosses

// softmax_cross_entropy: every case in which the number changes, or in which one would expect it to. The
// numbers of TensorFlow are those of Tests/Fixtures/semantics.json.

extension MigrationGuide {
  static let softmaxCrossEntropyCases: [CaseRow] = [
    .row(
      "5.1.3/zero-first-weight", "weights `[0, .7]`",
      recorded: ("0.94014198", "0.47007099", "0.47007099"),
      shim: "0.94014198", keras: "0.47007099",
      .differs, "TensorFlow 1 divides by z, Keras by n: the factor is n / z.",
      recipe: "nonzero"),
    .row(
      "5.1.3/zero-second-weight", "weights `[.3, 0]`",
      recorded: ("0.21221904", "0.10610952", "0.10610952"),
      shim: "0.21221904", keras: "0.10610952",
      .differs, Note.factor, recipe: "nonzero"),
    .row(
      "5.1.3/zero-weight-mean", "weights `[0, .7]`",
      of: .weightedMean,
      recorded: ("1.34306", "–", "1.34306"),
      shim: "1.34306", keras: "1.34306",
      .same, Note.sumOfWeights),
    .row(
      "5.1.3/all-zero-weights", "weights `[0, 0]` or `0.0`",
      recorded: ("0", "0", "0"),
      shim: "0", keras: "0",
      .same, "0 divided by 0 is 0 on one side, 0 by n on the other."),
    .row(
      "5.1.3/scalar-weight", "weights `2.0`",
      recorded: ("2.0504568", "2.0504568", "2.0504568"),
      shim: "2.0504568", keras: "2.0504568",
      .same, "A scalar weight scales the loss: neither side divides by it."),
    .row(
      "5.1.3/scalar-weight-mean", "weights `2.0`",
      of: .weightedMean,
      recorded: ("1.0252284", "–", "2.0504568"),
      shim: "1.0252284", keras: "1.0252284",
      .same,
      Note.sumAsGiven, recipe: "broadcast"),
    .row(
      "5.1.3/single-weight", "weights `[.3]` of shape `[1]`, B = 2",
      recorded: ("0.30756852", "0.30756852", "0.30756852"),
      shim: "0.30756855", keras: "0.30756855",
      .same, "Broadcast over the batch, then counted: z = n."),
    .row(
      "5.1.3/single-weight-mean", "weights `[.3]` of shape `[1]`, B = 2",
      of: .weightedMean,
      recorded: ("1.0252284", "–", "2.0504568"),
      shim: "1.0252284", keras: "1.0252284",
      .same, Note.sumBeforeBroadcasting, recipe: "broadcast"),
    .row(
      "5.1.3/column-weights", "weights `[[.3], [.7]]` of shape `[B, 1]`",
      recorded: ("ValueError", "0.57618052", "0.57618052"),
      shim: "LossError", keras: "0.57618052",
      .differs, Note.rankOfWeights,
      recipe: "column"),
    .row(
      "5.1.3/row-weights", "weights `[[.3, .7]]` of shape `[1, B]`",
      recorded: ("ValueError", "InvalidArgumentError", "0.57618052"),
      shim: "LossError", keras: "LossError",
      .refused,
      "Keras 3 alone multiplies it out; here weights never have more axes than "
        + "the losses.", recipe: "column"),
    .row(
      "5.1.3/square-weights", "weights of shape `[2, 2]`, B = 2",
      of: .sum,
      recorded: ("ValueError", "InvalidArgumentError", "2.3047221"),
      shim: "LossError", keras: "LossError",
      .refused,
      "Keras 3 silently makes an outer product of shape `[2, 2]` and counts every "
        + "loss twice. An error here."),
    .row(
      "5.1.3/too-many-weights", "weights of shape `[3]` or `[2, 3]`, B = 2",
      recorded: ("ValueError", "InvalidArgumentError", "InvalidArgumentError"),
      shim: "LossError", keras: "LossError",
      .refused, "An error everywhere."),
    .row(
      "5.1.3/none-weights", "weights `None`",
      recorded: ("ValueError", "1.0252284", "1.0252284"),
      shim: "–", keras: "1.0252284",
      .differs, "Swift has no `None` to pass: leave `weights` out, and every weight is 1.",
      notApplicable: "there is no `None`: an argument is left out"),
    .row(
      "5.1.3/signed-weights", "weights `[-1, 1]`",
      recorded: ("0.31783161", "0.31783161", "0.31783161"),
      shim: "0.31783161", keras: "0.31783161",
      .same, "Negative weights count as non-zero."),
    .row(
      "5.1.3/negative-smoothing", "label smoothing -0.2",
      recorded: ("0.98689508", "0.94856167", "0.94856167"),
      shim: "LossError", keras: "LossError",
      .refused,
      "TensorFlow 1 ignores a negative smoothing, Keras applies it. Here it is an "
        + "error on both sides.", recipe: "clamp"),
    .row(
      "5.1.3/from-logits-left-false", "`from_logits` left at its default",
      recorded: ("–", "0.9551909", "0.9551909"),
      shim: "–", keras: "0.9551909",
      .differs,
      "TensorFlow 1 takes logits, Keras probabilities unless told otherwise: no "
        + "error, another number.", recipe: "logits"),
    .row(
      "5.1.3/empty-batch", "an empty batch `[0, 3]`",
      recorded: ("0", "0", "shape [0]"),
      shim: "0", keras: "0",
      .same,
      "Keras 3 returns a tensor of shape `[0]` for every reduction. Here, as in "
        + "TensorFlow 1 and Keras 2, an empty sum is 0."),
    .row(
      "5.1.3/empty-rank-3", "an empty batch `[0, 2, 3]`",
      recorded: ("0", "0", "0"),
      shim: "0", keras: "0",
      .same, "0 everywhere."),
    .row(
      "5.1.3/nan-in-zero-weight-row", "NaN logits in a row of weight 0",
      recorded: ("NaN", "NaN", "NaN"),
      shim: "NaN", keras: "NaN",
      .same, "0 · NaN is NaN: a weight is not a mask. Pass `mask:` to leave a row out.",
      recipe: "mask"),
    .row(
      "5.1.3/nan-and-all-zero-weights", "all weights 0 and a NaN row",
      recorded: ("0", "NaN", "NaN"),
      shim: "0", keras: "NaN",
      .differs,
      "TensorFlow 1 divides by z = 0, which is 0 whatever the numerator is; Keras "
        + "divides NaN by n.", recipe: "nonzero"),
    .row(
      "5.1.3/minus-inf-off-target", "a logit of -inf where the label is 0",
      recorded: ("NaN", "NaN", "NaN"),
      shim: "0.85834152", keras: "0.85834152",
      .same,
      "TensorFlow multiplies 0 by inf. Here an impossible class without label "
        + "contributes 0; the gradient is finite."),
    .row(
      "5.1.3/no-classes", "C = 0",
      recorded: ("0", "0", "0"),
      shim: "0", keras: "0",
      .same, "A row without classes has loss 0."),
    .row(
      "5.1.3/one-class", "C = 1",
      recorded: ("0", "0", "0"),
      shim: "0", keras: "0",
      .same, "A softmax over one class is 1. Keras adds a warning."),
    .row(
      "5.1.3/integer-logits", "integer logits",
      recorded: ("InvalidArgumentError", "TypeError", "0.31326166"),
      shim: "–", keras: "–",
      .same,
      "Integers do not compile: convert with `Tensor<Float>(converting:)`, which "
        + "is what Keras 3 does.",
      notApplicable: "integer predictions do not compile"),
    .row(
      "5.1.3/labels-with-trailing-1", "labels of shape `[B, C, 1]`",
      recorded: ("ValueError", "0.57618052", "0.57618052"),
      shim: "LossError", keras: "0.57618052",
      .differs, "Keras drops a trailing axis of size 1, TensorFlow 1 does not."),
    .row(
      "5.1.3/labels-one-row", "labels of shape `[1, C]`, logits `[B, C]`",
      recorded: ("ValueError", "ValueError", "ValueError"),
      shim: "LossError", keras: "LossError",
      .refused, "An error everywhere: labels are never broadcast."),
    .row(
      "5.1.3/one-replica", "`MirroredStrategy`, 1 replica",
      recorded: ("0.57618052", "ValueError", "0.57618052"),
      shim: "–", keras: "–",
      .same, "Keras 2 refuses AUTO under any strategy.",
      notApplicable: "there are no distribution strategies"),
    .row(
      "5.1.3/replicas", "`MirroredStrategy`, 2 replicas",
      recorded: ("0.57618052", "ValueError", "0.28809026"),
      shim: "–", keras: "–",
      .differs, "Keras 3 divides by the number of replicas, TensorFlow 1 does not.",
      notApplicable: "there are no distribution strategies"),
    .row(
      "5.1.3/jit-compile", "inside `jit_compile`, weights `[3]` on losses `[2, 3]`",
      recorded: ("102.55547", "–", "–"),
      shim: "–", keras: "–",
      .differs, "TensorFlow 1 skips the check of the weights there.",
      notApplicable: "there is no compiler that skips checks"),
    .row(
      "5.1.3/labels-gradient", "the gradient with respect to the labels",
      recorded: ("1.0252284", "1.0252284", "1.0252284"),
      shim: "1.0252284", keras: "1.0252284",
      .same,
      "TensorFlow 1 stops it; Keras returns it. Here labels are constants. The "
        + "value is the same.",
      notApplicable: "labels are constants: no such gradient is offered"),
    .row(
      "5.1.3/labels-not-summing-to-1", "labels `[1, 1, 0]`, which add up to 2",
      of: .gradient,
      recorded: (
        "[-0.90996945, -0.75527155, 0.66524094]", "–", "[-0.90996945, -0.75527155, 0.66524094]"
      ),
      shim: "[-0.81993884, -0.51054305, 1.3304819]", keras: "[-0.81993884, -0.51054305, 1.3304819]",
      .same,
      "TensorFlow's fused operation returns softmax − y on both sides; this "
        + "package the derivative, softmax · Σy − y. Scale the labels to sum to 1 and "
        + "they agree."),
    .row(
      "5.1.3/softmax-in-graph", "`y_pred` is the output of a softmax, in a graph",
      recorded: ("1.496297", "32.201412", "32.201412"),
      shim: "–", keras: "–",
      .differs,
      "Keras reaches through the softmax and takes its input. Here what is handed "
        + "over is what is used.",
      notApplicable: "there is no graph to look into"),
    .row(
      "5.1.3/rank-3-unweighted", "logits `[2, 3, 4]`, no weights",
      recorded: ("1.4594806", "1.4594806", "1.4594806"),
      shim: "1.4594806", keras: "1.4594806",
      .same, "One loss per position: n counts them all."),
    .row(
      "5.1.3/rank-3-unweighted", "logits `[2, 3, 4]`, no weights",
      of: .weightedMean,
      recorded: ("1.4594806", "–", "1.4594806"),
      shim: "1.4594806", keras: "1.4594806",
      .same, ""),
    .row(
      "5.1.3/rank-3-full", "logits `[2, 3, 4]`, weights `[2, 3]`, two of them 0",
      recorded: ("2.8383369", "1.8922247", "1.8922247"),
      shim: "2.8383369", keras: "1.8922247",
      .differs, "Some weights are 0: the factor is n / z.", recipe: "nonzero"),
    .row(
      "5.1.3/rank-3-full", "logits `[2, 3, 4]`, weights `[2, 3]`, two of them 0",
      of: .weightedMean,
      recorded: ("2.2706695", "–", "2.2706695"),
      shim: "2.2706695", keras: "2.2706695",
      .same, ""),
    .row(
      "5.1.3/rank-3-per-sample-column", "logits `[2, 3, 4]`, weights `[2, 1]`",
      recorded: ("9.9391642", "9.9391642", "9.9391642"),
      shim: "9.9391651", keras: "9.9391651",
      .same, ""),
    .row(
      "5.1.3/rank-3-per-sample-column", "logits `[2, 3, 4]`, weights `[2, 1]`",
      of: .weightedMean,
      recorded: ("1.8071208", "–", "5.4213624"),
      shim: "1.8071209", keras: "1.8071209",
      .same, Note.sumBeforeBroadcasting, recipe: "broadcast"),
    .row(
      "5.1.3/rank-3-per-step-row", "logits `[2, 3, 4]`, weights `[1, 3]`",
      recorded: ("102.55546", "102.55546", "102.55546"),
      shim: "102.55546", keras: "102.55546",
      .same, ""),
    .row(
      "5.1.3/rank-3-per-step-row", "logits `[2, 3, 4]`, weights `[1, 3]`",
      of: .weightedMean,
      recorded: ("2.7717693", "–", "5.5435386"),
      shim: "2.771769", keras: "2.771769",
      .same, Note.sumBeforeBroadcasting, recipe: "broadcast"),
    .row(
      "5.1.3/rank-3-single", "logits `[2, 3, 4]`, weights `[1, 1]`",
      recorded: ("7.2974029", "7.2974029", "7.2974029"),
      shim: "7.2974033", keras: "7.2974033",
      .same, ""),
    .row(
      "5.1.3/rank-3-single", "logits `[2, 3, 4]`, weights `[1, 1]`",
      of: .weightedMean,
      recorded: ("1.4594805", "–", "8.7568836"),
      shim: "1.4594806", keras: "1.4594806",
      .same, Note.sumBeforeBroadcasting, recipe: "broadcast"),
    .row(
      "5.1.3/rank-3-per-sample", "logits `[2, 3, 4]`, weights `[2]`",
      recorded: ("ValueError", "9.9391642", "InvalidArgumentError"),
      shim: "LossError", keras: "9.9391651",
      .differs, "One weight per sample: here and in Keras 2. An error in Keras 3.",
      recipe: "perSample"),
    .row(
      "5.1.3/rank-3-per-step", "logits `[2, 3, 4]`, weights `[3]`",
      recorded: ("ValueError", "InvalidArgumentError", "102.55546"),
      shim: "LossError", keras: "LossError",
      .refused, "One weight per step in Keras 3 alone. Write `[1, 3]`.", recipe: "perStep"),
    .row(
      "5.1.3/rank-3-trailing-1", "logits `[2, 3, 4]`, weights `[2, 3, 1]`",
      recorded: ("ValueError", "1.8922247", "1.8922247"),
      shim: "LossError", keras: "1.8922247",
      .differs, "The trailing axis of size 1 is dropped in Keras style.", recipe: "column"),
    .row(
      "5.1.3/rank-3-square", "logits `[3, 3, 4]`, weights `[3]`",
      recorded: ("ValueError", "44.409267", "100.12433"),
      shim: "LossError", keras: "44.409267",
      .differs,
      "Per sample in Keras 2 and here; per step, and silently another number, in "
        + "Keras 3.", recipe: "perSample"),
  ]
}
