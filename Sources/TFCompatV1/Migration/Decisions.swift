// Where TensorFlow returns NaN, 0, or a wrong denominator for a well-defined value, this package
// returns the value. One row per decision, with the recorded cases that show it.

extension MigrationDocument {
  package static let decisions: [MigrationGuide.DecisionRow] = [
    decision(
      "sample weights `[B]` on losses `[B, T]`",
      "Keras 2: per sample. Keras 3: along time, or an error.", "per sample",
      ["design5/weights-b-on-b-t", "design5/weights-b-on-b-b"]),
    decision(
      "weights `[2, 2]` on losses `[2]`; labels `[N]` with predictions `[N, M]`",
      "silent outer product or broadcast in Keras 3's elementwise losses", "error",
      [
        "design5/square-weights", "design5/labels-n", "design5/elementwise-square-weights",
        "design5/elementwise-labels-n",
      ]),
    decision(
      "`y` and `p` of shape `[N]`", "one loss; Keras 3 broadcasts weights `[N]` over it",
      "one loss; non-scalar weights are an error that says so",
      ["design5/rank-1-weights", "design5/elementwise-rank-1-weights"]),
    decision(
      "a logit of -inf where the label is 0", "NaN", "contributes 0; the gradient is finite",
      ["design5/minus-inf-off-target"]),
    decision(
      "the target's logit is -inf; a logit of +inf, or all are -inf", "inf; NaN",
      "inf with a finite gradient; NaN",
      ["design5/minus-inf-target", "design5/plus-inf", "design5/all-minus-inf"]),
    decision(
      "labels that do not sum to 1: the gradient", "the fused operation returns softmax − y",
      "the derivative: softmax · Σy − y", ["design5/labels-not-summing-to-1"]),
    decision(
      "a confident row, of true loss 1e-9", "0, for more than half of such rows",
      "1e-9, and so is its gradient",
      [
        "design5/confident-40", "design5/confident-25", "design5/confident-20",
      ]),
    decision(
      "a probability of exactly 0 or 1",
      "the bound 1 − 1e-7 is rounded: `float32` gives 1.1920929e-07 and `float16` -0 for 1",
      "the bounds are the real numbers 1e-7 and 1 − 1e-7 for every type",
      [
        "design5/probability-0-and-1-float32", "design5/probability-0-and-1-float16",
        "design5/probability-0-and-1-float64",
      ]),
    decision(
      "`log_loss` of a perfect prediction", "1 + ε is rounded to `float32`: -1.1920928e-07",
      "-ln(1 + ε): -9.9999994e-08", ["design5/log-loss-perfect"]),
    decision(
      "`log_loss` with `epsilon` 0, of a perfect prediction", "NaN: 0 times the logarithm of 0",
      "0: a label of 0 has no part in the loss", ["design5/log-loss-epsilon-0"]),
    decision(
      "class ids from probabilities", "clipped, then renormalized",
      "renormalized, then clipped: integer labels give what one-hot labels give, to the bit",
      ["design5/sparse-from-probabilities"]),
    decision(
      "`Double` inputs", "TensorFlow 1 and Keras 3 round through `float32`",
      "`Double` throughout; there is no `dtype` parameter",
      ["design5/double", "design5/double-rounding", "design5/mse-double"]),
    decision(
      "`mean_with_sample_weight` with weights that are broadcast",
      "Keras 3 divides by the sum of the weights as given",
      "by their sum after broadcasting, as TensorFlow 1's MEAN",
      [
        "design5/mean-scalar-weight", "design5/mean-single-weight", "design5/mean-column-weights",
        "design5/mean-row-weights",
      ]),
    decision(
      "a masked element that is NaN", "poisons the result", "is not read", ["design5/masked-nan"]),
    decision(
      "a class id out of range", "error on CPU, NaN on GPU, 0 on JAX",
      "error, also under a weight of 0; not looked at under a mask or `ignoreClass`",
      ["design5/class-id-out-of-range"]),
    decision(
      "label smoothing below 0 or above 1", "TensorFlow 1 ignores negatives, Keras applies them",
      "error", ["design5/smoothing-minus-0.2", "design5/smoothing-1.5"]),
    decision(
      "an empty batch; no classes", "Keras 3: shape `[0]` for every reduction; 0",
      "0, as TensorFlow 1 and Keras 2; 0", ["design5/empty-batch", "design5/no-classes"]),
    decision(
      "a softmax's output handed over in graph mode", "its logits are silently recovered", "never",
      notApplicable: "there is no graph to look into"),
    decision(
      "`mean_pairwise_squared_error` with a scalar weight, eagerly", "counts the whole batch",
      "the graph's semantics: the weights of the sample", ["design5/pairwise-eager"]),
    decision(
      "`LogCosh` of `Double` inputs, of an error of 0",
      "ln 2 is rounded to `float32`: -1.9046542e-09", "0, as ln cosh 0 is",
      ["design5/log-cosh-double"]),
    decision(
      "`CategoricalFocalCrossentropy` of `Double` inputs with a weight for each class",
      "Keras 3 rounds the list to `float32`", "the list as it is, as in Keras 2",
      ["design5/focal-alphas-double"]),
    decision(
      "`Circle` under a mask", "a masked row has no loss, and the others are compared with it",
      "a masked row is not in the batch: the losses are those of the other rows alone",
      ["design5/circle-masked", "design5/circle-kept"]),
    decision(
      "Keras 3.15: the classes that smoothing counts when `axis` is not -1",
      "the size of the last axis, whatever `axis` is", "the size of `axis`",
      ["design5/smoothing-axis-1"]),
    decision(
      "Keras 3.15: δ of a `Huber` that is saved and loaded", "lost: it is 1 again", "kept",
      ["design5/huber-saved"]),
    decision(
      "Keras 3.15: α and β of `Tversky`", "exchanged, and lost when saved", "as later versions",
      notApplicable: "no function of TensorFlow 1 corresponds to `Tversky`"),
  ]

  private static func decision(
    _ title: String, _ tensorFlow: String, _ here: String, _ cases: [String] = [],
    notApplicable: String? = nil
  ) -> MigrationGuide.DecisionRow {
    MigrationGuide.DecisionRow(
      title: title, tensorFlow: tensorFlow, here: here, cases: cases, notApplicable: notApplicable)
  }
}
