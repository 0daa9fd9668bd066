import Synchronization

/// How the package uses the machine. The results do not depend on it.
public enum LossRuntime {
  private static let limit = Atomic<Int>(0)

  /// The number of threads that one call may use; the number of processors unless set. At least 1.
  ///
  /// A call with little to do uses one thread in any case.
  public static var maximumThreads: Int {
    get {
      let limit = limit.load(ordering: .relaxed)
      return limit > 0 ? limit : processors
    }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// The instruction set that the kernels run on: `"avx512"`, `"avx2"` or `"baseline"`.
  ///
  /// It is chosen once, at the first call; `KERAS_LOSSES_ISA` in the environment can ask for less than
  /// the processor has. The results do not depend on it.
  public static var instructionSet: String { activeInstructionSet() }

  private static let processors = processorCount()
}
