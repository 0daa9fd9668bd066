/// 1 − Σ p·y over the elements of an axis: TensorFlow 1's `cosine_distance`, which takes for granted that
/// its vectors have length 1.
///
/// Products enter a compensated sum unrounded and the 1 is one of its terms, so that a distance near 0 has
/// all its digits. The derivative is −y.
package struct InnerProductKernel: RowKernel {
  package let axis: Int
  package var labels: LabelEncoding { .dense }

  package init(axis: Int) { self.axis = axis }

  package var emptyLoss: Double { 1 }

  package func compute(_ run: SampleRun) {
    let classes = run.classes
    withBlocks(3, of: Double.self) { buffers in
      let derivatives = buffers + 2 * blockSize
      run.forEachKept { sample, scale in
        let row = RowBlocks(run, sample: sample)
        var total = CompensatedSum()
        total.add(1)
        for block in blocks(of: 0..<classes) {
          let p = row.predictions(block, Double.self, buffer: buffers)
          let y = row.labels(block, Double.self, buffer: buffers + blockSize, (1, 0))
          // A product of two Floats is exact in Double.
          for index in 0..<block.count {
            if run.kind == .float64 {
              total.add(-p[index], times: y[index])
            } else {
              total.add(-p[index] * y[index])
            }
          }
          guard let scale else { continue }
          for index in 0..<block.count { derivatives[index] = -y[index] * scale }
          row.store(gradient: derivatives, block)
        }
        run.store(loss: total.value, of: sample)
      }
    }
  }
}
