import KerasLosses

// sparse_softmax_cross_entropy → SparseCategoricalCrossentropy(from_logits=True).

extension MigrationGuide {
  /// `tf.compat.v1.losses.sparse_softmax_cross_entropy` → `tf.keras.losses.SparseCategoricalCrossentropy`.
  package static let sparseSoftmaxCrossEntropy = MigrationGuide(
    function: "sparse_softmax_cross_entropy",
    kerasClass: "SparseCategoricalCrossentropy",
    summary:
      "The same losses, one for each row of classes; the default reduction differs, and padding "
      + "becomes an argument.",
    samples: Code.samples(
      "sparse_softmax_cross_entropy", "sparseSoftmaxCrossEntropy", ("labels", "labels"), "logits",
      sparseCall, v1: ", weights=weights", shim: ", weights: weights", hasWeights: true),
    example: Example(
      id: "5.2/sparse-example",
      data: "labels `[1, 2]`, logits `[[.05, .95, 0], [.1, .8, .1]]` and weights `[.3, .7]`",
      v1: "0.57401383", keras: "0.57401383"),
    arguments: [
      .labels(
        "labels", "labels",
        "`[B]` or `[B, 1]`. TensorFlow 1 takes `int32` and `int64`; here any integer type, and integers "
          + "in any other."),
      .predictions(
        "logits",
        "Without `fromLogits: true` the same array is taken for probabilities: another number.",
        python: "`y_pred` in the call, **with `from_logits=True`**",
        keras: "second argument of the call, with `fromLogits: true`"),
      .rowWeights, .scope, .lossCollection, .reduction,
      ArgumentRow(
        argument: "(padding labels of weight 0)", python: "`ignore_class` of the constructor",
        shim: "–", keras: "`ignoreClass:` of the initializer", verdict: .differs,
        note:
          "An id that names no class is an error in TensorFlow 1, on CPU, also under a weight of 0."
      ),
      .predictionsType,
    ],
    reductions: ReductionRow.ofRows([
      ("0.17521904", "0.17521904", "0.17521904"), ("1.1480277", "1.1480277", "1.1480277"),
      ("0.57401383", "0.57401383", "0.57401383"), ("1.1480277", "–", "1.1480277"),
      ("0.57401383", "–", "–"),
    ]),
    cases: sparseSoftmaxCrossEntropyCases,
    recipes: [
      .nonzero(id: "sparseNonzero", sparseCall, ArrayNames("yTrue", "yPred")),
      Recipe(
        id: "padding", title: "Name the id of the padding instead of weighting it with 0",
        swift: """
          let scce = SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: -1)
          let loss = scce(paddedIDs, yPred)
          """,
        python: """
          scce = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
          loss = scce(padded_ids, y_pred)
          """),
    ],
    plan: MigrationPlan(
      arrays: ("labels", "logits"), v1: .loss { _ in .sparseSoftmaxCrossEntropy },
      keras: MigrationPlan.Keras { _ in
        SparseCategoricalCrossentropy(fromLogits: true).plan
      } call: { _ in
        sparseCall
      }, relation: .sameLosses))

  private static let sparseCall = KerasCall(
    "SparseCategoricalCrossentropy", variable: "scce", [("fromLogits: true", "from_logits=True")])
}
