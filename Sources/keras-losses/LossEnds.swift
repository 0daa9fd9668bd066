// What a report shows of losses one by one.

import KerasLosses

/// Losses as they come along: all of them, or those at both ends if there are many.
struct LossEnds<Scalar: LossScalar> {
  private let keepsAll: Bool
  private(set) var scalars: [Scalar] = []

  init(count: Int, keepsAll: Bool) {
    self.keepsAll = keepsAll || count <= Self.shown
  }

  /// As many as a report shows at most.
  private static var shown: Int { 6 }

  mutating func append(_ losses: [Scalar]) {
    scalars += losses
    guard !keepsAll, scalars.count > Self.shown else { return }
    scalars.removeSubrange(2..<scalars.count - 2)
  }
}
