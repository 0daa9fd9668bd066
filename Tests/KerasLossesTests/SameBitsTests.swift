import Foundation
import KerasLosses
import TestSupport
import Testing

// The same bits on every instruction set, with any number of threads, in fresh and reused buffers, and for
// any split of the batch. The C kernels are hashed by a program of their own, Tests/KernelHashes; its
// hashes are checked in, so that debug and release builds and other machines must agree as well.

@Suite struct SameBitsTests {
  /// The hashes under an instruction set, and the one that ran.
  private func hashes(_ instructionSet: String) throws -> (ran: String, hashes: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtProgram("KernelHashes"))
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["KERAS_LOSSES_ISA": instructionSet]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", maxSplits: 1)
    return (String(lines[0]), String(lines[1]))
  }

  /// What the processor has, best last.
  private static var instructionSets: [String] {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let flags = Set(information.split { " \n\t".contains($0) })
    var sets = ["baseline"]
    if flags.isSuperset(of: ["avx2", "fma"]) { sets.append("avx2") }
    if flags.isSuperset(of: ["avx2", "avx512f", "avx512dq", "avx512bw", "avx512vl"]) {
      sets.append("avx512")
    }
    return sets
  }

  @Test(arguments: SameBitsTests.instructionSets)
  func everyInstructionSet(_ instructionSet: String) throws {
    let expected = try String(
      contentsOf: Fixtures.root.appendingPathComponent("Tests/Fixtures/kernel_hashes.txt"),
      encoding: .utf8)
    let (ran, hashes) = try hashes(instructionSet)
    #expect(ran == instructionSet)
    #expect(hashes == expected)
  }

  @Test func theBestInstructionSetRunsUnlessToldOtherwise() {
    if ProcessInfo.processInfo.environment["KERAS_LOSSES_ISA"] == nil {
      #expect(LossRuntime.instructionSet == SameBitsTests.instructionSets.last)
    }
  }

  private static let losses: [any KerasLoss] =
    LossIdentifier.catalog.map { $0.make(.none) } + [
      CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.1),
      SparseCategoricalCrossentropy(fromLogits: true, reduction: .meanWithSampleWeight),
      BinaryCrossentropy(fromLogits: true, reduction: .sum),
    ]

  // Enough elements for every number of threads to be used; in debug builds, for three.
  #if DEBUG
    private static let shapes = [[500, 400], [3, 70_000], [12_001, 17]]
  #else
    private static let shapes = [[3000, 400], [3, 400_000], [70_001, 17]]
  #endif

  @Test(arguments: SameBitsTests.losses.indices, SameBitsTests.shapes)
  func anyNumberOfThreads(_ index: Int, _ shape: [Int]) throws {
    let loss = Self.losses[index]
    let (labels, predictions, weights) = randomOperands(
      for: loss, rows: shape[0], columns: shape[1])
    let before = LossRuntime.maximumThreads
    defer { LossRuntime.maximumThreads = before }
    var expected: (value: Tensor<Float>, gradient: Tensor<Float>)?
    for threads in [1, 2, 3, 16] {
      LossRuntime.maximumThreads = threads
      let result = try loss.valueWithGradient(labels, predictions, sampleWeight: weights)
      let value = try loss.evaluate(labels, predictions, sampleWeight: weights)
      #expect(value == result.value)
      if let expected {
        #expect(result.value == expected.value && result.gradient == expected.gradient)
        // A reused buffer that holds something else.
        var buffer = Tensor(
          shape: predictions.shape,
          scalars: [Float](repeating: .nan, count: predictions.scalars.count))
        _ = try loss.valueWithGradient(labels, predictions, sampleWeight: weights, into: &buffer)
        #expect(buffer == expected.gradient)
      } else {
        expected = result
      }
    }
  }

  /// Calls from many threads at once do not disturb each other.
  @Test func callsAtOnce() throws {
    let labels = Tensor<Float>(shape: [500, 300], scalars: (0..<150_000).map { Float($0 % 2) })
    let logits = Tensor<Float>(
      shape: [500, 300], scalars: (0..<150_000).map { Float($0 % 97) * 0.1 })
    let loss = CategoricalCrossentropy(fromLogits: true)
    let expected = try loss.valueWithGradient(labels, logits)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      let result = try? loss.valueWithGradient(labels, logits)
      #expect(result?.value == expected.value && result?.gradient == expected.gradient)
    }
  }
}
