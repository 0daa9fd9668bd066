// Numbers that lie in bytes: any type, byte order and strides, gathered into rows of one type.
//
// Files and broadcast weights are read here. Bounds are checked once per call, before any
// pointer is used.

/// Whether this machine stores the highest byte first.
package let hostIsBigEndian = 1.bigEndian == 1

/// Samples in stored numbers: where the elements of every sample lie.
///
/// An element is number `Σ indexᵢ · strideᵢ` over the axes between samples and those within one. A stride of
/// 0 repeats: that is how weights are broadcast.
package struct StridedRows: Sendable {
  private let type: ElementKind
  private let isBigEndian: Bool
  private let samples: [StridedAxis]
  private let elements: [StridedAxis]
  private let count: Int

  /// Samples whose sizes and strides are known not to be negative and whose counts fit an `Int`.
  package init(
    type: ElementKind, isBigEndian: Bool, sampleShape: [Int], sampleStrides: [Int],
    elementShape: [Int] = [], elementStrides: [Int] = []
  ) {
    self.type = type
    self.isBigEndian = isBigEndian
    samples = StridedAxis.merged(
      Array(sampleShape.indices), sizes: sampleShape, strides: sampleStrides)
    elements = StridedAxis.merged(
      Array(elementShape.indices), sizes: elementShape, strides: elementStrides)
    count = elementShape.reduce(1, *)
  }

  /// The rows of `samples`, in row-major order, each number rounded once to `Target`.
  @_specialize(where Target == Float)
  @_specialize(where Target == Double)
  @_specialize(where Target == Bool)
  package func gather<Target: TensorElement>(
    _ samples: Range<Int>, from bytes: UnsafeRawBufferPointer
  ) -> [Target] {
    let count = samples.count * count
    guard count > 0 else { return [] }
    guard (lastNumber + 1) * type.width <= bytes.count else {
      fatalError("StridedRows: the rows reach beyond the bytes that hold them.")
    }
    return [Target](unsafeUninitializedCapacity: count) { target, initialized in
      decode(samples, bytes, target)
      initialized = count
    }
  }

  /// The number that lies furthest from the first.
  private var lastNumber: Int { (samples + elements).reduce(0) { $0 + ($1.size - 1) * $1.stride } }

  @inline(__always)
  private func decode<Target: TensorElement>(
    _ samples: Range<Int>, _ bytes: UnsafeRawBufferPointer,
    _ target: UnsafeMutableBufferPointer<Target>
  ) {
    switch type {
    case .float16: copy(samples, bytes, target) { ._from(number: Float(halfBits: $0)) }
    case .float32: copy(samples, bytes, target) { ._from(number: Float(bitPattern: $0)) }
    case .float64: copy(samples, bytes, target) { ._from(number: Double(bitPattern: $0)) }
    case .int8: copy(samples, bytes, target) { ._from(integer: Int8(bitPattern: $0)) }
    case .int16: copy(samples, bytes, target) { ._from(integer: Int16(bitPattern: $0)) }
    case .int32: copy(samples, bytes, target) { ._from(integer: Int32(bitPattern: $0)) }
    case .int64: copy(samples, bytes, target) { ._from(integer: Int64(bitPattern: $0)) }
    case .uint8: copy(samples, bytes, target) { (raw: UInt8) in ._from(integer: raw) }
    case .uint16: copy(samples, bytes, target) { (raw: UInt16) in ._from(integer: raw) }
    case .uint32: copy(samples, bytes, target) { (raw: UInt32) in ._from(integer: raw) }
    case .uint64: copy(samples, bytes, target) { (raw: UInt64) in ._from(integer: raw) }
    case .bool: copy(samples, bytes, target) { (raw: UInt8) in ._from(integer: raw == 0 ? 0 : 1) }
    }
  }

  @inline(__always)
  private func copy<Raw: FixedWidthInteger, Target>(
    _ samples: Range<Int>, _ bytes: UnsafeRawBufferPointer,
    _ target: UnsafeMutableBufferPointer<Target>, _ decode: (Raw) -> Target
  ) {
    let width = MemoryLayout<Raw>.size
    let pieces = runs(of: 0..<count, along: elements)
    var first = 0
    for run in runs(of: samples, along: self.samples) {
      var to = first
      for piece in pieces {
        // The nearer neighbours innermost, so that every cache line is read once.
        let rowsAreNear = piece.stride <= run.stride
        let (outer, inner) = rowsAreNear ? (run, piece) : (piece, run)
        let (step, innerStep) = rowsAreNear ? (count, 1) : (1, count)
        for i in 0..<outer.count {
          for j in 0..<inner.count {
            let number = run.start + piece.start + i * outer.stride + j * inner.stride
            let raw = bytes.loadUnaligned(fromByteOffset: number * width, as: Raw.self)
            let value = decode(isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw))
            target.initializeElement(at: to + i * step + j * innerStep, to: value)
          }
        }
        to += piece.count
      }
      first += run.count * count
    }
  }

  /// Positions at equal distances: a piece of the last of some axes.
  private struct Run {
    let start: Int
    let stride: Int
    let count: Int
  }

  private func runs(of range: Range<Int>, along axes: [StridedAxis]) -> [Run] {
    guard let last = axes.last else { return [Run(start: 0, stride: 0, count: range.count)] }
    var runs: [Run] = []
    var number = range.lowerBound
    while number < range.upperBound {
      let count = min(last.size - number % last.size, range.upperBound - number)
      let start = StridedAxis.offset(of: number, in: axes)
      runs.append(Run(start: start, stride: last.stride, count: count))
      number += count
    }
    return runs
  }
}

extension Float {
  /// The value of an IEEE binary16 number, exactly; also where there is no `Float16`.
  fileprivate init(halfBits bits: UInt16) {
    let magnitude = UInt32(bits & 0x7fff) << 13
    let isFinite = bits & 0x7c00 != 0x7c00
    // A shifted exponent is 112 too small, for normal and subnormal numbers alike.
    let value =
      isFinite ? Float(bitPattern: magnitude) * 0x1p112 : Float(bitPattern: magnitude | 0x7f80_0000)
    self = bits & 0x8000 == 0 ? value : -value
  }
}

/// The bytes of `scalars`, each little-endian.
package func littleEndianBytes<Scalar: LossScalar>(of scalars: [Scalar]) -> [UInt8] {
  scalars.withUnsafeBytes { source in
    #if _endian(little)
      return [UInt8](source)
    #else
      let width = MemoryLayout<Scalar>.size
      return source.indices.map { source[$0 / width * width + width - 1 - $0 % width] }
    #endif
  }
}
