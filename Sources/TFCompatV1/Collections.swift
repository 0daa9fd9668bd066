import KerasLosses

// TensorFlow keeps its collections in the default graph; here a collection is an object, and these
// functions work on the one that is handed over. `name`, which only names an operation of a graph, is not
// there.

extension Losses {
  /// `tf.compat.v1.losses.add_loss`: adds a loss that was computed elsewhere.
  public static func addLoss<Scalar: LossScalar>(
    _ loss: Tensor<Scalar>, lossCollection: LossCollection<Scalar>
  ) {
    lossCollection.addLoss(loss)
  }

  /// `tf.compat.v1.losses.get_losses`: the losses whose name begins with `scope`, in the order in which
  /// they were added; all if nil.
  public static func getLosses<Scalar: LossScalar>(
    scope: String? = nil, lossCollection: LossCollection<Scalar>
  ) -> [Tensor<Scalar>] {
    lossCollection.getLosses(scope: scope)
  }

  /// `tf.compat.v1.losses.get_regularization_losses`: the regularization losses whose name begins with
  /// `scope`; all if nil.
  public static func getRegularizationLosses<Scalar: LossScalar>(
    scope: String? = nil, lossCollection: LossCollection<Scalar>
  ) -> [Tensor<Scalar>] {
    lossCollection.getRegularizationLosses(scope: scope)
  }

  /// `tf.compat.v1.losses.get_regularization_loss`: their sum; 0 if there are none.
  ///
  /// Throws a `LossError` if their shapes differ.
  public static func getRegularizationLoss<Scalar: LossScalar>(
    scope: String? = nil, lossCollection: LossCollection<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try lossCollection.getRegularizationLoss(scope: scope)
  }

  /// `tf.compat.v1.losses.get_total_loss`: the sum of the losses, and of the regularization losses unless
  /// told otherwise.
  ///
  /// Throws a `LossError` if there is nothing to add or if shapes differ.
  public static func getTotalLoss<Scalar: LossScalar>(
    addRegularizationLosses: Bool = true, scope: String? = nil,
    lossCollection: LossCollection<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try lossCollection.getTotalLoss(
      addRegularizationLosses: addRegularizationLosses, scope: scope)
  }
}
