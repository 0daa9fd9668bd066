// keras-losses migrate: what becomes of a TensorFlow 1 loss on the caller's own data.

import Foundation
import KerasLosses
import TFCompatV1

extension Subcommand {
  static let migrate = Subcommand(
    name: "migrate",
    summary: "what becomes of a tf.compat.v1.losses call on your data",
    options: [
      Option(
        name: "--function", value: "NAME", help: "the TensorFlow 1 function; see keras-losses list",
        isRequired: true),
      Option(name: "--labels", value: "FILE.npy", help: "the labels", isRequired: true),
      Option(
        name: "--logits", alias: "--predictions", value: "FILE.npy", help: "the predictions",
        isRequired: true),
      Option(
        name: "--weights", value: "FILE.npy",
        help: "a scalar, or the rank of the losses with each size 1 or equal"),
      Option(
        name: "--label-smoothing", value: "S",
        help: "in 0...1; 0 if not given (softmax_cross_entropy, sigmoid_cross_entropy)"),
      Option(
        name: "--axis", value: "N", help: "the axis of the vectors (cosine_distance, needed there)"),
      Option(name: "--delta", value: "D", help: "1 if not given (huber_loss)"),
      Option(name: "--epsilon", value: "E", help: "1e-7 if not given (log_loss)"),
      Option(name: "--json", value: nil, help: "print JSON instead of a report"),
    ],
    details: """
      Prints the loss under each of TensorFlow 1's reductions, the TensorFlow 2 call to write instead
      with its values, and for each reduction whether the number stays the same, why, and if not the
      code that keeps it, in Swift and in Python.

      JSON: {"function", "v1": {reduction: value}, "tf2": {"call", reduction: value}, "verdicts":
      {v1 reduction: {"same", "factor", "because"}}}; null where there is no counterpart, or where Keras
      does not take the arrays. mean_pairwise_squared_error, which has no reductions, is a "sum".
      """,
    run: { arguments throws(Failure) in
      let function = try migratedFunction(arguments)
      let parameters = try parameters(arguments, of: function)
      let operands = Operands(
        labels: try NpyFile("--labels", arguments), predictions: try NpyFile("--logits", arguments),
        weights: try NpyFile.optional("--weights", arguments),
        names: ArgumentNames(
          labels: "--labels", predictions: arguments.spelling("--logits"), weights: "--weights"))
      let job = MigrateJob(
        guide: function, operands: operands, parameters: parameters,
        isJSON: arguments.has("--json"))
      return try job.run(on: operands)
    })

  /// The guide of the function, if it takes all the arguments that are given.
  private static func migratedFunction(_ arguments: Arguments) throws(Failure) -> MigrationGuide {
    let name = arguments.required("--function")
    let guides = MigrationDocument.guides
    guard let guide = guides.first(where: { $0.function == name }) else {
      if MigrationDocument.otherFunctions.contains(where: { $0.function == name }) {
        throw .usage(
          "--function: \(name) has no labels and predictions that could be compared. "
            + "See keras-losses list for what replaces it.")
      }
      throw .usage(
        "--function: \(name) cannot be migrated; did you mean "
          + "\(nearest(to: name, among: guides.map(\.function)))? See keras-losses list.")
    }
    let parameters = guide.arguments.map { $0.argument.prefix { $0 != "=" } }
    for option in ["--axis", "--delta", "--epsilon", "--label-smoothing"]
    where arguments.has(option) {
      let parameter = option.dropFirst(2).replacing("-", with: "_")
      guard parameters.contains(Substring(parameter)) else {
        throw .usage("\(option): \(name) has no argument \(parameter).")
      }
    }
    return guide
  }

  private static func parameters(
    _ arguments: Arguments, of guide: MigrationGuide
  ) throws(Failure) -> MigrationParameters {
    var result = MigrationParameters()
    if let smoothing = try number("--label-smoothing", arguments) {
      result.labelSmoothing = try checked { () throws(LossError) in
        try valid(fraction: smoothing, "--label-smoothing")
      }
    }
    if let epsilon = try number("--epsilon", arguments) {
      result.epsilon = try checked { () throws(LossError) in
        try valid(nonnegative: epsilon, "--epsilon")
      }
    }
    if let delta = try number("--delta", arguments) {
      guard delta.isFinite else { throw .usage("--delta: must be finite; got \(delta).") }
      result.delta = delta
    }
    if let text = arguments["--axis"] {
      guard let axis = Int(text) else { throw .usage("--axis: must be an integer; got \(text).") }
      result.axis = axis
    } else if guide.arguments.contains(where: { $0.argument == "axis" }) {
      throw .usage("--axis: missing; \(guide.function) has no default for it.")
    }
    return result
  }

  /// A parameter, or the error of its domain as one of the command line.
  private static func checked(
    _ body: () throws(LossError) -> Double
  ) throws(Failure) -> Double {
    do { return try body() } catch { throw .usage(error.description) }
  }

  private static func number(
    _ option: String, _ arguments: Arguments
  ) throws(Failure) -> Double? {
    guard let text = arguments[option] else { return nil }
    guard let number = Double(text) else {
      throw .usage("\(option): must be a number; got \(text).")
    }
    return number
  }
}
