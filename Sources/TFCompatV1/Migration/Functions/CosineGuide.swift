import KerasLosses

// cosine_distance → CosineSimilarity: another function.

extension MigrationGuide {
  /// `tf.compat.v1.losses.cosine_distance` → `tf.keras.losses.CosineSimilarity`.
  package static let cosineDistance = MigrationGuide(
    function: "cosine_distance",
    kerasClass: "CosineSimilarity",
    summary:
      "Another function. TensorFlow 1 takes its vectors as they are and returns 1 − Σ p·y, with "
      + "the axis kept; Keras divides both vectors by their lengths, returns −Σ p·y and drops the axis. For "
      + "vectors of length 1, and only for these, TensorFlow 1's number is Keras's plus 1.",
    samples: Code.samples(
      "cosine_distance", "cosineDistance", ("labels", "labels"), "predictions",
      cosineCall(MigrationParameters()), v1: ", axis=-1", shim: ", axis: -1"),
    example: Example(
      id: "5.2/cosine-unit",
      data: "the unit vectors `[[1, 0], [0, 1]]` and `[[.6, .8], [.8, .6]]`", v1: "0.39999998",
      keras: "-0.60000002"),
    arguments: [
      ArgumentRow(
        argument: "labels", python: "`y_true` in the call", shim: "`labels:`",
        keras: "first argument of the call", verdict: .differs,
        note: "TensorFlow 1 does not divide by the length."),
      ArgumentRow(
        argument: "predictions", python: "`y_pred` in the call", shim: "`predictions:`",
        keras: "second argument of the call", verdict: .differs, note: "Likewise."),
      ArgumentRow(
        argument: "axis", python: "`axis=-1` of the constructor", shim: "`axis:`",
        keras: "`axis:` of the initializer", verdict: .differs,
        note: "Without a default in TensorFlow 1, and kept in the losses, with size 1."),
      ArgumentRow(
        argument: "(dim=None)", python: "`axis=-1` of the constructor", shim: "– (`axis:`)",
        keras: "`axis:` of the initializer", verdict: .differs,
        note: "TensorFlow's deprecated name of `axis`; there is one name here."),
      .weights(
        .differs, "TensorFlow 1's losses have rank R, Keras's R − 1: `[B, 1]` against `[B]`."),
      .scope, .lossCollection, .reduction, .float32Type,
    ],
    reductions: ReductionRow.ofAnotherFormula([
      ("0.39999998", "-0.60000002", "-0.60000002"), ("0.79999995", "-1.2", "-1.2"),
      ("0.39999998", "-0.60000002", "-0.60000002"), ("0.39999998", "–", "-0.60000002"),
      ("0.39999998", "–", "–"),
    ]),
    cases: cosineDistanceCases,
    recipes: [
      Recipe(
        id: "unit", title: "For vectors of length 1, add 1",
        swift: """
          let cosine = CosineSimilarity(axis: -1)
          let loss = 1 + cosine(yTrue, yPred).item
          """,
        python: """
          cosine = tf.keras.losses.CosineSimilarity(axis=-1)
          loss = 1 + cosine(y_true, y_pred)
          """),
      innerProductRecipe(MigrationParameters(), ArrayNames("yTrue", "yPred")),
    ],
    plan: MigrationPlan(
      v1: .loss { .cosineDistance(axis: $0.axis) },
      keras: MigrationPlan.Keras {
        CosineSimilarity(axis: $0.axis).plan
      } call: {
        cosineCall($0)
      },
      relation: .otherFormula(
        because:
          "v1 is 1 - sum(p * y) of the vectors as they are, Keras -sum(p * y) of the vectors "
          + "divided by their lengths: v1 is Keras plus 1 for vectors of length 1 only"),
      replacement: .code { innerProductRecipe($0, $1) }))

  private static func cosineCall(_ parameters: MigrationParameters) -> KerasCall {
    KerasCall(
      "CosineSimilarity", variable: "cosine",
      parameters.axis == -1 ? [] : [("axis: \(parameters.axis)", "axis=\(parameters.axis)")])
  }

  private static func innerProductRecipe(
    _ parameters: MigrationParameters, _ names: ArrayNames
  ) -> Recipe {
    let (labels, predictions) = (names.labels, names.predictions)
    let weights = names.weights.map { ", weights: \($0)" } ?? ""
    let division =
      names.weights == nil
      ? "loss = tf.reduce_mean(losses)"
      : """
      nonzero = tf.math.count_nonzero(tf.broadcast_to(weights, losses.shape))
      loss = tf.math.divide_no_nan(
          tf.reduce_sum(losses * weights), tf.cast(nonzero, losses.dtype))
      """
    return Recipe(
      id: "innerProduct", title: "Keep the inner product",
      swift: """
        // The function itself: 1 − Σ p·y, with the axis kept.
        let loss = try Losses.cosineDistance(
          labels: \(labels), predictions: \(predictions), axis: \(parameters.axis)\(weights))
        """,
      python: """
        losses = 1 - tf.reduce_sum(
            \(labels.pythonName) * \(predictions.pythonName), axis=\(parameters.axis), keepdims=True)
        \(division)
        """)
  }
}
