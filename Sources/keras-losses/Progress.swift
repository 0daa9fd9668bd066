// A progress bar for long work, on a terminal only.

import Foundation

/// How much of the work is done, shown on standard error once it takes longer than half a second.
///
/// Nothing is shown where standard error is not a terminal: a pipe or a log gets no control characters.
package struct Progress {
  private let total: Int
  private var done = 0
  private var shownPercent = -1
  private let start = ContinuousClock.now
  private let isShown: Bool

  /// Work of `total` steps of equal length.
  package init(total: Int) {
    self.total = total
    isShown = total > 0 && isatty(STDERR_FILENO) == 1
  }

  /// Takes note of more steps that are done.
  package mutating func advance(by steps: Int) {
    done += steps
    guard isShown, ContinuousClock.now - start > .milliseconds(500) else { return }
    let percent = Int(100 * Double(done) / Double(total))
    guard percent != shownPercent else { return }
    shownPercent = percent
    let bar = String(repeating: "█", count: percent * 40 / 100)
    print("\r\(padded(bar, to: 40)) \(percent) %")
  }

  /// Removes the bar: after the work, and before an error is printed.
  package func clear() {
    if shownPercent >= 0 { print("\r\u{1B}[K") }
  }

  private func print(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
