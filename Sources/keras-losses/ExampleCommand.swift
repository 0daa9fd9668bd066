// keras-losses without arguments: the example of TensorFlow's documentation, before and after, and what
// changes when a weight is zero. The same code as `migrate`, on files that never were on a disk.

import Foundation
import KerasLosses
import TFCompatV1

enum ExampleCommand {
  private static let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
  private static let logits: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]

  static func report() throws(Failure) -> String {
    let guide = MigrationGuide.softmaxCrossEntropy
    let example = try job([0.3, 0.7], guide)
    let zeroed = try job([0, 0.7], guide)
    let samples = guide.samples.map { "  \($0.title):\n" + indented($0.text, by: "    ") }
    return """
      From tf.compat.v1.losses.softmax_cross_entropy to CategoricalCrossentropy.

      \(samples.joined(separator: "\n\n"))

      On the example of TensorFlow's documentation:

        labels           \(text(labels))
        logits           \(text(logits))
        weights          [0.3, 0.7]
        label_smoothing  0.2

      \(try values(of: example, guide))

      The same with a weight of zero, weights [0, 0.7]:

      \(try values(of: zeroed, guide))

      For data of your own: keras-losses migrate --help

      """
  }

  private static func job(
    _ weights: Tensor<Float>, _ guide: MigrationGuide
  ) throws(Failure) -> MigrateJob {
    let operands = Operands(
      labels: try file("labels", labels), predictions: try file("logits", logits),
      weights: try file("weights", weights),
      names: ArgumentNames(labels: "labels", predictions: "logits", weights: "weights"))
    var parameters = MigrationParameters()
    parameters.labelSmoothing = 0.2
    return MigrateJob(guide: guide, operands: operands, parameters: parameters, isJSON: false)
  }

  private static func values(
    of job: MigrateJob, _ guide: MigrationGuide
  ) throws(Failure) -> String {
    let report: MigrationReport<Float> = try job.report()
    return MigrationText.table(report, guide) + "\n\n" + MigrationText.verdicts(report, guide)
  }

  private static func file(_ name: String, _ tensor: Tensor<Float>) throws(Failure) -> NpyFile {
    let header = NpyHeader(
      type: .float32, isBigEndian: false, isFortranOrder: false, shape: tensor.shape)
    return try NpyFile(
      path: name, contents: Data(header.bytes + littleEndianBytes(of: tensor.scalars)))
  }

  /// A matrix on one line.
  private static func text(_ tensor: Tensor<Float>) -> String {
    tensor.description.split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == " " } }
      .joined(separator: " ")
  }
}
