// Writing the workloads for other programs: the arrays, the loss and what it is, so that they can be timed and
// checked on the same numbers.

import Foundation
import KerasLosses

/// A folder with one folder per workload, and `workloads.json`, which describes them.
struct Export {
  private let folder: URL

  init(path: String) { folder = URL(filePath: path) }

  /// Writes workload after workload; their arrays are never in memory together.
  func write(_ workloads: [Workload]) throws {
    let entries = try workloads.enumerated().map { number, workload in
      try write(workload, in: "\(number)")
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(entries)
      .write(to: folder.appending(path: "workloads.json"), options: .atomic)
  }

  /// What a workload is, the names of its files, and what the package makes of them.
  private struct Entry: Encodable {
    let title: String
    let loss: String
    let shape: [Int]
    let labels: String
    let isWeighted: Bool
    /// The parameters, under Keras's names.
    let config: AnyLoss
    let folder: String
    let value: Float
    /// The length of the gradient as a vector.
    let gradientNorm: Double

    enum CodingKeys: String, CodingKey {
      case title, loss, shape, labels, config, folder, value
      case isWeighted = "weighted"
      case gradientNorm = "gradient_norm"
    }
  }

  /// A loss as the coder sees it.
  private struct AnyLoss: Encodable {
    let loss: any KerasLoss
    func encode(to encoder: any Encoder) throws { try loss.encode(to: encoder) }
  }

  private func write(_ workload: Workload, in name: String) throws -> Entry {
    let directory = folder.appending(path: name)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let operands = Operands(workload)
    try operands.predictions.write(to: directory.appending(path: "predictions.npy"))
    try operands.weights?.write(to: directory.appending(path: "weights.npy"))
    let labels = directory.appending(path: "labels.npy")
    let (value, gradient): (Tensor<Float>, Tensor<Float>)
    switch operands.labels {
    case .dense(let tensor):
      try tensor.write(to: labels)
      (value, gradient) = try workload.loss.valueWithGradient(
        tensor, operands.predictions, sampleWeight: operands.weights)
    case .sparse(let tensor):
      try tensor.write(to: labels)
      (value, gradient) = try workload.loss.valueWithGradient(
        tensor, operands.predictions, sampleWeight: operands.weights)
    }
    guard value.item.isFinite else { throw NotFinite() }
    let squares = gradient.scalars.reduce(0) { $0 + Double($1) * Double($1) }
    return Entry(
      title: workload.title, loss: workload.name, shape: workload.shape,
      labels: workload.labelName, isWeighted: workload.isWeighted,
      config: AnyLoss(loss: workload.loss), folder: name, value: value.item,
      gradientNorm: squares.squareRoot())
  }
}

extension Tensor where Element: NumPyElement {
  /// Writes a file of NumPy's format, version 1, little-endian.
  fileprivate func write(to file: URL) throws {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(Element.numPyName)', 'fortran_order': False, 'shape': (\(sizes)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = UInt16(header.utf8.count)
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)])
    data.append(contentsOf: header.utf8)
    precondition(1.littleEndian == 1, "the format written here is little-endian")
    scalars.withUnsafeBytes { data.append(contentsOf: $0) }
    try data.write(to: file)
  }
}

/// An element of the arrays that are written.
private protocol NumPyElement: TensorElement {
  /// NumPy's name of the type.
  static var numPyName: String { get }
}

extension Float: NumPyElement { fileprivate static let numPyName = "<f4" }
extension Int32: NumPyElement { fileprivate static let numPyName = "<i4" }
