package dev.plumbline.torch.checkpoint.file;

/**
 * Reads ranges of one tensor as float32: copies some blocks out of the mapping, decodes them, goes
 * on.
 *
 * <p>The copy keeps the kernels on plain arrays, where the compiler vectorises them, and costs 64
 * KiB whatever the tensor's size.
 */
final class BlockReader {
  private static final int SCRATCH = 1 << 16;

  private final MappedFile file;
  private final TensorInfo info;
  private final int size;
  private final int bytes;
  private final byte[] scratch;

  BlockReader(MappedFile file, TensorInfo info, int count) {
    if (info.type().isInteger()) {
      throw new IllegalArgumentException(
          "wanted a tensor of weights, found "
              + info.type()
              + " in "
              + info.name()
              + ": use integers()");
    }
    this.file = file;
    this.info = info;
    this.size = info.type().blockSize();
    this.bytes = info.type().blockBytes();
    long needed = (count / size + 1L) * bytes;
    this.scratch = new byte[(int) Math.min(SCRATCH - SCRATCH % bytes, needed)];
  }

  /** Any range inside the tensor: partial blocks at its ends are decoded aside. */
  void read(long from, float[] into, int at, int count) {
    int head = (int) Math.min(count, (size - from % size) % size);
    if (head > 0) {
      partial(from, into, at, head);
    }
    int whole = (count - head) / size * size;
    blocks((from + head) / size, into, at + head, whole / size);
    if (head + whole < count) {
      partial(from + head + whole, into, at + head + whole, count - head - whole);
    }
  }

  private void blocks(long first, float[] into, int at, int blocks) {
    int most = scratch.length / bytes;
    for (int done = 0; done < blocks; ) {
      int now = Math.min(most, blocks - done);
      fetch(first + done, now);
      Dequantiser.decode(info.type(), scratch, now, into, at + done * size);
      done += now;
    }
  }

  private void partial(long from, float[] into, int at, int count) {
    float[] block = new float[size];
    fetch(from / size, 1);
    Dequantiser.decode(info.type(), scratch, 1, block, 0);
    System.arraycopy(block, (int) (from % size), into, at, count);
  }

  private void fetch(long block, int blocks) {
    file.slice(info.offset() + block * bytes, blocks * bytes).get(scratch, 0, blocks * bytes);
  }
}
