import KerasLosses

// mean_squared_error, absolute_difference, huber_loss: one loss for each element, of which Keras takes the
// mean over the last axis.

extension MigrationGuide {
  /// `tf.compat.v1.losses.mean_squared_error` → `tf.keras.losses.MeanSquaredError`.
  package static let meanSquaredError = elementwise(
    "mean_squared_error", call: { _ in KerasCall("MeanSquaredError", variable: "mse") },
    swiftName: "meanSquaredError", example: ("5.2/mse-unweighted", "6.5"),
    reductions: [
      ("1", "0.5", "0.5"), ("26", "13", "13"), ("6.5", "6.5", "6.5"), ("6.5", "–", "6.5"),
      ("6.5", "–", "–"),
    ], cases: meanSquaredErrorCases, v1: { _ in .meanSquaredError },
    plan: { _ in MeanSquaredError().plan })

  /// `tf.compat.v1.losses.absolute_difference` → `tf.keras.losses.MeanAbsoluteError`.
  package static let absoluteDifference = elementwise(
    "absolute_difference", call: { _ in KerasCall("MeanAbsoluteError", variable: "mae") },
    swiftName: "absoluteDifference", example: ("5.2/mae-unweighted", "2"),
    reductions: [
      ("1", "0.5", "0.5"), ("8", "4", "4"), ("2", "2", "2"), ("2", "–", "2"), ("2", "–", "–"),
    ], cases: absoluteDifferenceCases, v1: { _ in .absoluteDifference },
    plan: { _ in MeanAbsoluteError().plan })

  /// `tf.compat.v1.losses.huber_loss` → `tf.keras.losses.Huber`.
  package static let huberLoss = elementwise(
    "huber_loss",
    call: {
      KerasCall(
        "Huber", variable: "huber",
        KerasCall.argument("delta", "delta", $0.delta, default: 1))
    }, swiftName: "huberLoss", example: ("5.2/huber-unweighted", "1.625"),
    parameters: [
      ArgumentRow(
        argument: "delta=1.0", python: "`delta` of the constructor", shim: "`delta:`",
        keras: "`delta:` of the initializer", verdict: .same,
        note: "Neither side divides by δ. `Huber` refuses a δ that is not above 0.")
    ],
    reductions: [
      ("0.5", "0.25", "0.25"), ("6.5", "3.25", "3.25"), ("1.625", "1.625", "1.625"),
      ("1.625", "–", "1.625"), ("1.625", "–", "–"),
    ], cases: huberLossCases, v1: { .huberLoss(delta: $0.delta) },
    plan: { parameters throws(LossError) in
      Huber(delta: try valid(positive: parameters.delta, "delta")).plan
    })

  private static func elementwise(
    _ function: String, call: @escaping @Sendable (MigrationParameters) -> KerasCall,
    swiftName: String, example: (id: String, value: String), parameters: [ArgumentRow] = [],
    reductions: [(v1: String, keras2: String, keras3: String)], cases: [CaseRow],
    v1: @escaping @Sendable (MigrationParameters) -> V1Loss,
    plan: @escaping @Sendable (MigrationParameters) throws(LossError) -> LossPlan
  ) -> MigrationGuide {
    MigrationGuide(
      function: function, kerasClass: call(MigrationParameters()).className,
      summary:
        "The same formula, of which TensorFlow 1 has one loss for each element and Keras the mean "
        + "over the last axis.",
      samples: Code.samples(
        function, swiftName, ("labels", "labels"), "predictions", call(MigrationParameters())),
      example: Example(
        id: example.id,
        data: "labels `[[1, 2], [3, 4]]` and predictions `[[2, 2], [6, 0]]`", v1: example.value,
        keras: example.value),
      arguments: [
        .labels("labels", "labels", "Any element type."), .predictions("predictions", ""),
        .elementWeights,
      ] + parameters + [.scope, .lossCollection, .reduction, .float32Type],
      reductions: ReductionRow.ofElements(reductions), cases: cases, recipes: [],
      plan: MigrationPlan(
        v1: .loss(v1), keras: MigrationPlan.Keras(plan: plan, call: call),
        relation: .meanOverLastAxis))
  }
}
