package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorSource;

/**
 * Undoes the row order in which llama-architecture GGUF files store Q and K.
 *
 * <p>Inside each head of width {@code d} the file has row {@code 2j + s} where Hugging Face has row
 * {@code s·d/2 + j}: pairs side by side, for rotary embeddings that turn neighbours, instead of the
 * head's two halves. Blocks never cross rows, so this works on quantised tensors too.
 *
 * @param headDim {@code d}, even
 * @param width elements in a row, 1 for biases
 */
public record RotaryRows(int headDim, long width) {
  /** The file's row that holds Hugging Face's row {@code row}. */
  public long stored(long row) {
    int inside = (int) (row % headDim);
    int half = headDim / 2;
    return row - inside + 2L * (inside % half) + inside / half;
  }

  /** Reads a range given in Hugging Face's order, row by row. */
  void read(TensorSource tensors, TensorInfo info, long from, float[] into, int at, int count) {
    for (int done = 0; done < count; ) {
      long row = (from + done) / width;
      long column = (from + done) % width;
      int now = (int) Math.min(count - done, width - column);
      tensors.read(info.name(), stored(row) * width + column, into, at + done, now);
      done += now;
    }
  }
}
