// softmax_cross_entropy → CategoricalCrossentropy: the code of the guide. The Swift samples stand
// verbatim in a test that runs them.

extension MigrationGuide {
  static let softmaxSamples: [Code] = [
    Code(
      id: "softmax_cross_entropy.before", title: "TensorFlow 1", language: .python,
      text: """
        loss = tf.compat.v1.losses.softmax_cross_entropy(
            onehot_labels=y_true, logits=y_pred, weights=weights, label_smoothing=0.2)
        """),
    Code(
      id: "softmax_cross_entropy.after", title: "TensorFlow 2", language: .python,
      text: """
        cce = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)
        loss = cce(y_true, y_pred, sample_weight=weights)
        """),
    Code(
      id: "softmax_cross_entropy.shim", title: "Swift, TensorFlow 1 style", language: .swift,
      text: """
        let loss = try Losses.softmaxCrossEntropy(
          onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2)
        """),
    Code(
      id: "softmax_cross_entropy.keras", title: "Swift, TensorFlow 2 style", language: .swift,
      text: """
        let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
        let loss = cce(yTrue, yPred, sampleWeight: weights)
        """),
  ]

  static let softmaxRecipes: [Recipe] = [
    .nonzero(softmaxCall(labelSmoothing: 0.2), ArrayNames("yTrue", "yPred")),
    Recipe(
      id: "broadcast", title: "Broadcast the weights before Keras 3 sums them",
      swift: """
        let cce = CategoricalCrossentropy(
          fromLogits: true, labelSmoothing: 0.2, reduction: .meanWithSampleWeight)
        let loss = cce(yTrue, yPred, sampleWeight: weights)
        """,
      python: """
        cce = tf.keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=0.2, reduction="mean_with_sample_weight")
        loss = cce(y_true, y_pred, sample_weight=tf.broadcast_to(weights, y_pred.shape[:-1]))
        """),
    Recipe(
      id: "column", title: "Give the weights the shape of the losses",
      swift: """
        let loss = try Losses.softmaxCrossEntropy(
          onehotLabels: yTrue, logits: yPred,
          weights: columnWeights.reshaped(to: Array(yPred.shape.dropLast())), labelSmoothing: 0.2)
        """,
      python: "weights = tf.reshape(weights, y_pred.shape[:-1])"),
    Recipe(
      id: "clamp", title: "Ignore a negative smoothing, as TensorFlow 1 does",
      swift: """
        let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: max(0, smoothing))
        let loss = cce(yTrue, yPred)
        """,
      python: """
        cce = tf.keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=max(0.0, smoothing))
        """),
    Recipe(
      id: "logits", title: "Say that the predictions are logits",
      swift: """
        let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
        let loss = cce(yTrue, yPred, sampleWeight: weights)
        """,
      python: "cce = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)"
    ),
    Recipe(
      id: "mask", title: "Leave rows out instead of weighting them with 0",
      swift: """
        let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
        let loss = cce(yTrue, yPred, mask: [false, true])
        """,
      python: nil),
    Recipe(
      id: "perSample", title: "One weight per sample",
      swift: """
        let loss = try Losses.softmaxCrossEntropy(
          onehotLabels: sequenceLabels, logits: sequenceLogits,
          weights: sampleWeights.reshaped(to: [2, 1]))
        """,
      python: "sample_weight = weights[:, tf.newaxis]"),
    Recipe(
      id: "perStep", title: "One weight per step",
      swift: """
        let cce = CategoricalCrossentropy(fromLogits: true)
        let loss = cce(
          sequenceLabels, sequenceLogits, sampleWeight: stepWeights.reshaped(to: [1, 3]))
        """,
      python: "sample_weight = weights[tf.newaxis, :]"),
  ]
}
