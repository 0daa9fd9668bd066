// losses-benchmark: how fast every loss is, beside loops that only read and write the same memory.

import Foundation
import KerasLosses

@main
struct Benchmark {
  static func main() {
    do {
      try run(try Options(Array(CommandLine.arguments.dropFirst())))
    } catch {
      FileHandle.standardError.write(Data("losses-benchmark: \(error)\n".utf8))
      exit(error is Options.Mistake ? 2 : 1)
    }
  }

  private static func run(_ options: Options) throws {
    if options.wantsHelp { return print(Options.help, terminator: "") }
    guard !isDebugBuild else {
      throw Options.Mistake(
        """
        this is a debug build, and its times mean nothing. Build and run it with optimization:
          swift run -c release losses-benchmark
        """)
    }
    let cases = Case.all(options)
    guard !cases.isEmpty else {
      throw Options.Mistake("--filter: nothing is called \"\(options.filter ?? "")\".")
    }
    if let path = options.exportPath { return try Export(path: path).write(cases.workloads) }
    if !options.asJSON { print(Machine.description + "\n\n" + Table.header) }
    let rows = try measure(cases, options)
    if options.asJSON { print(rows.json) }
    if let path = options.svgPath {
      try Data(Chart(rows: rows).svg.utf8).write(to: URL(filePath: path), options: .atomic)
    }
  }

  /// Measures case after case; the arrays of one workload are released before those of the next are made.
  private static func measure(_ cases: [Case], _ options: Options) throws -> [Row] {
    var rows: [Row] = []
    var remaining = cases[...]
    while let workload = remaining.first?.workload {
      let operands = Operands(workload)
      while let next = remaining.first, next.workload.title == workload.title {
        remaining.removeFirst()
        let row = try next.measured(on: operands, repetitions: options.repetitions)
        if !options.asJSON { print(Table.line(row)) }
        fflush(nil)
        rows.append(row)
      }
    }
    return rows
  }
}

#if DEBUG
  private let isDebugBuild = true
#else
  private let isDebugBuild = false
#endif
