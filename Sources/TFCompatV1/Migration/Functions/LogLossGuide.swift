import KerasLosses

// log_loss → BinaryCrossentropy: ε is added on one side, a bound for clipping on the other.

extension MigrationGuide {
  /// `tf.compat.v1.losses.log_loss` → `tf.keras.losses.BinaryCrossentropy`.
  package static let logLoss = MigrationGuide(
    function: "log_loss",
    kerasClass: "BinaryCrossentropy",
    summary:
      "Nearly the same formula: TensorFlow 1 adds ε within the logarithms, Keras 3 clips the "
      + "probabilities to ε...1 − ε, Keras 2 does both. Away from 0 and 1 they differ by about ε; at 0 and "
      + "1, and in the gradient there, by much. And TensorFlow 1 has one loss for each element, Keras the "
      + "mean over the last axis.",
    samples: Code.samples(
      "log_loss", "logLoss", ("labels", "labels"), "predictions",
      KerasCall("BinaryCrossentropy", variable: "bce")),
    example: Example(
      id: "5.2/log-unweighted",
      data: "labels `[[1, 0], [1, 0]]` and predictions `[[.9, .2], [.6, .4]]`", v1: "0.33753869",
      keras: "0.33753884"),
    arguments: [
      ArgumentRow(
        argument: "labels", python: "`y_true` in the call", shim: "`labels:`",
        keras: "first argument of the call", verdict: .differs,
        note: "Any element type, usually in 0...1; see ε."),
      ArgumentRow(
        argument: "predictions", python: "`y_pred` in the call", shim: "`predictions:`",
        keras: "second argument of the call", verdict: .differs,
        note: "Probabilities on both sides; see ε."),
      .elementWeights,
      ArgumentRow(
        argument: "epsilon=1e-7", python: "– (`keras.backend.epsilon()`, to which it is clipped)",
        shim: "`epsilon:`", keras: "–", verdict: .differs,
        note: "Added here, a bound for clipping there. Keras has no argument for it."),
      .scope, .lossCollection, .reduction, .float32Type,
    ],
    reductions: ReductionRow.ofAnotherFormula([
      ("0.10536041", "0.16425189", "0.16425204"), ("1.3501546", "0.67507732", "0.67507762"),
      ("0.33753866", "0.33753866", "0.33753881"), ("0.33753866", "–", "0.33753881"),
      ("0.33753866", "–", "–"),
    ]),
    cases: logLossCases,
    recipes: [logLossRecipe],
    plan: MigrationPlan(
      v1: .loss { .logLoss(epsilon: $0.epsilon) },
      keras: MigrationPlan.Keras { _ in
        BinaryCrossentropy().plan
      } call: { _ in
        KerasCall("BinaryCrossentropy", variable: "bce")
      },
      relation: .otherFormula(
        because:
          "v1 adds epsilon to the probabilities, Keras clips them to 1e-7...1 - 1e-7: close to "
          + "each other away from 0 and 1, and never to be relied upon"),
      replacement: .elements { parameters, _ in logLossCall(parameters) }))

  /// The formula as a loss of one's own.
  private static func logLossCall(_ parameters: MigrationParameters) -> KerasCall {
    let epsilon = "\(parameters.epsilon)"
    var call = KerasCall("PointwiseLoss", variable: "logLoss")
    call.closure = """
      { y, p in
        let (own, other) = (p + \(epsilon), 1 - p + \(epsilon))
        return (
          value: -y * Double.log(own) - (1 - y) * Double.log(other),
          derivative: (1 - y) / other - y / own
        )
      }
      """
    call.pythonClass = "LogLoss"
    call.setup.python = """
      class LogLoss(tf.keras.losses.Loss):
          def call(self, y_true, y_pred):
              own, other = y_pred + \(epsilon), 1 - y_pred + \(epsilon)
              losses = -y_true * tf.math.log(own) - (1 - y_true) * tf.math.log(other)
              return tf.reduce_mean(losses, axis=-1)


      """
    return call
  }

  private static let logLossRecipe = Recipe.elements(
    id: "epsilon", title: "Write the formula down, ε and all, with every element a loss",
    logLossCall(MigrationParameters()), ArrayNames("yTrue", "yPred", weights: nil),
    .sumOverBatchSize)
}
