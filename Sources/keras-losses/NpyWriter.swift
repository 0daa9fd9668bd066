// Writing .npy files: whole, or not at all.

import Foundation
import KerasLosses

extension NpyHeader {
  /// The bytes before the first number: version 1, padded to a multiple of 64 as NumPy pads it.
  ///
  /// At most 64 axes of at most 19 digits: the length fits the 2 bytes of version 1.
  var bytes: [UInt8] {
    let sizes =
      shape.count == 1 ? "\(shape[0])," : shape.map { "\($0)" }.joined(separator: ", ")
    let dictionary =
      "{'descr': '\(typeText)', 'fortran_order': \(isFortranOrder ? "True" : "False"), "
      + "'shape': (\(sizes)), }"
    let padding = 63 - (10 + dictionary.utf8.count) % 64
    let text = dictionary + String(repeating: " ", count: padding) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}

/// A .npy file that is being written: little-endian, C order.
///
/// The numbers go into a temporary file beside the target, which ``commit()`` renames. Until then the
/// target is what it was; the temporary file is removed when this object goes away, and when the process is
/// interrupted.
final class NpyOutput {
  /// The name for error messages.
  private let path: String
  private let target: String
  private let temporaryPath: String
  private let handle: FileHandle
  private let start: Int
  private let width: Int
  private let signals: [any DispatchSourceSignal]
  private var isCommitted = false

  /// Creates the temporary file.
  init(path: String, type: ElementKind, shape: [Int]) throws(Failure) {
    // A link stays a link: what it leads to is replaced.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    if FileManager.default.fileExists(atPath: target.path), !isRegularFile(target.path) {
      throw .data(path, "is not a regular file and cannot be replaced.")
    }
    let name = ".\(target.lastPathComponent).\(getpid()).partial"
    let temporary = target.deletingLastPathComponent().appendingPathComponent(name).path
    signals = Self.removeOnInterrupt(temporary)
    let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY, 0o666)
    guard descriptor >= 0 else {
      throw .data(path, "cannot be written: \(systemText(errno)).")
    }
    let header = NpyHeader(type: type, isBigEndian: false, isFortranOrder: false, shape: shape)
      .bytes
    self.path = path
    self.target = target.path
    temporaryPath = temporary
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    start = header.count
    width = type.width
    try write(header, at: 0)
  }

  deinit {
    if !isCommitted { unlink(temporaryPath) }
    for source in signals { source.cancel() }
    for number in Self.endings { signal(number, SIG_DFL) }
  }

  /// Writes numbers from number `offset` of the array on.
  func write<Scalar: LossScalar>(_ numbers: [Scalar], at offset: Int) throws(Failure) {
    try write(littleEndianBytes(of: numbers), at: start + offset * width)
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(Failure) {
    do {
      try handle.seek(toOffset: UInt64(offset))
      try handle.write(contentsOf: bytes)
    } catch {
      throw .data(path, "cannot be written: \(reason(error)).")
    }
  }

  /// Gives the finished file its name.
  func commit() throws(Failure) {
    do {
      try handle.close()
    } catch {
      throw .data(path, "cannot be written: \(reason(error)).")
    }
    guard rename(temporaryPath, target) == 0 else {
      throw .data(path, "cannot be written: \(systemText(errno)).")
    }
    isCommitted = true
  }

  /// What asks a process to end. Not SIGHUP, which `nohup` wants ignored.
  private static let endings = [SIGINT, SIGTERM]

  /// From its return on, removes a file when the process is asked to end, and then lets it end.
  private static func removeOnInterrupt(_ path: String) -> [any DispatchSourceSignal] {
    endings.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        unlink(path)
        signal(number, SIG_DFL)
        // The parent may have blocked the signal in all that it starts.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        kill(getpid(), number)
      }
      let isRegistered = DispatchSemaphore(value: 0)
      source.setRegistrationHandler { isRegistered.signal() }
      source.resume()
      isRegistered.wait()
      return source
    }
  }
}
