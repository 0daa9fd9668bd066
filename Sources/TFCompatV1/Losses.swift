/// `tf.compat.v1.losses` on tensors: TensorFlow 1's loss functions, computed by the Keras-style losses.
///
/// ```swift
/// let loss = try Losses.softmaxCrossEntropy(
///   onehotLabels: labels, logits: logits, weights: weights, labelSmoothing: 0.2)
/// ```
///
/// The functions carry TensorFlow's names and argument names, camelCased, in TensorFlow's order. They
/// differ from the Keras-style losses in three things:
///
/// * **Weights** are a scalar, or have the rank of the losses with every size 1 or equal. Nothing else:
///   `[B, 1]` on losses `[B]` is an error here and one weight per sample there.
/// * **Reductions** are TensorFlow 1's, ``Reduction``, with ``Reduction/sumByNonzeroWeights`` as the
///   default: the one that Keras does not have.
/// * **Collections**: a loss is added to the ``LossCollection`` that is handed over, and to none
///   otherwise. TensorFlow's implicit collection exists in graph mode only.
///
/// What TensorFlow raises as `ValueError` is thrown as a `LossError`. Every function has a twin
/// `…WithGradient` that also returns the derivative of the sum of the returned values with respect to
/// the predictions; labels, weights and denominators are constants.
///
/// MIGRATION.md maps every argument and every reduction to its Keras-style counterpart.
public enum Losses {}
