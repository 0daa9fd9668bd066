// The file of evaluate --gradient: its contents, and that it appears whole or not at all.

import Foundation
import KerasLosses
import Testing

@Suite struct GradientFileTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
  }

  private func evaluate(_ more: [String], gradient: String = "g.npy") throws -> Outcome {
    try folder.run(
      ["evaluate", "--loss", "CategoricalCrossentropy", "--gradient", gradient] + more)
  }

  @Test(arguments: ["f4", "f8"])
  func hasTheTypeAndShapeOfThePredictions(_ type: String) throws {
    let numbers = (0..<24).map { Double($0 * 7 % 11) / 4 }
    let labels = (0..<24).map { Double($0 % 2) }
    let storage = Storage(type: type, isBigEndian: true, isFortranOrder: true)
    try folder.write(npy([2, 3, 4], labels, Storage(type: "u1")), "y.npy")
    try folder.write(npy([2, 3, 4], numbers, storage), "x.npy")
    let outcome = try evaluate([
      "--y-true", "y.npy", "--y-pred", "x.npy", "--config", #"{"from_logits": true, "axis": 1}"#,
    ])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let data = try folder.read("g.npy")
    let (header, gradient) = try readNpy(data, type: type)
    #expect(
      header.hasPrefix("{'descr': '<\(type)', 'fortran_order': False, 'shape': (2, 3, 4), }"))
    #expect(header.hasSuffix(" \n"))
    #expect((data.count - 24 * (type == "f4" ? 4 : 8)) % 64 == 0)
    #expect([UInt8](data.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    let loss = CategoricalCrossentropy(fromLogits: true, axis: 1)
    let yTrue = Tensor(shape: [2, 3, 4], scalars: labels)
    let yPred = Tensor(shape: [2, 3, 4], scalars: numbers)
    let expected =
      type == "f8"
      ? try loss.valueWithGradient(yTrue, yPred).gradient.scalars
      : try loss.valueWithGradient(yTrue, Tensor<Float>(converting: yPred)).gradient.scalars
        .map { Double($0) }
    #expect(gradient == expected)
  }

  @Test func replacesWhatWasThereAndLeavesNothingBeside() throws {
    try folder.write(npy([1, 2], [0, 1]), "y.npy")
    try folder.write(npy([1, 2], [1, 2]), "x.npy")
    // Over its own input: the mapping keeps the old file.
    #expect(
      try evaluate(["--y-true", "y.npy", "--y-pred", "x.npy"], gradient: "x.npy").status == 0)
    #expect(folder.names == ["x.npy", "y.npy"])
    let (header, _) = try readNpy(try folder.read("x.npy"), type: "f4")
    #expect(header.contains("(1, 2)"))
  }

  @Test func isUntouchedByAFailure() throws {
    try folder.write(npy([1, 2], [0, 1]), "y.npy")
    try folder.write(npy([1, 3], [1, 2, 3]), "x.npy")
    try folder.write(Data("precious".utf8), "g.npy")
    #expect(try evaluate(["--y-true", "y.npy", "--y-pred", "x.npy"]).status == 1)
    #expect(try folder.read("g.npy") == Data("precious".utf8))
    #expect(folder.names == ["g.npy", "x.npy", "y.npy"])
  }

  @Test func goesNowhereButToARegularFile() throws {
    try folder.write(npy([1, 2], [0, 1]), "y.npy")
    let files = ["--y-true", "y.npy", "--y-pred", "y.npy"]
    for (path, text) in [
      ("/dev/null", "is not a regular file and cannot be replaced."),
      (".", "is not a regular file and cannot be replaced."),
      ("none/g.npy", "cannot be written: No such file or directory."),
    ] {
      let outcome = try evaluate(files, gradient: path)
      #expect(outcome.status == 1)
      #expect(outcome.errors.hasPrefix("keras-losses: "))
      #expect(outcome.errors.hasSuffix("\(text)\n"), "\(outcome.errors)")
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func isGoneAfterAnInterrupt(_ signal: Int32) throws {
    // Zeros that take no room on the disk, and longer than the test waits.
    let shape = [200_000, 1000]
    try folder.write(npyHeader(shapeText(shape)), "x.npy")
    let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/x.npy"))
    try handle.truncate(atOffset: handle.seekToEnd() + 800_000_000)
    try handle.close()
    let (process, output, errors) = try Tool.start(
      [
        "evaluate", "--loss", "CategoricalCrossentropy", "--y-true", "x.npy", "--y-pred", "x.npy",
        "--gradient", "g.npy",
      ], in: folder.path)
    while process.isRunning, !folder.names.contains(where: { $0.hasSuffix(".partial") }) {
      usleep(1000)
    }
    kill(process.processIdentifier, signal)
    // Both pipes end with the process.
    _ = output.fileHandleForReading.readDataToEndOfFile()
    _ = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == signal)
    #expect(folder.names == ["x.npy"])
  }
}
