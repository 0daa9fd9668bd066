// The command without arguments, list and the helps.

import Foundation
import Testing

@Suite struct ExampleTests {
  @Test func printsTheDocumentsExample() throws {
    let outcome = try Tool.run([])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let halves = outcome.output.components(separatedBy: "weights [0, 0.7]")
    try #require(halves.count == 2)
    #expect(
      table(halves[0]) == [
        "NONE [0.21221904, 0.94014198] none [0.21221904, 0.94014198] same",
        "SUM 1.1523610 sum 1.1523610 same",
        "SUM_OVER_BATCH_SIZE 0.57618052 sum_over_batch_size 0.57618052 same",
        "MEAN 1.1523610 mean_with_sample_weight 1.1523610 same",
        "SUM_BY_NONZERO_WEIGHTS (default) 0.57618052 sum_over_batch_size 0.57618052 same",
      ])
    #expect(
      table(halves[1]) == [
        "NONE [0.0000000, 0.94014198] none [0.0000000, 0.94014198] same",
        "SUM 0.94014198 sum 0.94014198 same",
        "SUM_OVER_BATCH_SIZE 0.47007099 sum_over_batch_size 0.47007099 same",
        "MEAN 1.3430600 mean_with_sample_weight 1.3430600 same",
        "SUM_BY_NONZERO_WEIGHTS (default) 0.94014198 sum_over_batch_size 0.47007099 differs",
      ])
    #expect(halves[1].contains("differs, by the factor 2.0000000: 1 of 2 weights is 0"))
    #expect(halves[1].contains("in Swift:\n"))
    #expect(halves[1].contains("in Python:\n"))
  }

  /// The rows of a report's table, columns one space apart.
  private func table(_ report: String) -> [String] {
    report.split(separator: "\n")
      .filter { $0.hasSuffix(" same") || $0.hasSuffix(" differs") }
      .map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test func noLineEndsInSpaces() throws {
    for arguments in [[], ["list"], ["--help"], ["migrate", "--help"]] {
      let lines = try Tool.run(arguments).output.split(separator: "\n")
      #expect(!lines.contains { $0.hasSuffix(" ") }, "\(arguments)")
    }
  }

  @Test func listsLossesAndFunctions() throws {
    let outcome = try Tool.run(["list"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("  CategoricalCrossentropy, categorical_crossentropy\n"))
    #expect(outcome.output.contains("      from_logits      false\n"))
    #expect(outcome.output.contains("  softmax_cross_entropy  →  CategoricalCrossentropy\n"))
    #expect(outcome.output.contains("      label_smoothing=0\n"))
  }

  @Test func listsAsJSON() throws {
    let outcome = try Tool.run(["list", "--json"])
    let json = try parsed(outcome.output)
    guard case .array(let losses) = json["losses"], case .array(let functions) = json["v1"] else {
      Issue.record("no lists in \(outcome.output)")
      return
    }
    #expect(losses.contains { $0["class"] == .string("CategoricalCrossentropy") })
    #expect(losses.first?["config"]?["from_logits"] == .bool(false))
    #expect(functions.contains { $0["function"] == .string("softmax_cross_entropy") })
  }

  @Test(arguments: [["--help"], ["-h"], ["help"]])
  func helps(_ arguments: [String]) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 0)
    for name in ["migrate", "evaluate", "list", "Exit status: 0; 1 for bad data, 2"] {
      #expect(outcome.output.contains(name))
    }
  }

  @Test func helpsWithEverySubcommand() throws {
    let options = [
      "migrate": [
        "--function", "--labels", "--logits, --predictions", "--weights", "--label-smoothing",
        "--json",
      ],
      "evaluate": [
        "--loss", "--y-true", "--y-pred", "--sample-weight", "--mask", "--config", "--reduction",
        "--gradient", "--json",
      ],
      "list": ["--json"],
    ]
    for (subcommand, names) in options {
      // Whatever else is wrong with the command line.
      let outcome = try Tool.run([subcommand, "--nonsense", "--help"])
      #expect(outcome.status == 0)
      for name in names { #expect(outcome.output.contains("  \(name) "), "\(subcommand) \(name)") }
    }
  }

  /// Nothing that was lost looks like success.
  @Test func fullOutputIsAnError() throws {
    guard let full = FileHandle(forWritingAtPath: "/dev/full") else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tool.path)
    process.arguments = ["list"]
    let errors = Pipe()
    process.standardOutput = full
    process.standardError = errors
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(
      text == "keras-losses: standard output: cannot be written: No space left on device.\n")
    #expect(process.terminationStatus == 1)
  }
}
