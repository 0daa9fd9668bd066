/// Memory for Doubles, aligned to cache lines, of which threads write disjoint parts. Holds anything at first.
final class DoubleMemory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>

  init(_ count: Int) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Double>.stride, alignment: 64)
    adviseLargePages(bytes)
    guard let start = bytes.baseAddress else { fatalError("DoubleMemory: there is none.") }
    base = start.assumingMemoryBound(to: Double.self)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
