import KerasLosses

// softmax_cross_entropy → CategoricalCrossentropy: arguments, reductions, decisions.

/// Keras's reduction, by a name that does not hide behind `Losses.Reduction`.
package typealias KerasReduction = KerasLosses.Reduction

extension MigrationGuide {
  /// `tf.compat.v1.losses.softmax_cross_entropy` → `tf.keras.losses.CategoricalCrossentropy`.
  package static let softmaxCrossEntropy = MigrationGuide(
    function: "softmax_cross_entropy",
    kerasClass: "CategoricalCrossentropy",
    samples: softmaxSamples,
    arguments: softmaxArguments,
    reductions: softmaxReductions,
    cases: softmaxCases,
    decisions: softmaxDecisions,
    recipes: softmaxRecipes)

  private static let softmaxArguments: [ArgumentRow] = [
    ArgumentRow(
      argument: "onehot_labels", python: "`y_true` in the call", shim: "`onehotLabels:`",
      keras: "first argument of the call", verdict: .same,
      note: "Any element type. Labels are constants on the Swift side; Keras differentiates them."),
    ArgumentRow(
      argument: "logits", python: "`y_pred` in the call, **with `from_logits=True`**",
      shim: "`logits:`", keras: "second argument of the call, with `fromLogits: true`",
      verdict: .same,
      note: "Without `fromLogits: true` the same array is taken for probabilities: another number."),
    ArgumentRow(
      argument: "weights=1.0", python: "`sample_weight` in the call", shim: "`weights:`",
      keras: "`sampleWeight:` in the call", verdict: .same,
      note: "The same number wherever both sides accept the weights' shape; the rules for shapes "
        + "differ."),
    ArgumentRow(
      argument: "label_smoothing=0", python: "`label_smoothing` of the constructor",
      shim: "`labelSmoothing:`", keras: "`labelSmoothing:` of the initializer", verdict: .same,
      note: "y·(1 − s) + s/C on both sides, for s in 0...1."),
    ArgumentRow(
      argument: "scope=None", python: "`name` of the constructor", shim: "`scope:`",
      keras: "`name:` of the initializer", verdict: .same,
      note: "No effect on the number. The shim files a collected loss under it."),
    ArgumentRow(
      argument: "loss_collection=\"losses\"", python: "– (Keras tracks nothing)",
      shim: "`lossCollection:`", keras: "–", verdict: .same,
      note:
        "No effect on the number. Nothing is collected unless a `LossCollection` is handed over."),
    ArgumentRow(
      argument: "reduction=SUM_BY_NONZERO_WEIGHTS", python: "`reduction` of the constructor",
      shim: "`reduction:`", keras: "`reduction:` of the initializer", verdict: .differs,
      note: "**The default has no counterpart**: see the reductions."),
    ArgumentRow(
      argument: "(the last axis)", python: "`axis=-1` of the constructor", shim: "–",
      keras: "`axis:` of the initializer", verdict: .same,
      note: "TensorFlow 1 has no `axis`; -1 is the same number."),
    ArgumentRow(
      argument: "(the type of the result)", python: "`dtype` of the constructor", shim: "–",
      keras: "–", verdict: .differs,
      note:
        "TensorFlow 1 and Keras 3 round `float64` through `float32`; here `Double` stays `Double`."
    ),
  ]

  private static let softmaxReductions: [ReductionRow] = [
    reduction(
      .none, "NONE", "–", KerasReduction.none, ("0.21221904", "0.21221904", "0.21221904"), .same,
      "The first of one value per sample. Keras 3 keeps a trailing axis of the weights; this package "
        + "always returns the losses' shape."),
    reduction(
      .sum, "SUM", "1", .sum, ("1.152361", "1.152361", "1.152361"), .same, ""),
    reduction(
      .sumOverBatchSize, "SUM_OVER_BATCH_SIZE", "n, the number of losses", .sumOverBatchSize,
      ("0.57618052", "0.57618052", "0.57618052"), .same, "Keras's default, and TF2's AUTO."),
    reduction(
      .mean, "MEAN", "Σ w", .meanWithSampleWeight, ("1.152361", "–", "1.152361"), .same,
      "**Not Keras's `\"mean\"`**, which divides by n. Keras 3 divides by the weights as given, this "
        + "package and TensorFlow 1 by their sum after broadcasting."),
    reduction(
      .sumByNonzeroWeights, "SUM_BY_NONZERO_WEIGHTS (default)",
      "z, the number of weights that are "
        + "not 0", nil, ("0.57618052", "–", "–"), .differs,
      "No counterpart. Equal to `sum_over_batch_size` exactly where no weight is 0; else larger by "
        + "the factor n / z."),
  ]

  private static func reduction(
    _ reduction: Losses.Reduction, _ title: String, _ denominator: String,
    _ counterpart: KerasReduction?, _ recorded: (String, String, String), _ verdict: Verdict,
    _ note: String
  ) -> ReductionRow {
    ReductionRow(
      reduction: reduction, title: title, denominator: denominator, counterpart: counterpart,
      recorded: Columns(v1: recorded.0, keras2: recorded.1, keras3: recorded.2), verdict: verdict,
      note: note)
  }
}
