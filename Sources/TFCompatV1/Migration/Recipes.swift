import KerasLosses

// Code that keeps TensorFlow 1's number on Keras's side, for any loss.

extension MigrationGuide.Recipe {
  /// SUM_BY_NONZERO_WEIGHTS, for one weight per loss.
  static func nonzero(
    id: String = "nonzero", _ call: KerasCall, _ names: ArrayNames
  ) -> MigrationGuide.Recipe {
    let variable = call.variable
    let arrays = (
      swift: "\(names.labels), \(names.predictions)\(names.swiftWeight)",
      python: "\(names.labels.pythonName), \(names.predictions.pythonName)\(names.pythonWeight)"
    )
    return MigrationGuide.Recipe(
      id: id, title: "Divide by the number of weights that are not 0",
      swift: """
        let \(variable) = \(call.swift(.sum))
        let sum = \(variable)(\(arrays.swift)).item
        // One weight per loss: broadcast them first if they are fewer.
        let nonzero = weights.scalars.count { $0 != 0 }
        let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
        """,
      python: """
        \(variable) = \(call.python(.sum))
        total = \(variable)(\(arrays.python))
        # One weight per loss: broadcast them first if they are fewer.
        loss = tf.math.divide_no_nan(
            total, tf.cast(tf.math.count_nonzero(weights), total.dtype))
        """)
  }

  /// One loss per element, whatever the shape: a last axis of size 1 is what Keras averages.
  static func elements(
    id: String = "elements",
    title: String = "Let every element be a loss: add an axis of size 1 for Keras to average",
    _ call: KerasCall, _ names: ArrayNames, _ reduction: KerasReduction
  ) -> MigrationGuide.Recipe {
    let variable = call.variable
    return MigrationGuide.Recipe(
      id: id, title: title,
      swift: call.setup.swift + """
        let \(variable) = \(call.swift(reduction))
        let shape = \(names.predictions).shape + [1]
        let loss = \(swiftCall(call, names))
        """,
      python: call.setup.python + """
        \(variable) = \(call.python(reduction))
        loss = \(pythonCall(call, names))
        """)
  }

  /// SUM_BY_NONZERO_WEIGHTS with one loss per element.
  static func elementsNonzero(
    id: String = "elementsNonzero", _ call: KerasCall, _ names: ArrayNames
  ) -> MigrationGuide.Recipe {
    let variable = call.variable
    let predictions = names.predictions
    return MigrationGuide.Recipe(
      id: id, title: "Every element a loss, divided by the number of weights that are not 0",
      swift: call.setup.swift + """
        let \(variable) = \(call.swift(.sum))
        let shape = \(predictions).shape + [1]
        let sum = \(swiftCall(call, names, end: "\n)")).item
        // Each weight counts as often as it is repeated.
        let repetitions = \(predictions).scalars.count / weights.scalars.count
        let nonzero = weights.scalars.count { $0 != 0 } * repetitions
        let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
        """,
      python: call.setup.python + """
        \(variable) = \(call.python(.sum))
        total = \(pythonCall(call, names))
        nonzero = tf.math.count_nonzero(tf.broadcast_to(weights, \(predictions.pythonName).shape))
        loss = tf.math.divide_no_nan(total, tf.cast(nonzero, total.dtype))
        """)
  }

  /// - Parameter end: what closes the call.
  private static func swiftCall(
    _ call: KerasCall, _ names: ArrayNames, end: String = ")"
  ) -> String {
    let labels = call.labels ?? names.labels
    let predictions = names.predictions
    return """
      \(call.variable)(
        \(labels).reshaped(to: shape), \(predictions).reshaped(to: shape)\(names.swiftWeight)\(end)
      """
  }

  private static func pythonCall(_ call: KerasCall, _ names: ArrayNames) -> String {
    let labels = (call.labels ?? names.labels).pythonName
    let predictions = names.predictions.pythonName
    return """
      \(call.variable)(
          \(labels)[..., tf.newaxis], \(predictions)[..., tf.newaxis]\(names.pythonWeight))
      """
  }
}

extension String {
  /// A camel-cased name in Python's spelling.
  var pythonName: String {
    map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }
}
