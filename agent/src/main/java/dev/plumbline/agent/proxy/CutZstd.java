package dev.plumbline.agent.proxy;

import java.util.Arrays;

/**
 * A zstd body (RFC 8878) that ends in the middle of a frame, made one that ends: the blocks that
 * are whole are kept and an empty last block is put behind them. Without, the decoder keeps its
 * window to itself until a frame ends, and of a cut answer nothing would be known.
 */
final class CutZstd {
  private static final int MAGIC = 0xFD2FB528;
  private static final byte[] EMPTY_LAST_BLOCK = {1, 0, 0};
  private static final int CHECKSUM_FLAG = 4;
  private static final int CHECKSUM_BYTES = 4;
  private static final int RLE = 1;

  private final byte[] body;

  /** Index of the frame's descriptor. */
  private int descriptor;

  /** Where the whole blocks end. */
  private int at;

  private CutZstd(byte[] body) {
    this.body = body;
  }

  /** A body with an end; one that has it, or is no zstd, as it is. */
  static byte[] close(byte[] body) {
    CutZstd cut = new CutZstd(body);
    while (cut.frame()) {
      if (!cut.blocks()) {
        return cut.closed();
      }
    }
    return body;
  }

  /** Steps over a frame's header; false where none begins. */
  private boolean frame() {
    if (at + 5 > body.length || little(at, 4) != MAGIC) {
      return false;
    }
    descriptor = at + 4;
    int flags = body[descriptor] & 0xff;
    boolean oneSegment = (flags & 0x20) != 0;
    int dictionary = new int[] {0, 1, 2, 4}[flags & 3];
    int size = new int[] {oneSegment ? 1 : 0, 2, 4, 8}[flags >> 6];
    at = descriptor + 1 + (oneSegment ? 0 : 1) + dictionary + size;
    return at <= body.length;
  }

  /** Steps over a frame's blocks; false where the last one is missing. */
  private boolean blocks() {
    while (at + 3 <= body.length) {
      int header = little(at, 3);
      int next = at + 3 + ((header >> 1 & 3) == RLE ? 1 : header >> 3);
      if (next > body.length) {
        return false;
      }
      at = next;
      if ((header & 1) == 1) {
        at += (body[descriptor] & CHECKSUM_FLAG) == 0 ? 0 : CHECKSUM_BYTES;
        return true;
      }
    }
    return false;
  }

  private byte[] closed() {
    byte[] closed = Arrays.copyOf(body, at + EMPTY_LAST_BLOCK.length);
    System.arraycopy(EMPTY_LAST_BLOCK, 0, closed, at, EMPTY_LAST_BLOCK.length);
    closed[descriptor] &= ~CHECKSUM_FLAG;
    return closed;
  }

  private int little(int from, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (body[from + i] & 0xff) << 8 * i;
    }
    return value;
  }
}
