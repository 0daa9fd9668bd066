// Numbers that lie in bytes: any type, byte order and strides, gathered into rows of one type.
//
// Files and broadcast weights are read here. Bounds are checked once per call, before any
// pointer is used.

/// Whether this machine stores the highest byte first.
package let hostIsBigEndian = 1.bigEndian == 1

/// Rows of classes in stored numbers: where the elements of every sample lie.
///
/// Element `c` of the sample at `index` is number `Σ indexᵢ · sampleStridesᵢ + c · classStride`. A
/// stride of 0 repeats: that is how weights are broadcast.
package struct StridedRows: Sendable {
  private let type: ElementKind
  private let isBigEndian: Bool
  private let sampleShape: [Int]
  private let sampleStrides: [Int]
  private let classes: Int
  private let classStride: Int

  /// Rows whose sizes and strides are known not to be negative and whose counts fit an `Int`.
  package init(
    type: ElementKind, isBigEndian: Bool, sampleShape: [Int], sampleStrides: [Int], classes: Int,
    classStride: Int
  ) {
    self.type = type
    self.isBigEndian = isBigEndian
    self.sampleShape = sampleShape
    self.sampleStrides = sampleStrides
    self.classes = classes
    self.classStride = classStride
  }

  /// The rows of `samples`, in row-major order, each number rounded once to `Target`.
  @_specialize(where Target == Float)
  @_specialize(where Target == Double)
  @_specialize(where Target == Bool)
  package func gather<Target: TensorElement>(
    _ samples: Range<Int>, from bytes: UnsafeRawBufferPointer
  ) -> [Target] {
    let count = samples.count * classes
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
  private var lastNumber: Int {
    zip(sampleShape, sampleStrides).reduce((classes - 1) * classStride) {
      $0 + ($1.0 - 1) * $1.1
    }
  }

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
    var first = 0
    for run in runs(of: samples) {
      // The nearer neighbours innermost, so that every cache line is read once.
      let rowsAreNear = classStride <= run.stride
      let outer = rowsAreNear ? run.count : classes
      let inner = rowsAreNear ? classes : run.count
      let (from, fromStep) = rowsAreNear ? (run.stride, classStride) : (classStride, run.stride)
      let (to, toStep) = rowsAreNear ? (classes, 1) : (1, classes)
      for i in 0..<outer {
        for j in 0..<inner {
          let number = run.start + i * from + j * fromStep
          let raw = bytes.loadUnaligned(fromByteOffset: number * width, as: Raw.self)
          let value = decode(isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw))
          target.initializeElement(at: first + i * to + j * toStep, to: value)
        }
      }
      first += run.count * classes
    }
  }

  /// Samples at equal distances: a piece of the samples' last axis.
  private struct Run {
    let start: Int
    let stride: Int
    let count: Int
  }

  private func runs(of samples: Range<Int>) -> [Run] {
    guard let length = sampleShape.last, let stride = sampleStrides.last else {
      return [Run(start: 0, stride: 0, count: samples.count)]
    }
    var runs: [Run] = []
    var sample = samples.lowerBound
    while sample < samples.upperBound {
      let count = min(length - sample % length, samples.upperBound - sample)
      runs.append(Run(start: number(ofSample: sample), stride: stride, count: count))
      sample += count
    }
    return runs
  }

  private func number(ofSample sample: Int) -> Int {
    var rest = sample
    var number = 0
    for axis in sampleShape.indices.reversed() {
      number += (rest % sampleShape[axis]) * sampleStrides[axis]
      rest /= sampleShape[axis]
    }
    return number
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
