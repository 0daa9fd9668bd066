// What a report shows of losses one by one.

import KerasLosses

/// Losses as they come along: all of them, or those at both ends if there are many.
struct LossEnds<Scalar: LossScalar> {
  private let keepsAll: Bool
  private(set) var scalars: [Scalar] = []

  init(count: Int, keepsAll: Bool) {
    self.keepsAll = keepsAll || count <= Shown.atMost
  }

  mutating func append(_ losses: [Scalar]) {
    scalars += losses
    guard !keepsAll, scalars.count > Shown.atMost else { return }
    scalars.removeSubrange(Shown.ofEachEnd..<scalars.count - Shown.ofEachEnd)
  }
}
