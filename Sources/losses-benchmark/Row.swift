// A measured row, and the two forms it is printed in.

import Foundation

/// The times of a case and of its memory loop, in seconds per call.
struct Row {
  let subject: Case
  let seconds: Double
  let memorySeconds: Double

  var nanosecondsPerElement: Double { seconds * 1e9 / Double(subject.workload.elements) }
  var memoryNanosecondsPerElement: Double {
    memorySeconds * 1e9 / Double(subject.workload.elements)
  }
  var microsecondsPerCall: Double { seconds * 1e6 }
  var shareOfBandwidth: Double { memorySeconds / seconds }
}

/// The rows as a table for people.
enum Table {
  static let header = cells(
    "workload", "pass", "buffer", "threads", "ns/element", "us/call", "memory loop", "share")

  static func line(_ row: Row) -> String {
    cells(
      row.subject.workload.title, row.subject.pass.rawValue, row.subject.buffer.rawValue,
      "\(row.subject.threads)", digits(row.nanosecondsPerElement),
      digits(row.microsecondsPerCall), digits(row.memoryNanosecondsPerElement),
      String(format: "%.0f %%", row.shareOfBandwidth * 100))
  }

  private static let widths = [58, 14, 6, 7, 10, 9, 11, 6]

  /// Text columns are aligned to the left, numbers to the right.
  private static func cells(_ texts: String...) -> String {
    zip(texts, widths).enumerated().map { column, cell in
      let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return column < 3 ? cell.0 + padding : padding + cell.0
    }
    .joined(separator: "  ")
  }

  /// Three significant digits.
  private static func digits(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
    return String(format: "%.\(decimals)f", value)
  }
}

extension [Row] {
  /// The rows as one JSON array. Of rows that its fields do not tell apart the first stands.
  var json: String {
    var seen: Set<String> = []
    let objects = compactMap { row in
      seen.insert(row.identity).inserted ? "  {\(row.identity), \(row.figures)}" : nil
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]"
  }
}

extension Row {
  fileprivate var identity: String {
    let workload = subject.workload
    return [
      #""loss": "\#(workload.name)""#, #""shape": \#(workload.shape)"#,
      #""labels": "\#(workload.labelName)""#, #""pass": "\#(subject.pass.rawValue)""#,
      #""buffer": "\#(subject.buffer.rawValue)""#, #""threads": \#(subject.threads)"#,
    ].joined(separator: ", ")
  }

  fileprivate var figures: String {
    [
      ("ns_per_element", nanosecondsPerElement), ("us_per_call", microsecondsPerCall),
      ("share_of_bandwidth", shareOfBandwidth),
    ]
    .map { String(format: "\"\($0)\": %.5g", $1) }.joined(separator: ", ")
  }
}
