/// MIGRATION.md, rendered from the guides.
package enum MigrationDocument {
  /// The guides in the order in which they are rendered.
  package static let guides: [MigrationGuide] = [
    .softmaxCrossEntropy, .sparseSoftmaxCrossEntropy, .sigmoidCrossEntropy, .meanSquaredError,
    .absoluteDifference, .huberLoss, .hingeLoss, .logLoss, .cosineDistance,
    .meanPairwiseSquaredError,
  ]

  /// The code for every function that has one loss for each element.
  package static let elementRecipes: [MigrationGuide.Recipe] = [
    .elements(elementCall, ArrayNames("yTrue", "yPred"), .sum),
    .elementsNonzero(elementCall, ArrayNames("yTrue", "yPred")),
  ]

  private static let elementCall = KerasCall("MeanSquaredError", variable: "mse")

  /// The recipe that a row refers to.
  package static func recipe(_ id: String, of guide: MigrationGuide) -> MigrationGuide.Recipe? {
    (guide.recipes + elementRecipes).first { $0.id == id }
  }

  /// The whole document.
  package static var text: String {
    ([introduction, overview] + guides.map(section) + [elements, others, differences])
      .joined(separator: "\n\n") + "\n"
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
    the sum of the weights, D the size of the last axis; weights are counted and summed after
    broadcasting, and x / 0 is 0.
    """

  private static var overview: String {
    table(
      ["TensorFlow 1", "TensorFlow 2", ""],
      guides.map { guide in
        let heading = heading(guide).replacing("`", with: "").replacing("→ ", with: "")
        let link = anchor(heading.replacing(" ", with: "-"))
        // What stands between the two names leaves its spaces behind.
        let target = guide.kerasClass == nil ? link : link.replacing("-", with: "--")
        return [
          "[`\(guide.function)`](#\(target))", guide.kerasClass.map { "`\($0)`" } ?? "–",
          guide.summary,
        ]
      } + MigrationDocument.otherFunctions.map { ["`\($0.function)`", $0.python, $0.note] })
  }

  private static func heading(_ guide: MigrationGuide) -> String {
    "`\(guide.function)`" + (guide.kerasClass.map { " → `\($0)`" } ?? "")
  }

  private static func section(_ guide: MigrationGuide) -> String {
    var parts = [
      "## \(heading(guide))",
      filled(guide.summary),
      guide.samples.map { "\($0.title):\n\n" + block($0.language.rawValue, $0.text) }
        .joined(separator: "\n\n"),
      filled(exampleText(guide)),
      "### Arguments",
      table(
        ["v1 argument", "TensorFlow 2", "shim", "Keras style", "number", ""],
        guide.arguments.map {
          ["`\($0.argument)`", $0.python, $0.shim, $0.keras, $0.verdict.rawValue, $0.note]
        }),
    ]
    if !guide.reductions.isEmpty {
      parts += [
        "### Reductions",
        table(
          ["v1 reduction", "divides by", "Keras", "v1", "Keras 2", "Keras 3", "number", ""],
          guide.reductions.map {
            [
              $0.title, $0.denominator, $0.counterpart.map { "`\"\($0.rawValue)\"`" } ?? "–",
              $0.recorded.v1, $0.recorded.keras2, $0.recorded.keras3, $0.verdict.rawValue,
              $0.note,
            ]
          }),
      ]
    }
    parts += [
      "### When the number changes",
      filled(
        (guide.reductions.isEmpty
          ? ""
          : "Reductions are the defaults, SUM_BY_NONZERO_WEIGHTS against `sum_over_batch_size`, "
            + "unless the row says otherwise. ")
          + "The data is the example's where nothing else is said."),
      table(
        ["case", "v1", "Keras 2", "Keras 3", "shim", "Keras style", "number", "", "keep it"],
        guide.cases.map(cells)),
    ]
    if !guide.recipes.isEmpty {
      parts += [
        "### The code that keeps the old number",
        guide.recipes.map(recipe).joined(separator: "\n\n"),
      ]
    }
    return parts.joined(separator: "\n\n")
  }

  private static func exampleText(_ guide: MigrationGuide) -> String {
    let example = guide.example
    guard let keras = example.keras else { return "Both give \(example.v1) for \(example.data)." }
    if keras == example.v1 { return "All four give \(keras) for \(example.data)." }
    return "In TensorFlow 1 style this is \(example.v1), in TensorFlow 2 style \(keras), for "
      + "\(example.data)."
  }

  private static var elements: String {
    [
      "## Losses of elements",
      filled(
        "Keras averages the last axis before it weights and reduces. Where TensorFlow 1 has one loss for each "
          + "element, an axis of size 1 behind the last gives Keras nothing to average: every element is a "
          + "loss then, weights of any shape that TensorFlow 1 takes mean the same, and all reductions but "
          + "one give the same number. The code is that of `mean_squared_error`, and the same for all."
      ),
      elementRecipes.map(recipe).joined(separator: "\n\n"),
    ].joined(separator: "\n\n")
  }

  private static var others: String {
    [
      "## The other functions",
      table(
        ["v1", "TensorFlow 2", "shim", ""],
        otherFunctions.map { ["`\($0.function)`", $0.python, "`\($0.shim)`", $0.note] }),
    ].joined(separator: "\n\n")
  }

  private static var differences: String {
    [
      "## Where TensorFlow is not followed",
      table(
        ["case", "TensorFlow, Keras", "here"],
        decisions.map {
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
      // A function without reductions is a sum.
      case .sum: row.recorded.keras3 == "–" ? "" : "; SUM, `sum`"
      case .batchSize: "; SUM_OVER_BATCH_SIZE, `sum_over_batch_size`"
      case .losses: "; NONE, `none`"
      case .gradient: "; gradient of the first row"
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

  /// A paragraph in lines of at most 100 characters.
  private static func filled(_ text: String) -> String {
    var lines = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= 100 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func block(_ language: String, _ text: String) -> String {
    "```\(language)\n\(text)\n```"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}
