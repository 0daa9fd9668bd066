// Every element type, byte order, memory order and version gives the numbers that were stored.

import Foundation
import KerasLosses
import Testing
import keras_losses

@Suite struct FileTypeTests {
  private static let types = [
    "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1",
  ]
  private static let shape = [2, 3, 4]

  /// Small numbers that every one of the types holds exactly, and that differ along each axis.
  private static func numbers(_ type: String) -> [Double] {
    (0..<24).map { index in
      let number = Double(index * 5 % 17)
      switch type.first {
      case "b": return number.truncatingRemainder(dividingBy: 2)
      case "i": return number - 8
      case "f": return (number - 8) / 4
      default: return number
      }
    }
  }

  private static var storages: [Storage] {
    types.flatMap { type in
      [false, true].flatMap { isBig in
        [false, true].flatMap { isFortran in
          (1...3).map {
            Storage(type: type, isBigEndian: isBig, isFortranOrder: isFortran, version: UInt8($0))
          }
        }
      }
    }
  }

  @Test(arguments: storages)
  func gathersWhatWasStored(_ storage: Storage) throws {
    let numbers = Self.numbers(storage.type)
    let file = try NpyFile(path: "x", contents: npy(Self.shape, numbers, storage))
    #expect(file.shape == Self.shape)
    // Rows along the last axis are the array itself.
    let last = file.rows(of: SampledShape(Self.shape, axes: [2]))
    #expect(last.gather(0..<6) == numbers)
    #expect(last.gather(0..<6) == numbers.map { Float($0) })
    #expect(last.gather(0..<6) == numbers.map { $0 != 0 })
    #expect(last.gather(2..<4) == Array(numbers[8..<16]))
    // Rows along the middle axis, o · 4 + i.
    var middle: [Double] = []
    for k in 0..<8 {
      let first = k / 4 * 12 + k % 4
      middle += [numbers[first], numbers[first + 4], numbers[first + 8]]
    }
    #expect(file.rows(of: SampledShape(Self.shape, axes: [1])).gather(0..<8) == middle)
    #expect(
      file.rows(of: SampledShape(Self.shape, axes: [1])).gather(3..<6) == Array(middle[9..<18]))
  }

  @Test func integersKeepAllTheirDigits() throws {
    let file = try NpyFile(
      path: "x",
      contents: npyHeader("(2,)", Storage(type: "i8"))
        + Data([1, 0, 0, 0, 0, 0, 0x20, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))
    let ids: [Int64] = file.rows(of: SampledShape([2], axes: [0])).gather(0..<1)
    #expect(ids == [1 << 53 + 1, .max])
  }

  @Test func halvesKeepTheirSpecialValues() throws {
    let bits: [UInt16] = [0, 0x8000, 1, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x7e00]
    let values: [Float] = [
      0, -0.0, 0x1p-24, 0x3ffp-24, 0x1p-14, 1, 65504, .infinity, -.infinity, .nan,
    ]
    let body = bits.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    let file = try NpyFile(
      path: "x", contents: npyHeader("(10,)", Storage(type: "f2")) + Data(body))
    let read: [Float] = file.rows(of: SampledShape([10], axes: [0])).gather(0..<1)
    #expect(haveSameBits(read, values))
  }

  @Test(arguments: [
    "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
    #"{"descr":"<f4","fortran_order":False,"shape":(2,3,),}"#,
    "  {\t'descr' :\n'<f4' , 'fortran_order': False, 'shape': ( 2 , 3 ) , }   ",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
    "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3), }",
    "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3), }",
  ])
  func headersMayBeWrittenInAnyWay(_ dictionary: String) throws {
    // 'f4' and '=f4' are the machine's own order: little-endian wherever these tests run.
    let body = npy([6], [1, 2, 3, 4, 5, 6]).suffix(24)
    let file = try NpyFile(path: "x", contents: npyHeader(dictionary: dictionary) + body)
    #expect(file.shape == [2, 3])
    #expect(
      file.rows(of: SampledShape([2, 3], axes: [1])).gather(0..<2) == [1, 2, 3, 4, 5, 6] as [Float])
  }

  @Test func bytesBehindTheArrayAreReadOver() throws {
    let file = try NpyFile(path: "x", contents: npy([2], [1, 2]) + Data("more".utf8))
    #expect(file.rows(of: SampledShape([2], axes: [0])).gather(0..<1) == [1, 2] as [Float])
  }

  /// The whole command, for each type of labels and each order: always the same text.
  @Test(arguments: types)
  func commandReadsEveryType(_ type: String) throws {
    let folder = try Folder()
    let labels = (0..<24).map { Double($0 * 5 % 3 == 0 ? 1 : 0) }
    let logits = Self.numbers("f4")
    let loss = CategoricalCrossentropy(fromLogits: true)
    let expected = loss(
      Tensor(shape: Self.shape, scalars: labels),
      Tensor<Float>(shape: Self.shape, scalars: logits.map { Float($0) }),
      sampleWeight: [0, 1]
    ).item
    for isBig in [false, true] {
      for isFortran in [false, true] {
        let storage = Storage(type: type, isBigEndian: isBig, isFortranOrder: isFortran)
        try folder.write(npy(Self.shape, labels, storage), "y.npy")
        try folder.write(
          npy(Self.shape, logits, Storage(isBigEndian: isBig, isFortranOrder: !isFortran)), "x.npy")
        try folder.write(npy([2], [0, 1], storage), "w.npy")
        let outcome = try folder.run([
          "evaluate", "--loss", "CategoricalCrossentropy", "--config", #"{"from_logits": true}"#,
          "--y-true", "y.npy", "--y-pred", "x.npy", "--sample-weight", "w.npy", "--json",
        ])
        #expect(try parsed(outcome.output)["value"]?.number(Float.self) == expected, "\(storage)")
      }
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: ["f2", "f4", "f8"])
    func resultHasTheTypeOfThePredictions(_ type: String) throws {
      let folder = try Folder()
      let labels: Tensor<Double> = [[0, 1, 0], [0, 0, 1]]
      let logits: Tensor<Double> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
      try folder.write(npy(labels, Storage(type: "u1")), "y.npy")
      try folder.write(npy(logits, Storage(type: type)), "x.npy")
      let outcome = try folder.run([
        "evaluate", "--loss", "CategoricalCrossentropy", "--config", #"{"from_logits": true}"#,
        "--y-true", "y.npy", "--y-pred", "x.npy", "--json",
      ])
      let loss = CategoricalCrossentropy(fromLogits: true)
      let expected =
        switch type {
        case "f2": loss(labels, Tensor<Float16>(converting: logits)).item.description
        case "f4": loss(labels, Tensor<Float>(converting: logits)).item.description
        default: loss(labels, logits).item.description
        }
      #expect(outcome.output.hasSuffix("\"value\": \(expected)}\n"), "\(outcome.output)")
    }
  #endif
}
