import KerasLosses

// hinge_loss → Hinge.

extension MigrationGuide {
  /// `tf.compat.v1.losses.hinge_loss` → `tf.keras.losses.Hinge`.
  package static let hingeLoss = MigrationGuide(
    function: "hinge_loss",
    kerasClass: "Hinge",
    summary:
      "For labels of 0 and 1 the same formula, of which TensorFlow 1 has one loss for each element "
      + "and Keras the mean over the last axis. Other labels TensorFlow 1 converts all the same, y to "
      + "2·y − 1, and Keras takes as they are.",
    samples: Code.samples("hinge_loss", "hingeLoss", ("labels", "labels"), "logits", hingeCall),
    example: Example(
      id: "5.2/hinge-binary",
      data: "labels `[[0, 1], [1, 0]]` and logits `[[.5, .5], [-2, -3]]`", v1: "1.25",
      keras: "1.25"),
    arguments: [
      .labels(
        "labels", "labels",
        "0 and 1. Keras converts them only if the whole batch holds nothing else, and takes -1 and 1, too."
      ),
      .predictions("logits", ""), .elementWeights, .scope, .lossCollection, .reduction,
      .float32Type,
    ],
    reductions: ReductionRow.ofElements([
      ("1.5", "1", "1"), ("5", "2.5", "2.5"), ("1.25", "1.25", "1.25"), ("1.25", "–", "1.25"),
      ("1.25", "–", "–"),
    ]),
    cases: hingeLossCases,
    recipes: [signedRecipe],
    plan: MigrationPlan(
      arrays: ("labels", "logits"), v1: .loss { _ in .hingeLoss },
      keras: MigrationPlan.Keras { _ in
        Hinge().plan
      } call: { _ in
        hingeCall
      }, relation: .meanOverLastAxisOfBinaryLabels,
      replacement: .elements { _, names in signedCall(names) }))

  private static let hingeCall = KerasCall("Hinge", variable: "hinge")

  /// `Hinge` on labels that have been converted.
  private static func signedCall(_ names: ArrayNames) -> KerasCall {
    var call = hingeCall
    call.setup = (
      """
      let signed = Tensor(
        shape: \(names.labels).shape, scalars: \(names.labels).scalars.map { 2 * $0 - 1 })

      """, "signed = 2 * \(names.labels.pythonName) - 1\n"
    )
    call.labels = "signed"
    return call
  }

  private static let signedNames = ArrayNames("yTrue", "yPred", weights: nil)
  private static let signedRecipe = Recipe.elements(
    id: "signed", title: "Convert the labels as TensorFlow 1 does, and let every element be a loss",
    signedCall(signedNames), signedNames, .sumOverBatchSize)
}
