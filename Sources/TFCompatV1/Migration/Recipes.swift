import KerasLosses

// Code that keeps TensorFlow 1's number on Keras's side, for any loss.

extension MigrationGuide.Recipe {
  /// SUM_BY_NONZERO_WEIGHTS, for one weight per loss.
  static func nonzero(
    id: String = "nonzero", _ call: KerasCall, _ names: (labels: String, predictions: String)
  ) -> MigrationGuide.Recipe {
    let (labels, predictions) = names
    let variable = call.variable
    return MigrationGuide.Recipe(
      id: id, title: "Divide by the number of weights that are not 0",
      swift: """
        let \(variable) = \(call.swift(.sum))
        let sum = \(variable)(\(labels), \(predictions), sampleWeight: weights).item
        // One weight per loss: broadcast them first if they are fewer.
        let nonzero = weights.scalars.count { $0 != 0 }
        let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
        """,
      python: """
        \(variable) = \(call.python(.sum))
        total = \(variable)(\(labels.pythonName), \(predictions.pythonName), sample_weight=weights)
        # One weight per loss: broadcast them first if they are fewer.
        loss = tf.math.divide_no_nan(
            total, tf.cast(tf.math.count_nonzero(weights), total.dtype))
        """)
  }

  /// One loss per element, whatever the shape: a last axis of size 1 is what Keras averages.
  static func elements(
    id: String = "elements", _ call: KerasCall, _ names: (labels: String, predictions: String),
    _ reduction: KerasReduction
  ) -> MigrationGuide.Recipe {
    let (labels, predictions) = names
    let variable = call.variable
    return MigrationGuide.Recipe(
      id: id, title: "Let every element be a loss: add an axis of size 1 for Keras to average",
      swift: """
        let \(variable) = \(call.swift(reduction))
        let shape = \(predictions).shape + [1]
        let loss = \(variable)(
          \(labels).reshaped(to: shape), \(predictions).reshaped(to: shape), sampleWeight: weights)
        """,
      python: """
        \(variable) = \(call.python(reduction))
        loss = \(variable)(
            \(labels.pythonName)[..., tf.newaxis], \(predictions.pythonName)[..., tf.newaxis],
            sample_weight=weights)
        """)
  }

  /// SUM_BY_NONZERO_WEIGHTS with one loss per element.
  static func elementsNonzero(
    id: String = "elementsNonzero", _ call: KerasCall,
    _ names: (labels: String, predictions: String)
  ) -> MigrationGuide.Recipe {
    let (labels, predictions) = names
    let variable = call.variable
    return MigrationGuide.Recipe(
      id: id, title: "Every element a loss, divided by the number of weights that are not 0",
      swift: """
        let \(variable) = \(call.swift(.sum))
        let shape = \(predictions).shape + [1]
        let sum = \(variable)(
          \(labels).reshaped(to: shape), \(predictions).reshaped(to: shape), sampleWeight: weights
        ).item
        // Each weight counts as often as it is repeated.
        let repetitions = \(predictions).scalars.count / weights.scalars.count
        let nonzero = weights.scalars.count { $0 != 0 } * repetitions
        let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
        """,
      python: """
        \(variable) = \(call.python(.sum))
        total = \(variable)(
            \(labels.pythonName)[..., tf.newaxis], \(predictions.pythonName)[..., tf.newaxis],
            sample_weight=weights)
        nonzero = tf.math.count_nonzero(tf.broadcast_to(weights, \(predictions.pythonName).shape))
        loss = tf.math.divide_no_nan(total, tf.cast(nonzero, total.dtype))
        """)
  }
}

extension String {
  /// A camel-cased name in Python's spelling.
  var pythonName: String {
    map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }
}
