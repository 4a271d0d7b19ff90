package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.TokenReading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts on the device, in batches of like length, read as often as wanted under whatever is {@link
 * Applied}. The bare model's final states of {@link #divergences} are kept on the device: 4 bytes
 * times D a token that counts.
 *
 * <p>The decoder's thread; closed by its maker, before the decoder.
 */
public final class Texts implements AutoCloseable {
  /** Tokens of a batch, padding counted. */
  private static final int ROOM = 4096;

  private final Decoder decoder;
  private final int size;
  private final List<Batch> batches = new ArrayList<>();

  /** Some texts as a rectangle; {@code owner} says whose each position is. */
  private record Batch(TokenReading reading, int rows, long[] target, int[] owner) {}

  private interface Reader {
    double[] read(
        Batch batch,
        dev.plumbline.torch.runtime.Edits edits,
        dev.plumbline.torch.runtime.AdapterBank.Worn worn);
  }

  public Texts(Decoder decoder, List<ScoredText> texts) {
    Check.that(!texts.isEmpty(), "texts", "1 or more", 0, "give some");
    this.decoder = decoder;
    this.size = texts.size();
    List<Integer> order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingInt(i -> texts.get(i).size()))
            .toList();
    int from = 0;
    for (int to = 1; to <= size; to++) {
      if (to == size || (to + 1 - from) * texts.get(order.get(to)).size() > ROOM) {
        batches.add(batch(texts, order.subList(from, to)));
        from = to;
      }
    }
  }

  private Batch batch(List<ScoredText> texts, List<Integer> rows) {
    int longest = texts.get(rows.get(rows.size() - 1)).size();
    long[][] tokens = new long[rows.size()][];
    int total = rows.stream().mapToInt(row -> texts.get(row).predicted().length).sum();
    long[] index = new long[total];
    long[] target = new long[total];
    int[] owner = new int[total];
    int m = 0;
    for (int b = 0; b < tokens.length; b++) {
      ScoredText text = texts.get(rows.get(b));
      tokens[b] = Arrays.copyOf(text.ids(), longest);
      for (int position : text.predicted()) {
        index[m] = (long) b * longest + position - 1;
        target[m] = text.ids()[position];
        owner[m++] = rows.get(b);
      }
    }
    return new Batch(decoder.read(tokens, index), tokens.length, target, owner);
  }

  /** N. */
  public int size() {
    return size;
  }

  /** Cross-entropy of the tokens that count, in nats, under what is applied. */
  public PerText losses(Applied applied) {
    return sums(applied, (batch, edits, worn) -> batch.reading.losses(batch.target, edits, worn));
  }

  /** KL(bare model ‖ what is applied) of what is expected at those tokens, in nats. */
  public PerText divergences(Applied applied) {
    return sums(applied, (batch, edits, worn) -> batch.reading.divergences(edits, worn));
  }

  private PerText sums(Applied applied, Reader reader) {
    double[] sums = new double[size];
    long[] counts = new long[size];
    for (Batch batch : batches) {
      applied.to(
          decoder,
          batch.rows,
          (edits, worn) -> {
            double[] values = reader.read(batch, edits, worn);
            for (int m = 0; m < values.length; m++) {
              requireFinite(values[m], batch.owner[m]);
              sums[batch.owner[m]] += values[m];
              counts[batch.owner[m]]++;
            }
          });
    }
    return new PerText(sums, counts);
  }

  private void requireFinite(double value, int text) {
    Check.that(
        Double.isFinite(value),
        "a token's loss in text " + (text + 1) + " of " + size,
        "a finite number",
        value,
        "check the weights, or read in float32");
  }

  @Override
  public void close() {
    batches.forEach(batch -> batch.reading.close());
  }
}
