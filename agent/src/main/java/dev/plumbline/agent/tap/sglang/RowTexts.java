package dev.plumbline.agent.tap.sglang;

import dev.plumbline.agent.tap.cut.Bytes;
import dev.plumbline.agent.tap.cut.ValueSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The vectors of a nested JSON list of numbers, kept as text until somebody wants the numbers: an
 * event loop only counts brackets. A list that is sent again with more at its end is read on from
 * where the last one ended. One exchange, one thread at a time.
 */
final class RowTexts implements ValueSink {
  private static final int MATRIX_ROW = 3;

  private final long mostBytes;
  private final List<byte[]> rows = new ArrayList<>();
  private final Bytes row = new Bytes();
  private byte[] lastPromptRow;
  private int depth;
  private int number;
  private int committed;
  private boolean numbers;
  private long bytes;
  private boolean overflown;

  /**
   * @param mostBytes of text in all
   */
  RowTexts(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The list begins, perhaps again. */
  RowTexts begin() {
    depth = 0;
    number = 0;
    row.reset();
    return this;
  }

  @Override
  public void bytes(byte[] from, int at, int length) {
    for (int i = at; i < at + length; i++) {
      byte b = from[i];
      if (b == '[') {
        depth++;
        numbers = false;
        row.reset();
      } else if (b == ']') {
        endRow();
        depth--;
      } else {
        numbers |= b > ' ' && b != ',';
        keep(b);
      }
    }
  }

  private void keep(byte b) {
    boolean wanted = depth >= MATRIX_ROW ? rows.isEmpty() : number >= rows.size();
    overflown |= row.size() >= mostBytes;
    if (wanted && !overflown) {
      row.write(b);
    }
  }

  private void endRow() {
    boolean matrix = depth >= MATRIX_ROW;
    if (!numbers || row.size() == 0) {
      number += numbers && !matrix ? 1 : 0;
    } else if (matrix) {
      lastPromptRow = row.toByteArray();
    } else {
      number++;
      add(row.toByteArray());
    }
    numbers = false;
    row.reset();
  }

  private void add(byte[] text) {
    bytes += text.length;
    overflown |= bytes > mostBytes;
    if (!overflown) {
      rows.add(text);
    }
  }

  boolean overflown() {
    return overflown;
  }

  /** The document around the list was whole: what came so far counts. */
  void commit() {
    committed = rows.size();
  }

  /** Whether there is a vector outside a matrix, in a whole document or not. */
  boolean any() {
    return !rows.isEmpty();
  }

  /** Vectors outside a matrix that count: one per decode step. */
  int size() {
    return committed;
  }

  /** Whether a prompt's matrix came. */
  boolean hasPrompt() {
    return lastPromptRow != null;
  }

  /**
   * All vectors, the prompt's last one first if there is one, as float32. A {@code null} is how
   * some JSON writers put NaN.
   *
   * @throws NumberFormatException if one is no list of numbers
   */
  List<float[]> vectors() {
    List<float[]> vectors = new ArrayList<>();
    if (lastPromptRow != null) {
      vectors.add(vector(lastPromptRow));
    }
    rows.subList(0, committed).forEach(text -> vectors.add(vector(text)));
    return vectors;
  }

  private static float[] vector(byte[] text) {
    String[] numbers = new String(text, StandardCharsets.US_ASCII).split(",", -1);
    float[] vector = new float[numbers.length];
    for (int i = 0; i < vector.length; i++) {
      String number = numbers[i].trim();
      vector[i] = number.equals("null") ? Float.NaN : Float.parseFloat(number);
    }
    return vector;
  }
}
