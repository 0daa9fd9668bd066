import KerasLosses

// softmax_cross_entropy → CategoricalCrossentropy: arguments and reductions.

extension MigrationGuide {
  /// `tf.compat.v1.losses.softmax_cross_entropy` → `tf.keras.losses.CategoricalCrossentropy`.
  package static let softmaxCrossEntropy = MigrationGuide(
    function: "softmax_cross_entropy",
    kerasClass: "CategoricalCrossentropy",
    summary: "The same losses, one for each row of classes; the default reduction differs.",
    samples: softmaxSamples,
    example: Example(
      id: "5.1.2/weighted",
      data: "the example of TensorFlow's documentation: labels `[[0, 1, 0], [0, 0, 1]]`, logits "
        + "`[[.05, .95, 0], [.1, .8, .1]]`, weights `[.3, .7]`", v1: "0.57618052",
      keras: "0.57618052"),
    arguments: [
      .labels(
        "onehot_labels", "onehotLabels",
        "Any element type. Labels are constants on the Swift side; Keras differentiates them."),
      .predictions(
        "logits",
        "Without `fromLogits: true` the same array is taken for probabilities: another number.",
        python: "`y_pred` in the call, **with `from_logits=True`**",
        keras: "second argument of the call, with `fromLogits: true`"),
      .rowWeights,
      .labelSmoothing("y·(1 − s) + s/C on both sides, for s in 0...1."),
      .scope, .lossCollection, .reduction,
      ArgumentRow(
        argument: "(the last axis)", python: "`axis=-1` of the constructor", shim: "–",
        keras: "`axis:` of the initializer", verdict: .same,
        note: "TensorFlow 1 has no `axis`; -1 is the same number."),
      .predictionsType,
    ],
    reductions: ReductionRow.ofRows([
      ("0.21221904", "0.21221904", "0.21221904"), ("1.152361", "1.152361", "1.152361"),
      ("0.57618052", "0.57618052", "0.57618052"), ("1.152361", "–", "1.152361"),
      ("0.57618052", "–", "–"),
    ]),
    cases: softmaxCrossEntropyCases,
    recipes: softmaxRecipes,
    plan: MigrationPlan(
      arrays: ("labels", "logits"),
      v1: .loss { .softmaxCrossEntropy(labelSmoothing: $0.labelSmoothing) },
      keras: MigrationPlan.Keras { parameters throws(LossError) in
        CategoricalCrossentropy(
          fromLogits: true,
          labelSmoothing: try valid(fraction: parameters.labelSmoothing, "labelSmoothing")
        ).plan
      } call: {
        softmaxCall(labelSmoothing: $0.labelSmoothing)
      }, relation: .sameLosses))

  static func softmaxCall(labelSmoothing: Double) -> KerasCall {
    KerasCall(
      "CategoricalCrossentropy", variable: "cce",
      [("fromLogits: true", "from_logits=True")]
        + KerasCall.argument("labelSmoothing", "label_smoothing", labelSmoothing, default: 0))
  }
}
