import Foundation
import KerasLosses
import TestSupport
import Testing

// The same bits on every instruction set, with any number of threads, in fresh and reused buffers, and for
// any split of the batch. The C kernels are hashed by a program of their own, Tests/KernelHashes; its
// hashes are checked in, so that debug and release builds and other machines must agree as well.

@Suite struct SameBitsTests {
  /// The hashes under an instruction set, or what runs if none is asked for, and the one that ran.
  private func hashes(_ instructionSet: String?) throws -> (ran: String, hashes: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtProgram("KernelHashes"))
    var environment = ProcessInfo.processInfo.environment
    environment["KERAS_LOSSES_ISA"] = instructionSet
    process.environment = environment
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
    let (ran, hashes) = try hashes(instructionSet)
    #expect(ran == instructionSet)
    #expect(try hashes == recordedHashes)
  }

  /// For some kernels that may be another one.
  @Test func theBestInstructionSetRunsUnlessToldOtherwise() throws {
    let (ran, hashes) = try hashes(nil)
    #expect(ran == SameBitsTests.instructionSets.last)
    #expect(try hashes == recordedHashes)
    if ProcessInfo.processInfo.environment["KERAS_LOSSES_ISA"] == nil {
      #expect(LossRuntime.instructionSet == ran)
    }
  }

  private var recordedHashes: String {
    get throws {
      try String(
        contentsOf: Fixtures.root.appendingPathComponent("Tests/Fixtures/kernel_hashes.txt"),
        encoding: .utf8)
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

  private static let reducedLosses: [@Sendable (Reduction) -> any KerasLoss] =
    LossIdentifier.catalog.map(\.make) + [{ BinaryCrossentropy(fromLogits: true, reduction: $0) }]

  /// Losses of one element each are added up as they are computed, unless there is a mask.
  @Test(arguments: SameBitsTests.reducedLosses.indices)
  func oneElementEach(_ index: Int) throws {
    let loss = Self.reducedLosses[index]
    guard loss(.sum).plan.kernel.labels == .dense else { return }
    let (y, numbers, _) = randomOperands(for: loss(.sum), rows: 3001, columns: 1)
    let weights = (0..<3001).map { [0, 1, 0.3, 1e-20, -2, 1e12][$0 % 6] * Float($0) }
    // Labels of the predictions' type, which are read where they lie, and of another.
    try expectSameUnderMask(
      loss, Tensor<Float>(converting: y), numbers, Tensor(shape: [3001, 1], scalars: weights))
    try expectSameUnderMask(loss, y, numbers, Tensor(shape: [3001, 1], scalars: weights))
    try expectSameUnderMask(
      loss, Tensor<Double>(converting: y), Tensor<Double>(converting: numbers),
      Tensor(shape: [3001, 1], scalars: weights.map { Double($0) }))
    // What is supposed of the first labels does not hold of all.
    var late = Tensor<Float>(converting: y).scalars
    late[2500] = 0.5
    try expectSameUnderMask(loss, Tensor(shape: [3001, 1], scalars: late), numbers, nil)
    var special = numbers.scalars
    special.replaceSubrange(1000..<1004, with: [.nan, .infinity, -.infinity, 1e38])
    try expectSameUnderMask(
      loss, Tensor<Float>(converting: y), Tensor(shape: [3001, 1], scalars: special), nil)
  }

  /// So many that there are several runs, on several threads, of weights as they lie and of one weight for all.
  @Test func oneElementEachInLongRuns() throws {
    let count = 200_003
    let y = Tensor(shape: [count, 1], scalars: (0..<count).map { Float($0 % 977) * 0x1.1p-9 })
    let p = Tensor(shape: [count, 1], scalars: (0..<count).map { Float($0 % 613) * 0x1.7p-8 })
    let loss = MeanSquaredError(reduction: .meanWithSampleWeight)
    let mask = Tensor(shape: [count], scalars: [Bool](repeating: true, count: count))
    let before = LossRuntime.maximumThreads
    defer { LossRuntime.maximumThreads = before }
    for weights in [
      Tensor(shape: [count], scalars: (0..<count).map { Float($0 % 31) * 0.3 }),
      Tensor<Float>(shape: [1], scalars: [0.7]),
    ] {
      let expected = try loss.valueWithGradient(y, p, sampleWeight: weights, mask: mask)
      for threads in [1, 2, 3] {
        LossRuntime.maximumThreads = threads
        let (value, gradient) = try loss.valueWithGradient(y, p, sampleWeight: weights)
        #expect(bits(value) == bits(expected.value) && bits(gradient) == bits(expected.gradient))
        #expect(bits(loss(y, p, sampleWeight: weights)) == bits(value))
      }
    }
  }

  private func expectSameUnderMask<Label: TensorElement, Scalar: LossScalar>(
    _ make: (Reduction) -> any KerasLoss, _ y: Tensor<Label>, _ p: Tensor<Scalar>,
    _ weights: Tensor<Scalar>?
  ) throws {
    for reduction in [Reduction.sumOverBatchSize, .sum, .meanWithSampleWeight] {
      let loss = make(reduction)
      let shape = try loss.losses(y, p).shape
      let weights = shape == [3001] ? weights : nil
      let mask = Tensor(shape: shape, scalars: [Bool](repeating: true, count: shape.reduce(1, *)))
      let alone = try loss.valueWithGradient(y, p, sampleWeight: weights)
      let masked = try loss.valueWithGradient(y, p, sampleWeight: weights, mask: mask)
      #expect(bits(alone.value) == bits(masked.value))
      #expect(bits(alone.gradient) == bits(masked.gradient))
      #expect(bits(try loss.evaluate(y, p, sampleWeight: weights)) == bits(alone.value))
    }
  }

  /// NaN is not equal to itself, its bits are.
  private func bits<Scalar: LossScalar>(_ tensor: Tensor<Scalar>) -> [UInt64] {
    tensor.scalars.map { Double($0).bitPattern }
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
