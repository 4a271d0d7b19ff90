package dev.plumbline.learn.dynamics;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Watch;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads statements through a decoder: raw text, no chat template, block output (resid_post of block
 * ℓ, Hugging Face's {@code hidden_states[ℓ+1]} but for the last block).
 *
 * <p>Uses decoder and tokenizer, owns neither; on their thread.
 */
final class StatementReader {
  private static final int MOST_TOKENS = 4096;

  /** Floats that one batch may bring to the host: 128 MiB. */
  private static final long STAGE_FLOATS = 1L << 25;

  private final Decoder decoder;
  private final TextTokenizer tokenizer;
  private final Optional<String> adapter;

  /** States of the batch and layer that are being looked at. */
  private float[] values = new float[0];

  StatementReader(Decoder decoder, TextTokenizer tokenizer, Optional<String> adapter) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.adapter = adapter;
  }

  /** All statements of a dimension at some layers. */
  StatementStates read(Dimension dimension, List<Integer> layers) {
    List<long[]> tokens = tokens(dimension);
    StatementStates states = new StatementStates(tokens.size());
    List<TapPoint> points = layers.stream().map(TapPoint::residPost).toList();
    long perToken = (long) points.size() * decoder.shape().hidden();
    int room = (int) Math.max(1, Math.min(MOST_TOKENS, STAGE_FLOATS / perToken));
    try (Watch watch = decoder.watch(points, List.of())) {
      for (int[] rows : batches(tokens, room)) {
        read(tokens, rows, watch, layers, states);
      }
    }
    return states;
  }

  private List<long[]> tokens(Dimension dimension) {
    List<long[]> tokens = new ArrayList<>();
    for (Statement statement : dimension.statements()) {
      long[] ids =
          dimension.marked()
              ? tokenizer.encode(statement.text(), false, TextTokenizer.Specials.AS_TOKENS)
              : tokenizer.encode(statement.text(), true);
      Check.that(
          ids.length > 0 && ids.length <= decoder.positions(),
          "dimension " + dimension.name() + ", statement " + (tokens.size() + 1),
          "1 to " + decoder.positions() + " tokens",
          ids.length,
          "shorten it or leave it out");
      tokens.add(ids);
    }
    return tokens;
  }

  /** Rows of like length together, at most {@code room} tokens with padding. */
  private static List<int[]> batches(List<long[]> tokens, int room) {
    int[] order =
        IntStream.range(0, tokens.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> tokens.get(i).length))
            .mapToInt(i -> i)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= order.length; to++) {
      boolean full = to == order.length || (to + 1 - from) * tokens.get(order[to]).length > room;
      if (full) {
        batches.add(Arrays.copyOfRange(order, from, to));
        from = to;
      }
    }
    return batches;
  }

  private void read(
      List<long[]> tokens, int[] rows, Watch watch, List<Integer> layers, StatementStates into) {
    int longest = tokens.get(rows[rows.length - 1]).length;
    long[][] batch = new long[rows.length][longest];
    for (int b = 0; b < rows.length; b++) {
      long[] own = tokens.get(rows[b]);
      System.arraycopy(own, 0, batch[b], 0, own.length);
    }
    try (AdapterBank.Worn worn = worn(rows.length);
        Pass pass = decoder.forward(batch, null, watch, null, worn, Decoder.Logits.NONE)) {
      for (int layer : layers) {
        values = pass.states(TapPoint.residPost(layer), values);
        for (int b = 0; b < rows.length; b++) {
          int length = tokens.get(rows[b]).length;
          pool(values, b * longest, length, layer, rows[b], into);
        }
      }
    }
  }

  /** Null, which a try statement closes without harm, where no adapter is worn. */
  private AdapterBank.Worn worn(int rows) {
    return adapter.isEmpty() ? null : decoder.adapters().worn(Collections.nCopies(rows, adapter));
  }

  private void pool(
      float[] values, int from, int length, int layer, int row, StatementStates into) {
    int d = decoder.shape().hidden();
    int last = (from + length - 1) * d;
    into.set(layer, Pooling.LAST, row, Arrays.copyOfRange(values, last, last + d));
    int first = length > 1 ? 1 : 0;
    double[] sum = new double[d];
    for (int t = first; t < length; t++) {
      for (int i = 0; i < d; i++) {
        sum[i] += values[(from + t) * d + i];
      }
    }
    float[] mean = new float[d];
    for (int i = 0; i < d; i++) {
      mean[i] = (float) (sum[i] / (length - first));
    }
    into.set(layer, Pooling.MEAN, row, mean);
  }
}
