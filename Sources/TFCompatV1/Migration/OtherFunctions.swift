// The functions of tf.compat.v1.losses that have no labels: what stands for them.

extension MigrationDocument {
  /// A function without labels and predictions.
  package struct OtherFunction: Sendable {
    package let function: String
    /// TensorFlow's arguments, with their defaults.
    package let arguments: [String]
    package let python: String
    package let shim: String
    package let note: String
  }

  package static let otherFunctions: [OtherFunction] = [
    OtherFunction(
      function: "compute_weighted_loss",
      arguments: [
        "losses", "weights=1.0", "scope=None", "loss_collection=\"losses\"",
        "reduction=SUM_BY_NONZERO_WEIGHTS",
      ],
      python: "a `tf.keras.losses.Loss` whose `call` returns the losses",
      shim: "Losses.computeWeightedLoss(losses:weights:)",
      note:
        "`tf.nn.compute_average_loss` divides by the global batch size instead. In Keras style: a "
        + "`Loss` with one method."),
    OtherFunction(
      function: "add_loss", arguments: ["loss", "loss_collection=\"losses\""],
      python: "`model.add_loss`", shim: "Losses.addLoss(_:lossCollection:)",
      note: "The collection is an object that is handed over, not a global of the graph."),
    OtherFunction(
      function: "get_losses", arguments: ["scope=None", "loss_collection=\"losses\""],
      python: "`model.losses`", shim: "Losses.getLosses(scope:lossCollection:)",
      note:
        "TensorFlow collects in graphs only. `scope` is a prefix here, a regular expression there."),
    OtherFunction(
      function: "get_regularization_losses", arguments: ["scope=None"], python: "`model.losses`",
      shim: "Losses.getRegularizationLosses(scope:lossCollection:)", note: ""),
    OtherFunction(
      function: "get_regularization_loss",
      arguments: ["scope=None", "name=\"total_regularization_loss\""],
      python: "`tf.add_n(model.losses)`",
      shim: "Losses.getRegularizationLoss(scope:lossCollection:)",
      note: "0 where there are none. `name` would name an operation of a graph, and is not there."),
    OtherFunction(
      function: "get_total_loss",
      arguments: ["add_regularization_losses=True", "name=\"total_loss\"", "scope=None"],
      python: "the compiled loss plus `tf.add_n(model.losses)`",
      shim: "Losses.getTotalLoss(addRegularizationLosses:scope:lossCollection:)",
      note: "An error where there is nothing to add, and where shapes differ."),
  ]
}
