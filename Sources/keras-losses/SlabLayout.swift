// Where slabs begin and end, and where their rows lie in the whole array.

import KerasLosses

extension SlabbedCall {
  /// The slabs in order. Each holds whole blocks of `classes` × `inner` numbers, or lies within one. Samples
  /// that depend on each other, or do not lie in such blocks, are all in one.
  var slabs: some Sequence<Range<Int>> {
    sequence(state: 0) { start -> Range<Int>? in
      guard start < geometry.sampleCount else { return nil }
      let slab = slab(from: start)
      start = slab.upperBound
      return slab
    }
  }

  private func slab(from start: Int) -> Range<Int> {
    guard geometry.isBlock, !kernel.isBatchwise else { return start..<geometry.sampleCount }
    let inner = geometry.inner
    let classes = max(geometry.classes, 1)
    let blocks = slabElements / (classes * inner)
    if blocks > 0 { return start..<min(start + blocks * inner, geometry.sampleCount) }
    let endOfBlock = (start / inner + 1) * inner
    return start..<min(start + max(1, slabElements / classes), endOfBlock)
  }

  /// Brings the rows of a slab to where they lie in the predictions: element `c` of sample
  /// `o · inner + i` is number `(o · classes + c) · inner + i`.
  func scatter(
    _ rows: [Scalar], of slab: Range<Int>, _ write: ([Scalar], Int) throws(Failure) -> Void
  ) throws(Failure) {
    let classes = geometry.classes
    let inner = geometry.inner
    let first = geometry.offset(ofSample: slab.lowerBound)
    guard geometry.isBlock else { return try write(unfolded(rows), 0) }
    if inner == 1 { return try write(rows, first) }
    if slab.count % inner == 0, slab.lowerBound % inner == 0 {
      let turned = rows.indices.map { number in
        let i = number % inner
        let c = number / inner % classes
        return rows[((number / inner / classes) * inner + i) * classes + c]
      }
      return try write(turned, first)
    }
    for c in 0..<classes {
      let column = stride(from: c, to: rows.count, by: classes).map { rows[$0] }
      try write(column, first + c * inner)
    }
  }

  /// The rows of all samples as they lie in the predictions.
  private func unfolded(_ rows: [Scalar]) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: rows.count)
    for sample in 0..<geometry.sampleCount {
      let offset = geometry.offset(ofSample: sample)
      let row = sample * geometry.classes
      geometry.forEachPiece(of: 0..<geometry.classes) { start, piece in
        for (index, element) in piece.enumerated() {
          result[offset + start + index * geometry.inner] = rows[row + element]
        }
      }
    }
    return result
  }
}
