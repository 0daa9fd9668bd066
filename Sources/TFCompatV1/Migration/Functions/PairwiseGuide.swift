import KerasLosses

// mean_pairwise_squared_error, which Keras does not have.

extension MigrationGuide {
  /// `tf.compat.v1.losses.mean_pairwise_squared_error`.
  package static let meanPairwiseSquaredError = MigrationGuide(
    function: "mean_pairwise_squared_error",
    kerasClass: nil,
    summary:
      "Keras has no counterpart. For each sample the mean, over all pairs of its elements, of the "
      + "squared difference between the errors of the two: twice the unbiased variance of the errors. It is "
      + "summed over the batch, and takes no reduction. The code that replaces it is "
      + "[below](#pairwise).",
    samples: Code.samples(
      "mean_pairwise_squared_error", "meanPairwiseSquaredError", ("labels", "labels"),
      "predictions", nil),
    example: Example(
      id: "1.1.6/unweighted",
      data: "labels `[[1, 9, 2], [-5, -5, 7]]` and predictions `[[4, 8, 12], [8, 1, 3]]`",
      v1: "208", keras: nil),
    arguments: [
      ArgumentRow(
        argument: "labels", python: "–", shim: "`labels:`", keras: "–", verdict: .differs,
        note: "`[B, …]`. Any element type."),
      ArgumentRow(
        argument: "predictions", python: "–", shim: "`predictions:`", keras: "–",
        verdict: .differs, note: ""),
      ArgumentRow(
        argument: "weights=1.0", python: "–", shim: "`weights:`", keras: "–", verdict: .differs,
        note:
          "The weights multiply the samples' terms and are added up: one weight per sample counts a "
          + "sample once, one per element as often as it has elements."),
      ArgumentRow(
        argument: "scope=None", python: "–", shim: "`scope:`", keras: "–", verdict: .differs,
        note: "The shim files a collected loss under it."),
      ArgumentRow(
        argument: "loss_collection=\"losses\"", python: "–", shim: "`lossCollection:`",
        keras: "–", verdict: .differs,
        note: "Nothing is collected unless a `LossCollection` is handed over."),
      .float32Type,
    ],
    reductions: [],
    cases: meanPairwiseSquaredErrorCases,
    recipes: [pairwiseRecipe(ArrayNames("yTrue", "yPred"))],
    plan: MigrationPlan(
      v1: .pairwise, keras: nil,
      relation: .noCounterpart(
        because:
          "Keras has no loss that compares the elements of a sample with each other; v1's function "
          + "is a sum over the batch and takes no reduction"),
      replacement: .code { _, names in pairwiseRecipe(names) }))

  /// For one weight per sample: those per element have no counterpart.
  private static func pairwiseRecipe(_ names: ArrayNames) -> Recipe {
    Recipe(
      id: "pairwise", title: "Write the loss yourself: twice the unbiased variance of the errors",
      swift: """
        struct MeanPairwiseSquaredError: Loss {
          let reduction = KerasLosses.Reduction.sum

          func losses<Label: TensorElement, Scalar: LossScalar>(
            _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
          ) throws(LossError) -> Tensor<Scalar> {
            let labels = Tensor<Scalar>(converting: yTrue)
            let n = yPred.scalars.count / yPred.shape[0]
            let terms = (0..<yPred.shape[0]).map { sample -> Scalar in
              let errors = (sample * n..<(sample + 1) * n).map {
                yPred.scalars[$0] - labels.scalars[$0]
              }
              let mean = errors.reduce(0, +) / Scalar(n)
              return 2 * errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Scalar(max(n - 1, 1))
            }
            return Tensor(shape: [yPred.shape[0]], scalars: terms)
          }
        }
        let pairwise = MeanPairwiseSquaredError()
        let loss = pairwise(\(names.labels), \(names.predictions)\(names.swiftWeight))
        """,
      python: """
        class MeanPairwiseSquaredError(tf.keras.losses.Loss):
            def __init__(self):
                super().__init__(reduction="sum")

            def call(self, y_true, y_pred):
                errors = tf.reshape(y_pred - y_true, [tf.shape(y_pred)[0], -1])
                n = tf.cast(tf.shape(errors)[1], errors.dtype)
                deviations = errors - tf.reduce_mean(errors, axis=1, keepdims=True)
                return 2 * tf.reduce_sum(deviations ** 2, axis=1) / tf.maximum(n - 1, 1)

        pairwise = MeanPairwiseSquaredError()
        loss = pairwise(\(names.labels.pythonName), \(names.predictions.pythonName)\(names.pythonWeight))
        """)
  }
}
