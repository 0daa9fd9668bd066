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
    let found = problems(in: Fixtures.ctc) {
      try $0.kerasProblems { isClose($0 as Double, $1, relative: 1e-10, scale: $2) }
    }
    #expect(found == "")
  }

  @Test func floats() {
    let found = problems(in: Fixtures.ctc) {
      try $0.kerasProblems { isClose(Double($0 as Float), $1, relative: 1e-5, scale: $2) }
    }
    #expect(found == "")
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func halves() {
      let cases = Fixtures.ctc.filter { $0.half == true }
      #expect(problems(in: cases) { try $0.kerasProblems(FamilyTolerance.half) } == "")
    }
  #endif

  /// Labels that no path can spell, for which PyTorch has an infinite loss and TensorFlow about 708: as many steps
  /// as classes, and one more for each that repeats the one before. One step more, and there is a path.
  @Test(arguments: [
    ([1, 1, 1], 5), ([1, 2, 3], 3), ([1, 1, 0], 3), ([2, 0, 0], 1), ([3, 3, 2], 4), ([0, 0, 0], 1),
  ])
  func labelsThatDoNotFit(_ labels: [Int32], _ needed: Int) throws {
    func logits(_ steps: Int) -> Tensor<Double> {
      Tensor(shape: [1, steps, 4], scalars: (0..<steps * 4).map { Double($0 % 5) / 4 })
    }
    #expect(try CTC().evaluate(Tensor([labels]), logits(needed)).item.isFinite)
    guard needed > 1 else { return }
    let error = #expect(throws: LossError.self) {
      try CTC().evaluate(Tensor([labels]), logits(needed - 1))
    }
    #expect(error?.description.hasPrefix("yTrue: ") == true, "\(error?.description ?? "")")
  }
}
