// One migration, on files: both sides, and what to say of them.

import KerasLosses
import TFCompatV1

struct MigrateJob: ScalarJob {
  let guide: MigrationGuide
  let operands: Operands
  let parameters: MigrationParameters
  let isJSON: Bool

  func run<Scalar: LossScalar>(_ type: Scalar.Type) throws(Failure) -> String {
    let report: MigrationReport<Scalar> = try report()
    return isJSON ? MigrationText.json(report).text + "\n" : text(report)
  }

  /// The values and verdicts on the operands.
  func report<Scalar: LossScalar>() throws(Failure) -> MigrationReport<Scalar> {
    switch guide.plan.v1 {
    case .loss(let loss): return try report(on: loss(parameters))
    case .pairwise: return try pairwiseReport()
    }
  }

  private func report<Scalar: LossScalar>(
    on loss: V1Loss
  ) throws(Failure) -> MigrationReport<Scalar> {
    let call = try SlabbedCall<Scalar>(.tensorFlow1(loss), operands)
    var facts = facts(losses: call.lossShape)
    var keras: SlabbedCall<Scalar>?
    if let side = guide.plan.keras {
      do {
        keras = try SlabbedCall<Scalar>(.keras(plan(side)), operands)
        facts.labelsAreBinary = !(keras?.hasOtherLabels ?? false)
      } catch {
        // Without its full stop: it becomes part of a sentence.
        facts.refusal = error.text.hasSuffix(".") ? String(error.text.dropLast()) : error.text
      }
    }
    var progress = Progress(total: call.sampleCount + (keras?.sampleCount ?? 0))
    defer { progress.clear() }
    let v1 = try call.losses(&progress, keepsAll: isJSON)
    var tf2: MigrationReport<Scalar>.Side?
    if let keras {
      // What is the same by the rule is not computed twice.
      if case .sameLosses = guide.plan.relation {
        tf2 = v1
      } else {
        tf2 = try keras.losses(&progress, keepsAll: isJSON)
      }
    }
    return MigrationReport(guide, parameters, v1: v1, tf2: tf2, facts: facts)
  }

  private func plan(_ side: MigrationPlan.Keras) throws(Failure) -> LossPlan {
    do {
      return try side.plan(parameters)
    } catch {
      throw Failure(status: 1, text: error.description)
    }
  }

  private func pairwiseReport<Scalar: LossScalar>() throws(Failure) -> MigrationReport<Scalar> {
    let call = try PairwiseSlabs<Scalar>(operands)
    var progress = Progress(total: call.sampleCount)
    defer { progress.clear() }
    let side = MigrationReport<Scalar>.Side(
      accumulator: call.accumulated(&progress),
      losses: MigrationReport.Listing(shape: [], scalars: []))
    return MigrationReport(guide, parameters, v1: side, tf2: nil, facts: facts(losses: []))
  }

  private func facts(losses: [Int]) -> MigrationFacts {
    MigrationFacts(
      predictions: operands.predictions.shape, losses: losses, weights: operands.weights?.shape)
  }

  /// The whole report: what went in, what came out, and what to write.
  private func text<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> String {
    var rows = [
      operands.labels.row("labels"), operands.predictions.row(guide.plan.arrays.predictions),
    ]
    if let weights = operands.weights { rows.append(weights.row("weights")) }
    let parts = [
      "tf.compat.v1.losses.\(report.function)", columns(rows + parameterRows),
      MigrationText.table(report, guide), MigrationText.verdicts(report, guide),
      MigrationText.call(report),
    ]
    return parts.compactMap(\.self).joined(separator: "\n\n") + "\n"
  }

  /// The parameters of the function that are not at their defaults.
  private var parameterRows: [[String]] {
    let standard = MigrationParameters()
    var rows: [[String]] = []
    if parameters.labelSmoothing != 0 {
      rows.append(["label_smoothing", "\(parameters.labelSmoothing)"])
    }
    if guide.arguments.contains(where: { $0.argument == "axis" }) {
      rows.append(["axis", "\(parameters.axis)"])
    }
    if parameters.delta != standard.delta { rows.append(["delta", "\(parameters.delta)"]) }
    if parameters.epsilon != standard.epsilon { rows.append(["epsilon", "\(parameters.epsilon)"]) }
    return rows
  }
}
