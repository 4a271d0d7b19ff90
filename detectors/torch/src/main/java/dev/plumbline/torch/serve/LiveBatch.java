package dev.plumbline.torch.serve;

import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.Watch;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that are being generated now, their cache and what is compiled for them. Rows join with
 * their own prefill, right edges aligned, and leave when enough of them have ended.
 *
 * <p>Engine thread only.
 */
final class LiveBatch implements AutoCloseable {
  private final Decoder decoder;
  private final Watch watch;
  private final List<Row> rows = new ArrayList<>();
  private KvCache cache;
  private Edits edits;
  private AdapterBank.Worn worn;

  LiveBatch(Decoder decoder, Watch watch) {
    this.decoder = decoder;
    this.watch = watch;
  }

  int size() {
    return rows.size();
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  List<Row> rows() {
    return rows;
  }

  /** Columns in use, padding included. */
  int columns() {
    return cache == null ? 0 : cache.used();
  }

  /** Reads the prompts of new rows in one pass and draws their first tokens. */
  void admit(List<Row> fresh) {
    int longest = fresh.stream().mapToInt(row -> row.prompt().length).max().orElseThrow();
    long[] pad = fresh.stream().mapToLong(row -> longest - row.prompt().length).toArray();
    LiveBatch joining = new LiveBatch(decoder, watch);
    joining.rows.addAll(fresh);
    joining.cache = decoder.cache(pad, longest + 1);
    try (joining) {
      joining.compile();
      joining.advance(prompts(fresh, longest), Decoder.Logits.LAST, false);
      KvCache prefilled = joining.cache;
      joining.cache = null;
      if (cache == null) {
        cache = prefilled;
      } else {
        cache.join(prefilled);
      }
    }
    rows.addAll(fresh);
    compile();
  }

  private static long[][] prompts(List<Row> rows, int longest) {
    long[][] tokens = new long[rows.size()][longest];
    for (int i = 0; i < tokens.length; i++) {
      long[] prompt = rows.get(i).prompt();
      System.arraycopy(prompt, 0, tokens[i], longest - prompt.length, prompt.length);
    }
    return tokens;
  }

  /** One token further for every row. */
  void step() {
    long[][] tokens = new long[rows.size()][];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = new long[] {rows.get(i).token()};
    }
    advance(tokens, Decoder.Logits.LAST, true);
  }

  private void advance(long[][] tokens, Decoder.Logits logits, boolean answer) {
    try (Pass pass = decoder.forward(tokens, cache, watch, edits, worn, logits)) {
      if (edits != null) {
        receipts(pass);
      }
      double[] all = watch == null ? null : pass.readouts();
      if (answer && all != null) {
        readouts(all);
      }
      long[] drawn = pass.sample(samplings(), draws());
      if (!answer) {
        rows.stream().filter(row -> !row.isShadow()).forEach(Row::started);
        if (all != null) {
          prompted(all, pass.columns());
        }
      }
      take(drawn);
    }
  }

  private void receipts(Pass pass) {
    float[] removed = pass.removed();
    float[] largest = pass.largest();
    int columns = pass.columns();
    long[] pad = cache.pad();
    for (int i = 0; i < rows.size(); i++) {
      int first = cache.used() - columns - (int) pad[i];
      for (int t = Math.max(0, -first); t < columns; t++) {
        int at = i * columns + t;
        rows.get(i).touched(first + t, removed[at], largest[at]);
      }
    }
  }

  /** Rows end together, so the last column is each row's last prompt token. */
  private void prompted(double[] all, int columns) {
    int k = watch.readouts();
    double[] last = new double[rows.size() * k];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(all, ((i + 1) * columns - 1) * k, last, i * k, k);
    }
    hand(last, Row::prompted);
  }

  private void readouts(double[] all) {
    hand(all, Row::readouts);
  }

  /** Gives each answer its row's readouts {@code [K]} and its reference's. */
  private void hand(double[] all, Taker taker) {
    int k = watch.readouts();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (!row.isShadow() && !row.finished()) {
        double[] serving = java.util.Arrays.copyOfRange(all, i * k, (i + 1) * k);
        int other = i + 1;
        taker.take(
            row,
            serving,
            row.hasReference()
                ? java.util.Arrays.copyOfRange(all, other * k, (other + 1) * k)
                : serving);
      }
    }
  }

  /** What a row does with readouts. */
  @FunctionalInterface
  private interface Taker {
    void take(Row row, double[] serving, double[] reference);
  }

  private void take(long[] drawn) {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (row.isShadow()) {
        row.follow(rows.get(i - 1));
      } else if (!row.finished()) {
        row.take(drawn[i]);
      }
    }
  }

  private Sampling[] samplings() {
    return rows.stream().map(Row::sampling).toArray(Sampling[]::new);
  }

  private double[] draws() {
    return rows.stream().mapToDouble(Row::draw).toArray();
  }

  /** Lets ended rows go once they are a quarter of the batch, or at once when asked. */
  void release(boolean now) {
    long ended = rows.stream().filter(Row::finished).count();
    if (ended == rows.size()) {
      clear();
    } else if (ended > 0 && (now || 4 * ended >= rows.size())) {
      int[] kept =
          java.util.stream.IntStream.range(0, rows.size())
              .filter(i -> !rows.get(i).finished())
              .toArray();
      cache.keep(kept);
      rows.removeIf(Row::finished);
      compile();
    }
  }

  private void compile() {
    drop();
    boolean edited = rows.stream().anyMatch(row -> !row.plan().isEmpty());
    edits = edited ? decoder.edits(rows.stream().map(Row::plan).toList()) : null;
    worn = decoder.adapters().worn(rows.stream().map(Row::adapter).toList());
  }

  private void drop() {
    if (edits != null) {
      edits.close();
      edits = null;
    }
    if (worn != null) {
      worn.close();
      worn = null;
    }
  }

  /** Forgets everything, on an end or a failure. */
  void clear() {
    drop();
    rows.clear();
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }

  @Override
  public void close() {
    drop();
    if (cache != null) {
      cache.close();
    }
  }
}
