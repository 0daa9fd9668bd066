import KerasLosses
import TestSupport
import Testing

// Random cases of CTC, recorded from PyTorch in float64 and compared with Keras by the recording program:
// labels much shorter than the predictions, repeated classes, empty labels, blanks inside of labels.

@Suite struct CTCCaseTests {
  @Test func thereAreEnough() {
    #expect(Fixtures.ctc.count >= 200)
  }

  @Test func doubles() {
    expectNothing(Fixtures.ctc) {
      try $0.problems { isClose($0 as Double, $1, relative: 1e-10, scale: $2) }
    }
  }

  @Test func floats() {
    expectNothing(Fixtures.ctc) {
      try $0.problems { isClose(Double($0 as Float), $1, relative: 1e-5, scale: $2) }
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func halves() {
      expectNothing(Fixtures.ctc.filter { $0.half == true }) {
        try $0.problems(FamilyTolerance.half)
      }
    }
  #endif
}
