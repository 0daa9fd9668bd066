// The code before and after, which looks alike for most functions.

extension MigrationGuide.Code {
  /// Before and after, in both languages, for a function whose arguments are all at their defaults, or
  /// are given as `v1` and `shim` spell them.
  static func samples(
    _ function: String, _ swiftName: String, _ labels: (python: String, swift: String),
    _ predictions: String, _ call: KerasCall?, v1: String = "", shim: String = "",
    hasWeights: Bool = false
  ) -> [Self] {
    let weights =
      hasWeights ? (", sample_weight=weights", ", sampleWeight: weights") : ("", "")
    let before = Self(
      id: "\(function).before", title: "TensorFlow 1", language: .python,
      text: """
        loss = tf.compat.v1.losses.\(function)(
            \(labels.python)=y_true, \(predictions)=y_pred\(v1))
        """)
    let swift = Self(
      id: "\(function).shim", title: "Swift, TensorFlow 1 style", language: .swift,
      text: """
        let loss = try Losses.\(swiftName)(
          \(labels.swift): yTrue, \(predictions): yPred\(shim))
        """)
    guard let call else { return [before, swift] }
    return [
      before,
      Self(
        id: "\(function).after", title: "TensorFlow 2", language: .python,
        text: """
          \(call.variable) = \(call.python())
          loss = \(call.variable)(y_true, y_pred\(weights.0))
          """),
      swift,
      Self(
        id: "\(function).keras", title: "Swift, TensorFlow 2 style", language: .swift,
        text: """
          let \(call.variable) = \(call.swift())
          let loss = \(call.variable)(yTrue, yPred\(weights.1))
          """),
    ]
  }
}
