// Files of any size in little memory.

#if os(Linux)
  import Foundation
  import KerasLosses
  import Testing

  @Suite struct MemoryTests {
    /// 2 × 80 MB in and 80 MB out: any one of them in memory would show. The numbers are zeros that take
    /// no room on the disk. Polled, so that a short peak may be missed; arrays as large as a file are not.
    @Test func filesAreNotReadIntoMemory() throws {
      #if DEBUG
        let rows = 2000
      #else
        let rows = 20_000
      #endif
      let folder = try Folder()
      try folder.write(npyHeader(shapeText([rows, 1000])), "x.npy")
      let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/x.npy"))
      try handle.truncate(atOffset: handle.seekToEnd() + UInt64(rows * 4000))
      try handle.close()
      try expectLittleMemory(
        [
          "evaluate", "--loss", "CategoricalCrossentropy", "--config", #"{"from_logits": true}"#,
          "--y-true", "x.npy", "--y-pred", "x.npy", "--gradient", "g.npy", "--json",
        ], folder)
      // One loss for each element, of which a report shows the first and the last.
      try expectLittleMemory(
        [
          "migrate", "--function", "mean_squared_error", "--labels", "x.npy", "--predictions",
          "x.npy",
        ], folder)
    }

    private func expectLittleMemory(_ arguments: [String], _ folder: Folder) throws {
      let (process, output, errors) = try Tool.start(arguments, in: folder.path)
      var peak = 0
      while process.isRunning {
        peak = max(peak, anonymousKiB(process.processIdentifier))
        usleep(2000)
      }
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
      #expect(!output.fileHandleForReading.readDataToEndOfFile().isEmpty)
      #expect(peak > 0)
      #expect(peak < 32 << 10, "\(arguments[0]): \(peak) KiB")
    }

    /// The process's anonymous memory now; 0 once it has ended.
    private func anonymousKiB(_ process: Int32) -> Int {
      let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
      return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
    }
  }
#endif
