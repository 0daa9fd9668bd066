/// MIGRATION.md, rendered from the guides.
package enum MigrationDocument {
  /// The guides in the order in which they are rendered.
  package static let guides: [MigrationGuide] = [.softmaxCrossEntropy]

  /// The whole document.
  package static var text: String {
    ([introduction] + guides.map(section)).joined(separator: "\n\n") + "\n"
  }

  private static let introduction = """
    # From `tf.compat.v1.losses` to Keras-style losses

    What becomes of a TensorFlow 1 loss in TensorFlow 2 and in Swift: whether it stays the same number,
    and if not, by how much and what to write instead.

    Every row of this file is data in `Sources/TFCompatV1/Migration`, and the tests evaluate each: the
    columns *v1*, *Keras 2* and *Keras 3* against numbers recorded from TensorFlow 2.21.0, tf_keras
    2.21.0 and Keras 3.15.1 (`Tests/Fixtures`), the columns *shim* (`Losses`, TensorFlow 1 style) and
    *Keras style* against this package. The file is rendered from the data: do not edit it, edit the data
    and run `UPDATE_MIGRATION=1 swift test --filter MigrationDocumentTests`.

    Names are Keras's and TensorFlow's, camelCased: `from_logits` is `fromLogits`. Numbers show 8 digits.
    The last one may differ from TensorFlow's, because this package rounds once. A verdict is *same* or
    *differs* as the shim and the Keras style do, and *refused* where both throw a `LossError`. `–` means
    that there is no counterpart. n is the number of losses, z the number of weights that are not 0, Σ w
    the sum of the weights; weights are counted and summed after broadcasting, and x / 0 is 0.
    """

  private static func section(_ guide: MigrationGuide) -> String {
    [
      "## `\(guide.function)` → `\(guide.kerasClass)`",
      guide.samples.map { "\($0.title):\n\n" + block($0.language.rawValue, $0.text) }
        .joined(separator: "\n\n"),
      "All four give \(guide.exampleValue) for the example of TensorFlow's documentation: labels\n"
        + "`[[0, 1, 0], [0, 0, 1]]`, logits `[[.05, .95, 0], [.1, .8, .1]]`, weights `[.3, .7]`.",
      "### Arguments",
      table(
        ["v1 argument", "TensorFlow 2", "shim", "Keras style", "number", ""],
        guide.arguments.map {
          ["`\($0.argument)`", $0.python, $0.shim, $0.keras, $0.verdict.rawValue, $0.note]
        }),
      "### Reductions",
      table(
        ["v1 reduction", "divides by", "Keras", "v1", "Keras 2", "Keras 3", "number", ""],
        guide.reductions.map {
          [
            $0.title, $0.denominator, $0.counterpart.map { "`\"\($0.rawValue)\"`" } ?? "–",
            $0.recorded.v1, $0.recorded.keras2, $0.recorded.keras3, $0.verdict.rawValue, $0.note,
          ]
        }),
      "### When the number changes",
      "Reductions are the defaults, SUM_BY_NONZERO_WEIGHTS against `sum_over_batch_size`, unless the row\n"
        + "says otherwise. The data is the example's where nothing else is said.",
      table(
        ["case", "v1", "Keras 2", "Keras 3", "shim", "Keras style", "number", "", "keep it"],
        guide.cases.map(cells)),
      "### The code that keeps the old number",
      guide.recipes.map(recipe).joined(separator: "\n\n"),
      "### Where TensorFlow is not followed",
      table(
        ["case", "TensorFlow, Keras", "here"],
        guide.decisions.map {
          [
            $0.title, $0.tensorFlow,
            $0.here + ($0.notApplicable.map { " (not here: \($0))" } ?? ""),
          ]
        }),
    ].joined(separator: "\n\n")
  }

  private static func cells(_ row: MigrationGuide.CaseRow) -> [String] {
    let quantity =
      switch row.quantity {
      case .defaultReduction: ""
      case .weightedMean: "; MEAN, `mean_with_sample_weight`"
      case .sum: "; SUM, `sum`"
      case .logitsGradient: "; gradient of the first row"
      }
    return [
      row.title + quantity, row.recorded.v1, row.recorded.keras2, row.recorded.keras3, row.shim,
      row.keras, row.notApplicable.map { "not here: \($0)" } ?? row.verdict.rawValue, row.note,
      row.recipe.map { "[\($0)](#\(anchor($0)))" } ?? "",
    ]
  }

  private static func recipe(_ recipe: MigrationGuide.Recipe) -> String {
    var text = "#### \(recipe.id)\n\n\(recipe.title).\n\n" + block("swift", recipe.swift)
    if let python = recipe.python { text += "\n\n" + block("python", python) }
    return text
  }

  /// How renderers of Markdown name a heading.
  private static func anchor(_ heading: String) -> String { heading.lowercased() }

  private static func block(_ language: String, _ text: String) -> String {
    "```\(language)\n\(text)\n```"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
