// keras-losses evaluate: a Keras-style loss, and its gradient, on files.

import Foundation
import KerasLosses

extension Subcommand {
  static let evaluate = Subcommand(
    name: "evaluate",
    summary: "the value of a Keras-style loss, and its gradient, on files",
    options: [
      Option(
        name: "--loss", value: "NAME|CONFIG.json", help: "the loss; see keras-losses list",
        isRequired: true),
      Option(name: "--y-true", value: "FILE.npy", help: "the labels", isRequired: true),
      Option(name: "--y-pred", value: "FILE.npy", help: "the predictions", isRequired: true),
      Option(
        name: "--sample-weight", value: "FILE.npy",
        help: "weights, aligned with the leading axes of the losses"),
      Option(name: "--mask", value: "FILE.npy", help: "which losses take part: b1 or integers"),
      Option(name: "--config", value: "JSON", help: "parameters, as '{\"from_logits\": true}'"),
      Option(
        name: "--reduction", value: "NAME",
        help: "sum_over_batch_size, sum, mean, mean_with_sample_weight or none"),
      Option(
        name: "--gradient", value: "FILE.npy",
        help: "where to write the gradient with respect to the predictions"),
      Option(name: "--json", value: nil, help: "print JSON instead of a report"),
    ],
    details: """
      The name of a class (CategoricalCrossentropy) gives the loss with its defaults, the name of a
      function (categorical_crossentropy) one loss per sample, as in Keras. A configuration is what
      keras.losses.serialize writes. --config replaces single parameters, --reduction the reduction.

      The result has the type of the predictions, f2, f4 or f8; labels and weights are converted to it.
      The gradient is that of the sum of the returned values; its file has the type and shape of the
      predictions and appears whole or not at all.

      JSON: {"loss", "reduction", "shape", "value"}, value being a number, or a flat array for none.
      """,
    run: { arguments throws(Failure) in
      let loss = try LossOptions.loss(arguments)
      let operands = try evaluationOperands(arguments)
      let job = EvaluateJob(
        loss: loss, operands: operands, gradientPath: arguments["--gradient"],
        isJSON: arguments.has("--json"))
      return try job.run(on: operands)
    })

  private static func evaluationOperands(_ arguments: Arguments) throws(Failure) -> Operands {
    let mask = try NpyFile.optional("--mask", arguments)
    if let mask, [.float16, .float32, .float64].contains(mask.header.type) {
      throw .data(
        mask.path, "--mask: must have elements of type b1 or integers; got \(mask.header.typeText)."
      )
    }
    return Operands(
      labels: try NpyFile("--y-true", arguments),
      predictions: try NpyFile("--y-pred", arguments),
      weights: try NpyFile.optional("--sample-weight", arguments),
      mask: mask,
      names: ArgumentNames(
        labels: "--y-true", predictions: "--y-pred", weights: "--sample-weight"))
  }
}

/// One evaluation.
private struct EvaluateJob: ScalarJob {
  let loss: any KerasLoss
  let operands: Operands
  let gradientPath: String?
  let isJSON: Bool

  private var lossName: String { type(of: loss).names.class }

  func run<Scalar: LossScalar>(_ type: Scalar.Type) throws(Failure) -> String {
    let call = try SlabbedCall<Scalar>(.keras(loss.plan), operands)
    let value = try value(of: call)
    if isJSON {
      let result = JSON.object([
        "loss": .string(lossName), "reduction": .string(loss.reduction.rawValue),
        "shape": JSON(shape: value.shape), "value": JSON(value),
      ])
      return result.text + "\n"
    }
    return report(value)
  }

  private func value<Scalar: LossScalar>(of call: SlabbedCall<Scalar>) throws(Failure)
    -> Tensor<Scalar>
  {
    var progress = Progress(total: call.sampleCount)
    defer { progress.clear() }
    guard let gradientPath else { return try call.value(loss.reduction, &progress) }
    let header = operands.predictions.header
    let output = try NpyOutput(path: gradientPath, type: header.type, shape: header.shape)
    let value = try call.value(loss.reduction, &progress) { part, offset throws(Failure) in
      try output.write(part, at: offset)
    }
    try output.commit()
    return value
  }

  private func report<Scalar: LossScalar>(_ value: Tensor<Scalar>) -> String {
    var rows = [operands.labels.row("y_true"), operands.predictions.row("y_pred")]
    if let weights = operands.weights { rows.append(weights.row("sample_weight")) }
    if let mask = operands.mask { rows.append(mask.row("mask")) }
    if let gradientPath {
      let header = operands.predictions.header
      rows.append(["gradient", gradientPath, header.typeText, "\(header.shape)"])
    }
    var parameters: [[String]] = []
    if case .object(let members) = LossOptions.configuration(of: loss) {
      parameters = members.filter { $0.key != "name" }.map { [$0.key, $0.value.text] }
    }
    let shape = value.rank == 0 ? "" : "  (shape \(value.shape))"
    return """
      \(lossName)

      \(columns(rows))

      \(columns(parameters))

      \(loss.reduction.rawValue): \(digits(value))\(shape)

      """
  }
}
