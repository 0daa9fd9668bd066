/// `tf.compat.v1.losses` on tensors: TensorFlow 1's loss functions, computed by the Keras-style losses.
///
/// ```swift
/// let loss = try Losses.softmaxCrossEntropy(
///   onehotLabels: labels, logits: logits, weights: weights, labelSmoothing: 0.2)
/// ```
///
/// The functions carry TensorFlow's names and argument names, camelCased, in TensorFlow's order:
///
/// | function | runs | one loss for each |
/// |---|---|---|
/// | `softmaxCrossEntropy` | `CategoricalCrossentropy(fromLogits: true)` | row of classes |
/// | `sparseSoftmaxCrossEntropy` | `SparseCategoricalCrossentropy(fromLogits: true)` | row of classes |
/// | `sigmoidCrossEntropy` | `BinaryCrossentropy(fromLogits: true)` | element |
/// | `meanSquaredError` | `MeanSquaredError` | element |
/// | `absoluteDifference` | `MeanAbsoluteError` | element |
/// | `huberLoss` | `Huber` | element |
/// | `hingeLoss` | the function of `Hinge`, with every label taken for 0 or 1 | element |
/// | `logLoss` | its own: ε is added, not clipped to | element |
/// | `cosineDistance` | its own: lengths are not divided by | vector; its axis stays |
/// | `meanPairwiseSquaredError` | its own: nothing like it in Keras | batch: a sum, without reductions |
/// | `computeWeightedLoss` | weights and reduction alone | loss that is given |
///
/// and `addLoss`, `getLosses`, `getRegularizationLosses`, `getRegularizationLoss` and `getTotalLoss`, which
/// work on the ``LossCollection`` that they are handed.
///
/// They differ from the Keras-style losses in four things:
///
/// * **Elements.** A loss of `[B, D]` that Keras averages over its last axis has B values; here it has
///   B · D, and a sum of them is D times as large.
/// * **Weights** are a scalar, or have the rank of the losses with every size 1 or equal. Nothing else:
///   `[B, 1]` on losses `[B]` is an error here and one weight per sample there. Only
///   `sparseSoftmaxCrossEntropy` drops a trailing 1.
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
