/// What is wrong with a call: one value for every failure of this package.
///
/// The ``description`` names the argument, the rule it breaks and both shapes; it is what a trapping
/// call prints. The ``code`` is stable and meant for programs.
public struct LossError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The kind of failure. Raw values do not change between versions.
  public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
    /// Labels and predictions, or two tensors to be added, do not have matching shapes.
    case shapeMismatch = "shape_mismatch"
    /// A tensor has fewer axes than the loss needs.
    case rank
    /// A sample weight does not align with the losses.
    case weights
    /// A mask does not have the shape of the losses.
    case mask
    /// An axis lies outside the tensor.
    case axis
    /// A parameter of a loss lies outside its domain.
    case parameter
    /// A class id is not an integer or names no class.
    case classID = "class_id"
    /// A reduction has an unknown name.
    case reduction
    /// A configuration has an unknown key or a value of the wrong kind.
    case configuration
    /// A name stands for no loss.
    case identifier
    /// A shape does not describe the scalars given, is ragged, negative, or too large.
    case shape
    /// A collection holds nothing that could be added up.
    case emptyCollection = "empty_collection"
  }

  /// The kind of failure.
  public let code: Code
  /// The argument at fault, spelled as the call spells it.
  public let argument: String
  /// One sentence that names the argument, the rule and the shapes.
  public let description: String

  package init(_ code: Code, _ argument: String, _ explanation: String) {
    self.code = code
    self.argument = argument
    self.description = "\(argument): \(explanation)"
  }
}

/// Ends the process with the text of `error`.
///
/// `fatalError` and not `precondition`: only the former prints its text in a release build.
@inline(never)
package func trap(_ error: LossError) -> Never {
  fatalError(error.description)
}

/// The value of `body`, or the end of the process with the error's text.
package func trapping<Value>(_ body: () throws(LossError) -> Value) -> Value {
  do { return try body() } catch { trap(error) }
}

/// How one call spells its arguments, so that errors speak the caller's language.
package struct ArgumentNames: Sendable {
  package let labels: String
  package let predictions: String
  package let weights: String

  package init(labels: String, predictions: String, weights: String) {
    self.labels = labels
    self.predictions = predictions
    self.weights = weights
  }

  /// The spelling of the Keras-style call.
  package static let keras = ArgumentNames(
    labels: "yTrue", predictions: "yPred", weights: "sampleWeight")
}
