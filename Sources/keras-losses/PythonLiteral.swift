// The part of Python's notation that the headers of .npy files are written in.

/// A value in the header's dictionary.
enum PythonLiteral: Equatable {
  case string(String)
  case bool(Bool)
  /// A tuple of integers that are not negative.
  case tuple([Int])

  /// The keys and values of a dictionary literal, and nothing behind it but white space.
  static func dictionary(_ bytes: [UInt8]) throws(NpyError) -> [(key: String, value: PythonLiteral)]
  {
    var reader = PythonReader(bytes: bytes)
    var members: [(key: String, value: PythonLiteral)] = []
    try reader.expect("{")
    while !reader.accepts("}") {
      let key = try reader.string()
      try reader.expect(":")
      members.append((key, try reader.value()))
      if !reader.accepts(",") {
        try reader.expect("}")
        break
      }
    }
    try reader.expectEnd()
    return members
  }
}

/// A cursor over the header's bytes.
private struct PythonReader {
  let bytes: [UInt8]
  var position = 0

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private func malformed(_ explanation: String) -> NpyError {
    NpyError("has a malformed header: \(explanation) at byte \(position).")
  }

  /// Whether the next mark is this one; if so, it is read.
  mutating func accepts(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ mark: Unicode.Scalar) throws(NpyError) {
    guard accepts(mark) else { throw malformed("'\(mark)' expected") }
  }

  mutating func expectEnd() throws(NpyError) {
    skipSpace()
    guard next == nil else { throw malformed("nothing more expected") }
  }

  /// A string in single or double quotes. No name or type holds a backslash.
  mutating func string() throws(NpyError) -> String {
    skipSpace()
    guard let quote = next, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(quote) else {
      throw malformed("a string expected")
    }
    position += 1
    guard let end = bytes[position...].firstIndex(of: quote) else {
      throw malformed("a string without end")
    }
    let content = bytes[position..<end]
    guard !content.contains(UInt8(ascii: "\\")), !content.contains(where: { $0 < 0x20 }) else {
      throw malformed("an unexpected character in a string")
    }
    position = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  mutating func value() throws(NpyError) -> PythonLiteral {
    skipSpace()
    switch next {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "("): return .tuple(try tuple())
    // Only structured types are written as lists.
    case UInt8(ascii: "["): throw NpyError(unsupportedType: "a structured type")
    default: return .bool(try bool())
    }
  }

  private mutating func bool() throws(NpyError) -> Bool {
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw malformed("a string, a tuple, True or False expected")
  }

  /// `()`, `(3,)`, `(2, 3)` or `(2, 3,)`: one integer in parentheses is no tuple without its comma.
  private mutating func tuple() throws(NpyError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    while !accepts(")") {
      sizes.append(try integer())
      if accepts(",") { continue }
      guard sizes.count > 1 else { throw malformed("',' expected") }
      try expect(")")
      break
    }
    return sizes
  }

  private mutating func integer() throws(NpyError) -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { throw malformed("an integer that is not negative expected") }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw NpyError("has a shape whose sizes do not fit 64-bit integers.")
    }
    position = digits.endIndex
    // Python 2 wrote long integers as 3L.
    if next == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
