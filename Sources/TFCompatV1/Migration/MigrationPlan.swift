import KerasLosses

// What the command runs for a guide, and how the two sides of it stand to each other.

/// Keras's reduction, by a name that does not hide behind `Losses.Reduction`.
package typealias KerasReduction = KerasLosses.Reduction

extension Losses.Reduction {
  /// The Keras-style reduction that divides by the same; nil where none does.
  package var counterpart: KerasReduction? {
    switch self {
    case .none: KerasReduction.none
    case .sum: .sum
    case .sumOverBatchSize: .sumOverBatchSize
    case .mean: .meanWithSampleWeight
    case .sumByNonzeroWeights: nil
    }
  }
}

/// The arguments of a call that is to be migrated, beside its arrays.
package struct MigrationParameters: Sendable {
  package var labelSmoothing = 0.0
  package var axis = -1
  package var delta = 1.0
  package var epsilon = 1e-7

  package init() {}
}

/// The two computations behind a guide.
package struct MigrationPlan: Sendable {
  /// The TensorFlow 1 side.
  package enum V1: Sendable {
    case loss(@Sendable (MigrationParameters) -> V1Loss)
    /// `mean_pairwise_squared_error`, which compares the elements of a sample with each other.
    case pairwise
  }

  /// How the losses of the Keras-style side follow from those of TensorFlow 1.
  package enum Relation: Sendable {
    /// They are the same.
    case sameLosses
    /// Each is the mean of TensorFlow 1's over the last axis.
    case meanOverLastAxis
    /// The same, as long as all labels are 0 or 1.
    case meanOverLastAxisOfBinaryLabels
    /// They do not: another formula.
    case otherFormula(because: String)
    /// There are none.
    case noCounterpart(because: String)
  }

  /// The Keras-style side.
  package struct Keras: Sendable {
    package let plan: @Sendable (MigrationParameters) throws(LossError) -> LossPlan
    package let call: @Sendable (MigrationParameters) -> KerasCall

    package init(
      plan: @escaping @Sendable (MigrationParameters) throws(LossError) -> LossPlan,
      call: @escaping @Sendable (MigrationParameters) -> KerasCall
    ) {
      self.plan = plan
      self.call = call
    }
  }

  /// How TensorFlow calls the function's two arrays.
  package let arrays: (labels: String, predictions: String)
  package let v1: V1
  /// nil where there is no counterpart.
  package let keras: Keras?
  package let relation: Relation
  /// What replaces a function whose formula Keras does not have.
  package let replacement: Replacement?

  /// Code that stands for a formula.
  package enum Replacement: Sendable {
    /// A loss that is to see every element by itself.
    case elements(@Sendable (MigrationParameters, ArrayNames) -> KerasCall)
    /// Code of its own.
    case code(@Sendable (MigrationParameters, ArrayNames) -> MigrationGuide.Recipe)
  }

  package init(
    arrays: (labels: String, predictions: String) = ("labels", "predictions"), v1: V1,
    keras: Keras?, relation: Relation,
    replacement: Replacement? = nil
  ) {
    self.arrays = arrays
    self.v1 = v1
    self.keras = keras
    self.relation = relation
    self.replacement = replacement
  }
}

/// What a piece of code calls its arrays, camel-cased; nil where it has no weights.
package struct ArrayNames: Sendable {
  package let labels: String
  package let predictions: String
  package let weights: String?

  package init(_ labels: String, _ predictions: String, weights: String? = "weights") {
    self.labels = labels
    self.predictions = predictions
    self.weights = weights
  }

  /// The last argument of a Keras-style call.
  var swiftWeight: String { weights.map { ", sampleWeight: \($0)" } ?? "" }
  var pythonWeight: String { weights.map { ", sample_weight=\($0.pythonName)" } ?? "" }
}

/// A Keras-style loss as it is written down, in both languages.
package struct KerasCall: Sendable {
  package let className: String
  /// What has to stand before it.
  package var setup: (swift: String, python: String) = ("", "")
  /// The name of the labels after that.
  package var labels: String?
  /// A closure behind the arguments.
  package var closure = ""
  /// The class in Python, where it is not one of `tf.keras.losses`.
  package var pythonClass: String?
  /// The name of the variable that holds the loss.
  package let variable: String
  private let arguments: [(swift: String, python: String)]

  /// - Parameter arguments: each as Swift's and as Python's spelling of it.
  package init(
    _ className: String, variable: String, _ arguments: [(swift: String, python: String)] = []
  ) {
    self.className = className
    self.variable = variable
    self.arguments = arguments
  }

  /// The loss with these arguments and, if it is not the default, a reduction.
  package func swift(_ reduction: KerasReduction = .sumOverBatchSize) -> String {
    let more = reduction == .sumOverBatchSize ? [] : ["reduction: .\(reduction)"]
    let list = (arguments.map(\.swift) + more).joined(separator: ", ")
    if closure.isEmpty { return "\(className)(\(list))" }
    return "\(className)\(list.isEmpty ? "" : "(\(list))") \(closure)"
  }

  /// The same in Python.
  package func python(_ reduction: KerasReduction = .sumOverBatchSize) -> String {
    let more = reduction == .sumOverBatchSize ? [] : ["reduction=\"\(reduction.rawValue)\""]
    let list = (arguments.map(\.python) + more).joined(separator: ", ")
    return "\(pythonClass ?? "tf.keras.losses.\(className)")(\(list))"
  }

  /// An argument whose value both languages spell alike; nothing where it is the default.
  package static func argument(
    _ swift: String, _ python: String, _ value: Double, default standard: Double
  ) -> [(swift: String, python: String)] {
    value == standard ? [] : [("\(swift): \(value)", "\(python)=\(value)")]
  }
}
