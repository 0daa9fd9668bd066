import KerasLosses

// sigmoid_cross_entropy → BinaryCrossentropy(from_logits=True).

extension MigrationGuide {
  /// `tf.compat.v1.losses.sigmoid_cross_entropy` → `tf.keras.losses.BinaryCrossentropy`.
  package static let sigmoidCrossEntropy = MigrationGuide(
    function: "sigmoid_cross_entropy",
    kerasClass: "BinaryCrossentropy",
    summary:
      "The same formula and smoothing, of which TensorFlow 1 has one loss for each element and "
      + "Keras the mean over the last axis.",
    samples: Code.samples(
      "sigmoid_cross_entropy", "sigmoidCrossEntropy", ("multi_class_labels", "multiClassLabels"),
      "logits", sigmoidCall(MigrationParameters())),
    example: Example(
      id: "5.2/sigmoid-unweighted",
      data: "labels `[[1, 0], [1, 0]]` and logits `[[2, -1], [.5, 3]]`", v1: "0.99071348",
      keras: "0.99071348"),
    arguments: [
      .labels("multi_class_labels", "multiClassLabels", "Any element type."),
      .predictions(
        "logits",
        "Without `fromLogits: true` the same array is taken for probabilities: another number.",
        python: "`y_pred` in the call, **with `from_logits=True`**",
        keras: "second argument of the call, with `fromLogits: true`"),
      .elementWeights,
      .labelSmoothing("y·(1 − s) + s/2 on both sides, for s in 0...1."),
      .scope, .lossCollection, .reduction, .predictionsType,
    ],
    reductions: ReductionRow.ofElements([
      ("0.126928", "0.22009484", "0.22009484"), ("3.9628539", "1.981427", "1.981427"),
      ("0.99071348", "0.99071348", "0.99071348"), ("0.99071348", "–", "0.99071348"),
      ("0.99071348", "–", "–"),
    ]),
    cases: sigmoidCrossEntropyCases,
    recipes: [],
    plan: MigrationPlan(
      arrays: ("multi_class_labels", "logits"),
      v1: .loss { .sigmoidCrossEntropy(labelSmoothing: $0.labelSmoothing) },
      keras: MigrationPlan.Keras { parameters throws(LossError) in
        BinaryCrossentropy(
          fromLogits: true,
          labelSmoothing: try valid(fraction: parameters.labelSmoothing, "labelSmoothing")
        ).plan
      } call: {
        sigmoidCall($0)
      }, relation: .meanOverLastAxis))

  private static func sigmoidCall(_ parameters: MigrationParameters) -> KerasCall {
    KerasCall(
      "BinaryCrossentropy", variable: "bce",
      [("fromLogits: true", "from_logits=True")]
        + KerasCall.argument(
          "labelSmoothing", "label_smoothing", parameters.labelSmoothing, default: 0))
  }
}
