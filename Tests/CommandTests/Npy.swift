// .npy files for the tests, written without the code under test.

import Foundation
import KerasLosses

/// How an array is stored.
struct Storage: Sendable, CustomStringConvertible {
  /// NumPy's name of the type without byte order: `f4`.
  var type = "f4"
  var isBigEndian = false
  var isFortranOrder = false
  var version: UInt8 = 1

  var description: String {
    (isBigEndian ? ">" : "<") + type + (isFortranOrder ? " Fortran" : " C") + " v\(version)"
  }

  var descr: String { (type.hasSuffix("1") ? "|" : isBigEndian ? ">" : "<") + type }
}

/// A .npy file that holds `numbers`, given in row-major order.
func npy(_ shape: [Int], _ numbers: [Double], _ storage: Storage = Storage()) -> Data {
  let order = storage.isFortranOrder ? fortranOrder(shape) : Array(numbers.indices)
  let body = order.flatMap { bytes(numbers[$0], storage) }
  return npyHeader(shapeText(shape), storage) + Data(body)
}

/// A .npy file that holds a tensor in its own type.
func npy<Scalar: LossScalar>(_ tensor: Tensor<Scalar>, _ storage: Storage) -> Data {
  npy(tensor.shape, tensor.scalars.map { Double($0) }, storage)
}

/// `(2, 3)`, `(3,)`, `()`.
func shapeText(_ shape: [Int]) -> String {
  "(" + shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
}

func npyHeader(_ shape: String, _ storage: Storage = Storage()) -> Data {
  npyHeader(
    dictionary: "{'descr': '\(storage.descr)', "
      + "'fortran_order': \(storage.isFortranOrder ? "True" : "False"), 'shape': \(shape), }",
    version: storage.version)
}

/// Magic, version, length and text of a header.
func npyHeader(dictionary: String, version: UInt8 = 1) -> Data {
  let text = Array((dictionary + "\n").utf8)
  let lengthBytes = version == 1 ? 2 : 4
  let length = (0..<lengthBytes).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
  return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + length + text)
}

/// For each number in column-major order, where it lies in row-major order.
private func fortranOrder(_ shape: [Int]) -> [Int] {
  var order = [0]
  var stride = 1
  for size in shape.reversed() {
    let step = stride
    // The axes before this one vary faster.
    order = order.flatMap { offset in (0..<size).map { offset + $0 * step } }
    stride *= size
  }
  return order
}

private func bytes(_ number: Double, _ storage: Storage) -> [UInt8] {
  func ordered<Bits: FixedWidthInteger>(_ bits: Bits) -> [UInt8] {
    let little = (0..<MemoryLayout<Bits>.size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    return storage.isBigEndian ? little.reversed() : little
  }
  switch storage.type {
  case "f2": return ordered(halfBits(number))
  case "f4": return ordered(Float(number).bitPattern)
  case "f8": return ordered(number.bitPattern)
  case "i1": return ordered(Int8(number))
  case "i2": return ordered(Int16(number))
  case "i4": return ordered(Int32(number))
  case "i8": return ordered(Int64(number))
  case "u1", "b1": return ordered(UInt8(number))
  case "u2": return ordered(UInt16(number))
  case "u4": return ordered(UInt32(number))
  case "u8": return ordered(UInt64(number))
  default: fatalError("no type \(storage.type)")
  }
}

private func halfBits(_ number: Double) -> UInt16 {
  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    return Float16(number).bitPattern
  #else
    fatalError("no Float16 here")
  #endif
}

/// The shape and numbers of a little-endian version 1 file in C order, as the command writes them.
func readNpy(_ data: Data, type: String) throws -> (header: String, numbers: [Double]) {
  let bytes = [UInt8](data)
  let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
  let header = String(decoding: bytes[10..<end], as: UTF8.self)
  let width = Int(type.dropFirst()) ?? 0
  let body = bytes[end...]
  let numbers = stride(from: body.startIndex, to: body.endIndex, by: width).map { start in
    let bits = body[start..<(start + width)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return width == 8 ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(bits)))
  }
  return (header, numbers)
}
