// What only the operating system or the processor can tell.

internal import CLossKernels

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The number of processors that are online.
func processorCount() -> Int {
  max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}

/// The instruction set that the kernels chose.
func activeInstructionSet() -> String {
  String(cString: kl_active_isa())
}

/// Asks the operating system to back new memory by large pages, where it can be asked.
///
/// A fresh array is written exactly once; with pages of 4 KiB most of that time goes into the page faults.
func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  #if canImport(Glibc) || canImport(Musl)
    let page = 2 << 20
    guard memory.count >= 4 * page, let base = memory.baseAddress else { return }
    // Whole large pages inside the memory; the advice is free to be ignored.
    let start = base.alignedUp(toMultipleOf: page)
    let end = (base + memory.count).alignedDown(toMultipleOf: page)
    _ = madvise(start, end - start, Int32(MADV_HUGEPAGE))
  #endif
}
