// Results as text for people: numbers with 8 significant digits, columns that line up.

import Foundation
import KerasLosses
import TFCompatV1

/// How many numbers of a list are shown: all of a short one, else some of either end.
enum Shown {
  static let atMost = 6
  static let ofEachEnd = 2
}

/// 8 significant digits, trailing zeros included: all that a Float has, and a little of a Double.
func digits(_ number: some LossScalar) -> String {
  String(format: "%#.8g", Double(number))
}

/// The numbers of a tensor: the only one, or all of a short list, or both ends of a long one.
func digits<Scalar: LossScalar>(_ tensor: Tensor<Scalar>) -> String {
  digits(tensor.scalars, rank: tensor.rank, isComplete: true)
}

/// The same of losses of which there may only be the ends.
func digits<Scalar: LossScalar>(_ listing: MigrationReport<Scalar>.Listing) -> String {
  digits(listing.scalars, rank: listing.shape.count, isComplete: listing.isComplete)
}

private func digits<Scalar: LossScalar>(
  _ scalars: [Scalar], rank: Int, isComplete: Bool
) -> String {
  if rank == 0, let only = scalars.first { return digits(only) }
  let shown =
    scalars.count <= Shown.atMost && isComplete
    ? scalars.map { digits($0) }
    : scalars.prefix(Shown.ofEachEnd).map { digits($0) } + ["…"]
      + scalars.suffix(Shown.ofEachEnd).map { digits($0) }
  return "[" + shown.joined(separator: ", ") + "]"
}

/// A text filled with spaces to a width.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Rows in columns, two spaces apart, each column as wide as its longest cell.
func columns(_ rows: [[String]], indent: String = "  ") -> String {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  let lines = rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column == row.count - 1 ? cell : padded(cell, to: widths[column])
    }
    let line = indent + cells.joined(separator: "  ")
    return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
  }
  return lines.joined(separator: "\n")
}

/// Lines moved to the right.
func indented(_ text: String, by indent: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : indent + $0 }
    .joined(separator: "\n")
}
