internal import CLossKernels
import Synchronization

// Whether labels are 0 and 1: what some losses have to know of all of them.

/// The supposition that all labels are 0 or 1, on which a pass may be made until one is found that is not.
///
/// A pass over the labels beforehand would read memory twice.
package final class BinaryLabels: Sendable {
  private let isRefuted = Atomic<Bool>(false)

  /// Whether it still stands. Any thread may ask.
  var holds: Bool { !isRefuted.load(ordering: .relaxed) }

  func refute() { isRefuted.store(true, ordering: .relaxed) }
}

extension Tensor {
  /// Whether `count` numbers at a distance of `stride` are 0 or 1.
  func isBinary(from first: Int, count: Int, stride: Int) -> Bool {
    guard count == 0 || first + (count - 1) * stride < scalars.count else {
      fatalError("isBinary: the numbers lie outside.")
    }
    return scalars.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Element._kind.areBinary($0, first, count, stride: stride) } ?? true
    }
  }
}

extension ElementKind {
  /// Whether `count` numbers from number `first` on, at a distance of `stride`, are 0 or 1.
  func areBinary(_ base: UnsafeRawPointer, _ first: Int, _ count: Int, stride: Int) -> Bool {
    kl_is_binary(kernelType, base, Int64(first), Int64(count), Int64(stride)) != 0
  }
}
