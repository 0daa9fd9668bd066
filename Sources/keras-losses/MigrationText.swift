// A migration report as text and as JSON.

import KerasLosses
import TFCompatV1

enum MigrationText {
  /// One row per TensorFlow 1 reduction: its value, its counterpart, and the counterpart's value.
  static func table<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ guide: MigrationGuide
  ) -> String {
    let rows = report.verdicts.compactMap { verdict -> [String]? in
      guard let value = v1Text(report, verdict.reduction) else { return nil }
      return [
        title(verdict.reduction, guide), value, verdict.counterpart?.rawValue ?? "–",
        verdict.counterpart.flatMap { tf2Text(report, $0) } ?? "–",
        verdict.isSame ? "same" : "differs",
      ]
    }
    return columns([["TensorFlow 1", "value", "TensorFlow 2", "value", ""]] + rows)
  }

  private static func v1Text<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ reduction: Losses.Reduction
  ) -> String? {
    if reduction == .none { return report.v1Losses.map { digits($0) } }
    return report.v1.first { $0.reduction == reduction }.map { digits($0.value) }
  }

  private static func tf2Text<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ reduction: KerasReduction
  ) -> String? {
    if reduction == .none { return report.tf2Losses.map { digits($0) } }
    return report.tf2.first { $0.reduction == reduction }.map { digits($0.value) }
  }

  /// Why each reduction keeps its number or not, and what to write where it does not.
  static func verdicts<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ guide: MigrationGuide
  ) -> String {
    // What is so for one reason is said once, with the code for the default reduction.
    let reasons = Set(report.verdicts.map { "\($0.isSame) \($0.because)" })
    if reasons.count == 1, let verdict = report.verdicts.last {
      return "  Every reduction: \(text(of: verdict))"
    }
    return report.verdicts
      .map { "  \(title($0.reduction, guide)): \(text(of: $0))" }
      .joined(separator: "\n")
  }

  private static func text<Scalar: LossScalar>(
    of verdict: MigrationReport<Scalar>.Verdict
  ) -> String {
    let factor = verdict.factor.map { ", by the factor \(digits($0))" } ?? ""
    let judgement = verdict.isSame ? "same" : "differs\(factor)"
    var text = "\(judgement): \(verdict.because)."
    if let swift = verdict.swift {
      text += "\n    To keep the number, in Swift:\n" + indented(swift, by: "      ")
    }
    if let python = verdict.python {
      text += "\n    To keep the number, in Python:\n" + indented(python, by: "      ")
    }
    return text
  }

  /// The call to write instead, with its value under Keras's default reduction; nil if there is none.
  static func call<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> String? {
    guard let call = report.tf2Call else { return nil }
    let value = tf2Text(report, .sumOverBatchSize)
    return """
        Write instead\(value.map { ", for \($0)" } ?? ", for arrays that it takes"):
          Swift:   \(call.swift)
          Python:  \(call.python)
      """
  }

  static func json<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> JSON {
    func losses(_ listing: MigrationReport<Scalar>.Listing?) -> JSON {
      guard let listing else { return .null }
      return JSON(Tensor(unchecked: listing.shape, scalars: listing.scalars))
    }
    let v1 = Losses.Reduction.allCases.map { reduction in
      JSON.Member(
        key: key(reduction),
        value: reduction == .none
          ? losses(report.v1Losses)
          : report.v1.first { $0.reduction == reduction }.map { JSON($0.value) } ?? .null)
    }
    let order: [KerasReduction] = [
      .none, .sum, .sumOverBatchSize, .mean, .meanWithSampleWeight,
    ]
    let tf2 = order.map { reduction in
      // `mean` is Keras's other name of its default.
      let computed = reduction == .mean ? .sumOverBatchSize : reduction
      return JSON.Member(
        key: reduction.rawValue,
        value: reduction == .none
          ? losses(report.tf2Losses)
          : report.tf2.first { $0.reduction == computed }.map { JSON($0.value) } ?? .null)
    }
    let verdicts = report.verdicts.map { verdict in
      JSON.Member(
        key: key(verdict.reduction),
        value: .object([
          "same": .bool(verdict.isSame),
          "factor": verdict.factor.map { JSON($0) } ?? .null,
          "because": .string(verdict.because),
        ]))
    }
    return .object([
      "function": .string(report.function),
      "v1": .object(v1),
      "tf2": .object(
        [JSON.Member(key: "call", value: report.tf2Call.map { .string($0.python) } ?? .null)]
          + tf2),
      "verdicts": .object(verdicts),
    ])
  }

  /// TensorFlow's name of a reduction.
  private static func title(_ reduction: Losses.Reduction, _ guide: MigrationGuide) -> String {
    guide.reductions.isEmpty
      ? "the loss" : guide.reductions.first { $0.reduction == reduction }?.title ?? key(reduction)
  }

  /// TensorFlow's string of a reduction, without the prefix that all but one have.
  private static func key(_ reduction: Losses.Reduction) -> String {
    String(reduction.rawValue.trimmingPrefix("weighted_"))
  }
}
