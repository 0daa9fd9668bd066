// One row of the benchmark: what it measures and how.

import KerasLosses

/// A workload, a pass over it, and the circumstances.
struct Case {
  enum Pass: String { case value, valueWithGradient = "value+gradient" }
  enum Buffer: String { case fresh, reused }

  let workload: Workload
  let pass: Pass
  let buffer: Buffer
  let threads: Int

  var title: String { "\(workload.title) \(pass.rawValue) \(buffer.rawValue)" }

  /// Everything that the options leave, workload by workload.
  static func all(_ options: Options) -> [Case] {
    let processors = LossRuntime.maximumThreads
    let threads: Set<Int> =
      switch options.threads {
      case .one: [1]
      case .all: [processors]
      case .both: [1, processors]
      }
    let passes: [(Pass, Buffer)] = [
      (.value, .fresh), (.valueWithGradient, .fresh), (.valueWithGradient, .reused),
    ]
    return Workload.all.flatMap { workload in
      threads.sorted().flatMap { threads in
        passes.map { Case(workload: workload, pass: $0, buffer: $1, threads: threads) }
      }
    }
    .filter { one in options.filter.map { one.title.contains($0) } ?? true }
  }

  /// The loop over the same streams.
  private var memoryLoop: MemoryLoop {
    switch (pass, workload.isSparse) {
    case (.value, true): .read
    case (.value, false): .readTwo
    case (.valueWithGradient, true): .readWrite
    case (.valueWithGradient, false): .readReadWrite
    }
  }

  /// The times of the loss and of its memory loop, taken in turn.
  func measured(on operands: Operands, repetitions: Int?) throws -> Row {
    LossRuntime.maximumThreads = threads
    let call: () throws -> Float
    switch operands.labels {
    case .dense(let labels): call = { try value(labels, operands) }
    case .sparse(let labels): call = { try value(labels, operands) }
    }
    let loops = operands.runs(memoryLoop, threads: threads)
    let times = try interleavedMedians([call] + loops, repetitions: repetitions)
    return Row(subject: self, seconds: times[0], memorySeconds: times.dropFirst().min() ?? 0)
  }

  /// One call, as a user of the package writes it.
  private func value<Label: TensorElement>(
    _ labels: Tensor<Label>, _ operands: Operands
  ) throws -> Float {
    let (loss, predictions, weights) = (workload.loss, operands.predictions, operands.weights)
    switch (pass, buffer) {
    case (.value, _):
      return loss(labels, predictions, sampleWeight: weights).item
    case (.valueWithGradient, .fresh):
      return try loss.valueWithGradient(labels, predictions, sampleWeight: weights).value.item
    case (.valueWithGradient, .reused):
      return try loss.valueWithGradient(
        labels, predictions, sampleWeight: weights, into: &operands.gradient
      ).item
    }
  }
}

extension [Case] {
  /// The workloads, each once.
  var workloads: [Workload] {
    var seen: Set<String> = []
    return map(\.workload).filter { seen.insert($0.title).inserted }
  }
}
