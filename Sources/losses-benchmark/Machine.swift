// Where and when: what a figure is worth nothing without.

import Foundation
import KerasLosses

enum Machine {
  /// Date, processor, instruction set, number of processors and compiler, in one line.
  static var description: String {
    [
      Date.now.formatted(.iso8601.year().month().day()), processor,
      "instruction set \(LossRuntime.instructionSet)",
      "\(ProcessInfo.processInfo.activeProcessorCount) processors", "Swift \(compiler)",
    ].joined(separator: ", ")
  }

  /// The processor's name as the system gives it.
  private static var processor: String {
    #if canImport(Darwin)
      var bytes = [UInt8](repeating: 0, count: 256)
      var count = bytes.count
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &count, nil, 0) == 0 else {
        return "unknown processor"
      }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
      return name ?? "unknown processor"
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #elseif compiler(>=6.1)
      "6.1"
    #else
      "6.0"
    #endif
  }
}
