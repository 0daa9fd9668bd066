// A .npy file, mapped into memory and read in runs of samples.

import Foundation
import KerasLosses

/// An array in a .npy file. Its numbers stay in the file until they are gathered.
package struct NpyFile: Sendable {
  /// The name for error messages.
  package let path: String
  package let header: NpyHeader
  /// The file from its first number on.
  private let numbers: Data

  /// The size of each axis.
  package var shape: [Int] { header.shape }

  /// Maps a file.
  package init(path: String) throws(Failure) {
    try self.init(path: path, contents: try Self.map(path))
  }

  /// The array in `contents`, which hold a whole .npy file.
  package init(path: String, contents: Data) throws(Failure) {
    do {
      let (header, end) = try NpyHeader.parse(fileSize: contents.count) { range in
        [UInt8](contents[range])
      }
      try Self.checkSize(header, following: contents.count - end)
      self.path = path
      self.header = header
      numbers = contents[end...]
    } catch {
      throw .data(path, error.text)
    }
  }

  /// The whole file, mapped: pages are read when they are touched and dropped when memory is short.
  private static func map(_ path: String) throws(Failure) -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .data(path, "no such file.")
    }
    if isDirectory.boolValue { throw .data(path, "is a directory; a .npy file is needed.") }
    guard isRegularFile(path) else {
      throw .data(path, "is not a regular file, and nothing else can be mapped.")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      throw .data(path, "cannot be read: \(reason(error)).")
    }
  }

  /// NumPy reads over bytes behind the array, and so does this.
  private static func checkSize(_ header: NpyHeader, following bytes: Int) throws(NpyError) {
    let shape = header.shape
    guard let count = try? elementCount(of: shape),
      case let (size, overflow) = count.multipliedReportingOverflow(by: header.type.width),
      !overflow
    else {
      throw NpyError("has a shape, \(shape), whose size does not fit a 64-bit integer.")
    }
    guard size <= bytes else {
      throw NpyError(
        "is truncated: shape \(shape) of \(header.typeText) takes \(size) bytes; \(bytes) follow the "
          + "header.")
    }
  }

  /// The distance in numbers between neighbours along each axis.
  private var strides: [Int] {
    header.isFortranOrder
      ? rowMajorStrides(of: shape.reversed()).reversed() : rowMajorStrides(of: shape)
  }

  /// The strides under a shape that only adds or drops axes of size 1; 0 along every axis of size 1.
  private func strides(under aligned: [Int]) -> [Int] {
    var rest = zip(shape, strides).filter { $0.0 != 1 }.map { $0.1 }[...]
    return aligned.map { $0 == 1 ? 0 : rest.popFirst() ?? 0 }
  }

  /// The samples of the array under the shape of `samples`.
  package func rows(of samples: SampledShape) -> NpyRows {
    let strides = strides(under: samples.shape)
    let rows = StridedRows(
      type: header.type, isBigEndian: header.isBigEndian,
      sampleShape: samples.outerAxes.map { samples.shape[$0] },
      sampleStrides: samples.outerAxes.map { strides[$0] }, elementShape: samples.sampleShape,
      elementStrides: samples.axes.map { strides[$0] })
    return NpyRows(numbers: numbers, rows: rows)
  }

  /// One number per loss: the array under the shape `aligned`, of the rank of `losses`, repeated along
  /// its axes of size 1.
  package func broadcast(_ aligned: [Int], over losses: [Int]) -> NpyRows {
    let rows = StridedRows(
      type: header.type, isBigEndian: header.isBigEndian, sampleShape: losses,
      sampleStrides: strides(under: aligned))
    return NpyRows(numbers: numbers, rows: rows)
  }
}

/// The rows of a file, ready to be gathered.
package struct NpyRows: Sendable {
  fileprivate let numbers: Data
  fileprivate let rows: StridedRows

  /// The rows of `samples`, one after the other, as numbers of type `Target`.
  package func gather<Target: TensorElement>(_ samples: Range<Int>) -> [Target] {
    numbers.withUnsafeBytes { rows.gather(samples, from: $0) }
  }
}

/// Whether a path leads to a file on a disk: not to a pipe, a device or a socket.
func isRegularFile(_ path: String) -> Bool {
  let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
  return attributes?[.type] as? FileAttributeType == .typeRegular
}
