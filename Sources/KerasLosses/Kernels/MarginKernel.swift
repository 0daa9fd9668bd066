/// max(0, 1 + max (1 − y)·p − Σ y·p) over rows: the categorical hinge.
///
/// Where the loss is 0 the derivative is 0, also at the kink. Elsewhere it is −y, and 1 − y more at the largest
/// (1 − y)·p; several that are equally large share that.
struct MarginKernel: RowKernel {
  var axis: Int { -1 }
  var labels: LabelEncoding { .dense }

  func compute(_ run: SampleRun) {
    if run.kind == .float64 { compute(run, Double.self) } else { compute(run, Float.self) }
  }

  private func compute<Work: RowElement>(_ run: SampleRun, _ type: Work.Type) {
    let classes = 0..<run.classes
    withBlocks(3, of: Work.self) { buffers in
      run.forEachKept { sample, scale in
        let row = RowBlocks(run, sample: sample)
        var largest = -Double.infinity
        var margin = CompensatedSum()
        row.forEachPair(in: classes, Work.self, buffers) { y, p, block in
          margin.add(-Work.margin(y, p, block.count, largest: &largest))
        }
        margin.add(largest)
        margin.add(1)
        let loss = margin.value
        run.store(loss: loss <= 0 ? 0 : loss, of: sample)
        guard let scale else { return }
        if loss <= 0 { return run.storeZeroGradient(of: sample) }
        var peaks = 0
        row.forEachPair(in: classes, Work.self, buffers) { y, p, block in
          peaks += Work.marginPeaks(y, p, largest: largest, block.count)
        }
        // A loss that is NaN has a derivative of NaN throughout.
        let (factor, share) = loss.isNaN ? (loss, loss) : (scale, scale / Double(peaks))
        row.forEachPair(in: classes, Work.self, buffers) { y, p, block in
          row.writeGradient(block, buffer: buffers + 2 * blockSize) {
            Work.marginGradient(
              y, p, largest: largest, share: share, scale: factor, into: $0, block.count)
          }
        }
      }
    }
  }
}
