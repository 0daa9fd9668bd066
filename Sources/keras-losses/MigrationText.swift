// A migration report as text and as JSON.

import KerasLosses
import TFCompatV1

enum MigrationText {
  /// One row per TensorFlow 1 reduction: its value, its counterpart, and the counterpart's value.
  static func table<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ guide: MigrationGuide
  ) -> String {
    let rows = zip(report.v1, report.verdicts).map { v1, verdict in
      let tf2 = report.tf2.first { $0.reduction == verdict.counterpart }
      return [
        title(v1.reduction, guide), digits(v1.value), verdict.counterpart.rawValue,
        tf2.map { digits($0.value) } ?? "–", verdict.isSame ? "same" : "differs",
      ]
    }
    return columns([["TensorFlow 1", "value", "TensorFlow 2", "value", ""]] + rows)
  }

  /// Why each reduction keeps its number or not, and what to write where it does not.
  static func verdicts<Scalar: LossScalar>(
    _ report: MigrationReport<Scalar>, _ guide: MigrationGuide
  ) -> String {
    report.verdicts.map { verdict(of: $0, guide) }.joined(separator: "\n")
  }

  private static func verdict<Scalar: LossScalar>(
    of verdict: MigrationReport<Scalar>.Verdict, _ guide: MigrationGuide
  ) -> String {
    let factor = verdict.factor.map { ", by the factor \(digits($0))" } ?? ""
    let judgement = verdict.isSame ? "same" : "differs\(factor)"
    var text = "  \(title(verdict.reduction, guide)): \(judgement): \(verdict.because)."
    if let swift = verdict.swift {
      text += "\n    To keep the number, in Swift:\n" + indented(swift, by: "      ")
    }
    if let python = verdict.python {
      text += "\n    To keep the number, in Python:\n" + indented(python, by: "      ")
    }
    return text
  }

  /// The call to write instead, with its value under Keras's default reduction.
  static func call<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> String {
    let value =
      report.tf2.first { $0.reduction == .sumOverBatchSize }.map { digits($0.value) } ?? "–"
    return """
        Write instead, for \(value):
          Swift:   \(report.tf2Call.swift)
          Python:  \(report.tf2Call.python)
      """
  }

  static func json<Scalar: LossScalar>(_ report: MigrationReport<Scalar>) -> JSON {
    let v1 = report.v1.map { JSON.Member(key: key($0.reduction), value: JSON($0.value)) }
    var tf2 = report.tf2.map { JSON.Member(key: $0.reduction.rawValue, value: JSON($0.value)) }
    if let mean = report.tf2.first(where: { $0.reduction == .sumOverBatchSize }) {
      // Keras's other name of it.
      tf2.append(JSON.Member(key: "mean", value: JSON(mean.value)))
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
      "tf2": .object([JSON.Member(key: "call", value: .string(report.tf2Call.python))] + tf2),
      "verdicts": .object(verdicts),
    ])
  }

  /// TensorFlow's name of a reduction.
  private static func title(_ reduction: Losses.Reduction, _ guide: MigrationGuide) -> String {
    guide.reductions.first { $0.reduction == reduction }?.title ?? key(reduction)
  }

  /// TensorFlow's string of a reduction, without the prefix that all but one have.
  private static func key(_ reduction: Losses.Reduction) -> String {
    String(reduction.rawValue.trimmingPrefix("weighted_"))
  }
}
