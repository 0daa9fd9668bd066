// keras-losses list: what can be evaluated, and what can be migrated.

import KerasLosses
import TFCompatV1

extension Subcommand {
  static let list = Subcommand(
    name: "list",
    summary: "every loss and every TensorFlow 1 function, with its parameters",
    options: [Option(name: "--json", value: nil, help: "print JSON instead of a report")],
    details: """
      JSON: {"losses": [{"class", "functions", "config"}], "v1": [{"function", "arguments", "replacement"}]}.
      """,
    run: { arguments throws(Failure) in
      arguments.has("--json") ? json.text + "\n" : report
    })

  private static var report: String {
    let losses = LossIdentifier.catalog.map { entry in
      let names = [entry.names.class, entry.names.function] + entry.names.aliases
      return "  \(names.joined(separator: ", "))\n" + columns(parameters(entry), indent: "      ")
    }
    let functions = MigrationDocument.guides.map { guide in
      "  \(guide.function)\(guide.kerasClass.map { "  →  \($0)" } ?? "")\n"
        + columns(v1Arguments(guide).map { [$0] }, indent: "      ")
    }
    let others = MigrationDocument.otherFunctions.map { other in
      "  \(other.function)  →  \(other.python.replacing("`", with: ""))\n"
        + columns(other.arguments.map { [$0] }, indent: "      ")
    }
    return """
      Losses, for keras-losses evaluate --loss NAME, and their defaults:

      \(losses.joined(separator: "\n\n"))

      Functions of tf.compat.v1.losses, for keras-losses migrate --function NAME:

      \(functions.joined(separator: "\n\n"))

      Those without labels and predictions:

      \(others.joined(separator: "\n\n"))

      """
  }

  private static var json: JSON {
    let losses = LossIdentifier.catalog.map { entry in
      JSON.object([
        "class": .string(entry.names.class),
        "functions": .array(([entry.names.function] + entry.names.aliases).map { .string($0) }),
        "config": LossOptions.configuration(of: entry.make(.sumOverBatchSize)),
      ])
    }
    let functions = MigrationDocument.guides.map { guide in
      JSON.object([
        "function": .string(guide.function),
        "arguments": .array(v1Arguments(guide).map { .string($0) }),
        "replacement": guide.kerasClass.map { .string($0) } ?? .null,
      ])
    }
    let others = MigrationDocument.otherFunctions.map { other in
      JSON.object([
        "function": .string(other.function),
        "arguments": .array(other.arguments.map { .string($0) }),
        "replacement": .string(other.python.replacing("`", with: "")),
      ])
    }
    return .object(["losses": .array(losses), "v1": .array(functions + others)])
  }

  private static func parameters(_ entry: LossIdentifier.Entry) -> [[String]] {
    let loss = entry.make(.sumOverBatchSize)
    guard case .object(let members) = LossOptions.configuration(of: loss) else { return [] }
    return members.map { [$0.key, $0.value.text] }
  }

  /// The function's own arguments: the guide's other rows stand in parentheses.
  private static func v1Arguments(_ guide: MigrationGuide) -> [String] {
    guide.arguments.map(\.argument).filter { !$0.hasPrefix("(") }
  }
}
