package dev.plumbline.learn.sample;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Edits;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Sampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Generates a batch of answers from its begin to its end: the same batch gives the same answers,
 * which a continuous batch, whose make-up depends on timing, gives only up to rounding. Rows that
 * have ended leave the batch once they are a quarter of it.
 *
 * <p>Uses the decoder on the caller's thread, does not own it.
 */
public final class BatchGenerator {
  private final Decoder decoder;
  private final Set<Long> stops;
  private final int maxTokens;

  /**
   * @param stops tokens that end an answer and do not belong to it
   * @param maxTokens the most tokens of an answer
   */
  public BatchGenerator(Decoder decoder, Set<Long> stops, int maxTokens) {
    this.decoder = decoder;
    this.stops = Set.copyOf(stops);
    this.maxTokens = maxTokens;
    Check.that(maxTokens > 0, "max tokens", "1 or more", maxTokens, "raise it");
  }

  /**
   * An answer's beginning.
   *
   * @param prompt up to and with the header of the answer; read, not kept
   */
  public record Job(long[] prompt, Sampling sampling) {}

  /**
   * An answer.
   *
   * @param ids without the token that ended it
   * @param stopped whether it ended by itself
   * @param receipt what the intervention did to its states
   */
  public record Generated(long[] ids, boolean stopped, Receipt receipt) {}

  /**
   * The answers of one batch, in the order of the jobs. Where the model has too few positions for
   * the longest prompt and the most tokens, all answers of the batch are cut earlier.
   */
  public List<Generated> run(List<Job> jobs, Optional<String> adapter, InterventionPlan plan) {
    int longest = jobs.stream().mapToInt(job -> job.prompt().length).max().orElseThrow();
    int room = decoder.positions() - longest;
    Check.that(
        room > 0,
        "prompt",
        "fewer than the model's " + decoder.positions() + " positions",
        longest + " tokens",
        "shorten the question or leave it out");
    int most = Math.min(maxTokens, room);
    List<Row> rows = jobs.stream().map(job -> new Row(job, most)).toList();
    long[] pad = rows.stream().mapToLong(row -> longest - row.prompt.length).toArray();
    List<Row> live = new ArrayList<>(rows);
    try (KvCache cache = decoder.cache(pad, longest + 1)) {
      step(live, prompts(rows, longest), cache, adapter, plan);
      while (!live.isEmpty()) {
        long[][] tokens = live.stream().map(row -> new long[] {row.last}).toArray(long[][]::new);
        step(live, tokens, cache, adapter, plan);
      }
    }
    return rows.stream().map(Row::generated).toList();
  }

  private static long[][] prompts(List<Row> rows, int longest) {
    long[][] tokens = new long[rows.size()][longest];
    for (int i = 0; i < tokens.length; i++) {
      long[] prompt = rows.get(i).prompt;
      System.arraycopy(prompt, 0, tokens[i], longest - prompt.length, prompt.length);
    }
    return tokens;
  }

  private void step(
      List<Row> live,
      long[][] tokens,
      KvCache cache,
      Optional<String> adapter,
      InterventionPlan plan) {
    int b = live.size();
    try (Edits edits = plan.isEmpty() ? null : decoder.edits(Collections.nCopies(b, plan));
        AdapterBank.Worn worn =
            adapter.isEmpty() ? null : decoder.adapters().worn(Collections.nCopies(b, adapter));
        Pass pass = decoder.forward(tokens, cache, null, edits, worn, Decoder.Logits.LAST)) {
      if (edits != null) {
        receipts(live, pass, cache, plan);
      }
      Sampling[] sampling = live.stream().map(row -> row.sampling).toArray(Sampling[]::new);
      double[] u = live.stream().mapToDouble(row -> row.random.nextDouble()).toArray();
      long[] drawn = pass.sample(sampling, u);
      for (int i = 0; i < b; i++) {
        live.get(i).take(drawn[i]);
      }
    }
    release(live, cache);
  }

  private static void receipts(List<Row> live, Pass pass, KvCache cache, InterventionPlan plan) {
    float[] removed = pass.removed();
    float[] largest = pass.largest();
    int columns = pass.columns();
    long[] pad = cache.pad();
    for (int i = 0; i < live.size(); i++) {
      int first = cache.used() - columns - (int) pad[i];
      for (int t = Math.max(0, -first); t < columns; t++) {
        int at = i * columns + t;
        live.get(i).touched(plan, first + t, removed[at], largest[at]);
      }
    }
  }

  private void release(List<Row> live, KvCache cache) {
    long ended = live.stream().filter(row -> row.ended).count();
    if (ended < live.size() && 4 * ended >= live.size()) {
      cache.keep(IntStream.range(0, live.size()).filter(i -> !live.get(i).ended).toArray());
    }
    if (4 * ended >= live.size()) {
      live.removeIf(row -> row.ended);
    }
  }

  /** An answer in the making. */
  private final class Row {
    private final long[] prompt;
    private final int most;
    private final Sampling sampling;
    private final SplittableRandom random;
    private final LongStream.Builder ids = LongStream.builder();
    private Receipt receipt = Receipt.NONE;
    private long last;
    private int count;
    private boolean ended;
    private boolean stopped;

    Row(Job job, int most) {
      Check.that(job.prompt().length > 0, "prompt", "1 or more tokens", 0, "ask something");
      this.most = most;
      this.prompt = job.prompt();
      this.sampling = job.sampling();
      this.random = new SplittableRandom(job.sampling().seed());
    }

    void take(long drawn) {
      last = drawn;
      if (ended) {
        return;
      }
      if (stops.contains(drawn)) {
        stopped = true;
        ended = true;
        return;
      }
      ids.add(drawn);
      count++;
      ended = count >= most;
    }

    void touched(InterventionPlan plan, int position, double removed, double largest) {
      if (!ended && plan.range().contains(position)) {
        receipt = receipt.merge(new Receipt(plan.interventions().size(), removed, largest));
      }
    }

    Generated generated() {
      return new Generated(ids.build().toArray(), stopped, receipt);
    }
  }
}
