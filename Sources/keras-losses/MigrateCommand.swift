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
      Option(name: "--label-smoothing", value: "S", help: "in 0...1; 0 if not given"),
      Option(name: "--axis", value: "N", help: "", isHidden: true),
      Option(name: "--delta", value: "D", help: "", isHidden: true),
      Option(name: "--epsilon", value: "E", help: "", isHidden: true),
      Option(name: "--json", value: nil, help: "print JSON instead of a report"),
    ],
    details: """
      Prints the loss under each of TensorFlow 1's reductions, the TensorFlow 2 call to write instead
      with its values, and for each reduction whether the number stays the same, why, and if not the
      code that keeps it, in Swift and in Python.

      JSON: {"function", "v1": {reduction: value}, "tf2": {"call", reduction: value}, "verdicts":
      {v1 reduction: {"same", "factor", "because"}}}; null where there is no counterpart.
      """,
    run: { arguments throws(Failure) in
      let function = try migratedFunction(arguments)
      let labelSmoothing = try labelSmoothing(arguments)
      let operands = Operands(
        labels: try NpyFile("--labels", arguments), predictions: try NpyFile("--logits", arguments),
        weights: try NpyFile.optional("--weights", arguments),
        names: ArgumentNames(
          labels: "--labels", predictions: arguments.spelling("--logits"), weights: "--weights"))
      let job = MigrateJob(
        function: function, operands: operands, labelSmoothing: labelSmoothing,
        isJSON: arguments.has("--json"))
      return try job.run(on: operands)
    })

  /// The guide of the function, if it takes all the arguments that are given.
  private static func migratedFunction(_ arguments: Arguments) throws(Failure) -> MigrationGuide {
    let name = arguments.required("--function")
    let guides = MigrationDocument.guides
    guard let guide = guides.first(where: { $0.function == name }) else {
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

  private static func labelSmoothing(_ arguments: Arguments) throws(Failure) -> Double {
    guard let text = arguments["--label-smoothing"] else { return 0 }
    guard let smoothing = Double(text) else {
      throw .usage("--label-smoothing: must be a number; got \(text).")
    }
    do {
      return try valid(smoothing: smoothing, argument: "--label-smoothing")
    } catch {
      throw .usage(error.description)
    }
  }
}

/// One migration, on files.
struct MigrateJob: ScalarJob {
  let function: MigrationGuide
  let operands: Operands
  let labelSmoothing: Double
  let isJSON: Bool

  func run<Scalar: LossScalar>(_ type: Scalar.Type) throws(Failure) -> String {
    let report: MigrationReport<Scalar> = try report()
    return isJSON ? MigrationText.json(report).text + "\n" : text(report)
  }

  /// The values and verdicts on the operands.
  func report<Scalar: LossScalar>() throws(Failure) -> MigrationReport<Scalar> {
    let loss = V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing)
    let call = try SlabbedCall<Scalar>(.tensorFlow1(loss), operands)
    var progress = Progress(total: call.sampleCount)
    defer { progress.clear() }
    let (weighted, accumulator) = try call.losses(&progress)
    return MigrationReport(
      softmaxCrossEntropy: accumulator, weightedLosses: weighted, labelSmoothing: labelSmoothing,
      weights: operands.weights?.shape)
  }

  /// The whole report: what went in, what came out, and what to write.
  func text<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> String {
    var rows = [operands.labels.row("labels"), operands.predictions.row("logits")]
    if let weights = operands.weights { rows.append(weights.row("weights")) }
    if labelSmoothing != 0 { rows.append(["label_smoothing", "\(labelSmoothing)"]) }
    return """
      tf.compat.v1.losses.\(report.function)

      \(columns(rows))

      \(MigrationText.table(report, function))

      \(MigrationText.verdicts(report, function))

      \(MigrationText.call(report))

      """
  }
}
