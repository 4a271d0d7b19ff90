package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.AdapterBank;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.KvCache;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Watch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads whole answers through a decoder and sums up their hidden states in double.
 *
 * <p>Mask: the state <em>at</em> each answer token, which is that pass's input there; no token of
 * the prompt, its template or the end of turn. All answer tokens are read, the last one too: these
 * texts are complete. (While serving, the last sampled token is never fed again and has no state;
 * an answer's mean then lacks that one.)
 *
 * <p>Uses the decoder, does not own it: on its thread. States leave the device batch by batch and
 * are not kept.
 */
public final class ActivationCollector implements StateReader {
  private static final int MOST_TOKENS = 4096;

  /** Floats of hidden states that one batch may bring to the host: 128 MiB. */
  private static final long STAGE_FLOATS = 1L << 25;

  private final Decoder decoder;
  private final Optional<String> adapter;
  private final Progress progress;
  private long forwarded;

  /** States of the batch and tap point that are being looked at. */
  private float[] values = new float[0];

  /** Reads with the decoder's own weights. */
  public ActivationCollector(Decoder decoder, Progress progress) {
    this(decoder, Optional.empty(), progress);
  }

  private ActivationCollector(Decoder decoder, Optional<String> adapter, Progress progress) {
    this.decoder = decoder;
    this.adapter = adapter;
    this.progress = progress;
  }

  @Override
  public ActivationCollector wearing(Optional<String> name) {
    return new ActivationCollector(decoder, name, progress);
  }

  /** L of the decoder. */
  public int layers() {
    return decoder.shape().layers();
  }

  /** The type that states are computed in. */
  Precision precision() {
    return decoder.precision();
  }

  /** D of the decoder. */
  public int hidden() {
    return decoder.shape().hidden();
  }

  /**
   * Tokens that this collector sent through the decoder so far, padding counted; less than the
   * texts have, where answers share a prompt.
   */
  public long forwarded() {
    return forwarded;
  }

  /** Tokens of a batch, padding counted, when whole states are read at so many tap points. */
  public static int room(int points, int hidden) {
    return (int) Math.max(1, Math.min(MOST_TOKENS, STAGE_FLOATS / ((long) points * hidden)));
  }

  /** Means and spreads of all answers' tokens at each tap point. */
  public Map<TapPoint, StateMeans> means(List<Answer> answers, List<TapPoint> points) {
    Map<TapPoint, StateMeans> means = new TreeMap<>();
    points.forEach(point -> means.put(point, new StateMeans(hidden())));
    visit(answers, points, (point, row, states) -> sum(states, means.get(point)));
    return means;
  }

  private void sum(States states, StateMeans into) {
    float[] token = new float[hidden()];
    for (int t = 0; t < states.count(); t++) {
      System.arraycopy(states.values(), states.at(t), token, 0, token.length);
      into.tokens().add(token);
    }
    into.answers().add(states.mean());
  }

  @Override
  public AnswerFeatures features(List<Answer> answers, List<TapPoint> points) {
    AnswerFeatures features = new AnswerFeatures(points, answers.size());
    visit(
        answers,
        points,
        (point, row, states) -> {
          double[] mean = states.mean();
          float[] narrow = new float[mean.length];
          for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) mean[i];
          }
          features.set(point, row, narrow);
        });
    return features;
  }

  @Override
  public List<double[][]> readouts(List<Answer> answers, List<Readout> readouts) {
    List<double[][]> all = new ArrayList<>(Collections.nCopies(answers.size(), null));
    try (Watch watch = decoder.watch(List.of(), readouts)) {
      int room = MOST_TOKENS;
      passes(answers, room, watch, (batch, pass) -> split(answers, batch, pass, readouts, all));
    }
    return all;
  }

  private static void split(
      List<Answer> answers,
      Batches.Batch batch,
      Pass pass,
      List<Readout> readouts,
      List<double[][]> all) {
    double[] values = pass.readouts();
    int k = readouts.size();
    for (int b = 0; b < batch.rows().length; b++) {
      Answer answer = answers.get(batch.rows()[b]);
      double[][] own = new double[k][answer.length()];
      for (int t = 0; t < answer.length(); t++) {
        for (int i = 0; i < k; i++) {
          own[i][t] = values[(batch.at(b, answer) + t) * k + i];
        }
      }
      all.set(batch.rows()[b], own);
    }
  }

  /**
   * The states of one answer's tokens inside a batch's array; not to be kept.
   *
   * @param values of the whole batch, read only
   * @param from index of the first token's state {@code [D]}
   * @param count T of the answer
   * @param hidden D
   */
  public record States(float[] values, int from, int count, int hidden) {
    int at(int token) {
      return from + token * hidden;
    }

    /** Their mean {@code [D]}, a new array. */
    public double[] mean() {
      double[] mean = new double[hidden];
      for (int t = 0; t < count; t++) {
        for (int i = 0; i < hidden; i++) {
          mean[i] += values[at(t) + i];
        }
      }
      for (int i = 0; i < hidden; i++) {
        mean[i] /= count;
      }
      return mean;
    }
  }

  /** Is shown every answer's states at every tap point. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param row index of the answer
     */
    void visit(TapPoint point, int row, States states);
  }

  /**
   * Shows the states of all answers, batch by batch, answers of like length together.
   *
   * @throws IllegalArgumentException naming the answer, if a state is NaN or infinite
   */
  public void visit(List<Answer> answers, List<TapPoint> points, Visitor visitor) {
    int room = room(points.size(), hidden());
    try (Watch watch = decoder.watch(points, List.of())) {
      passes(
          answers,
          room,
          watch,
          (batch, pass) -> points.forEach(p -> visit(answers, batch, pass, p, visitor)));
    }
  }

  private void visit(
      List<Answer> answers, Batches.Batch batch, Pass pass, TapPoint point, Visitor visitor) {
    values = pass.states(point, values);
    for (int b = 0; b < batch.rows().length; b++) {
      Answer answer = answers.get(batch.rows()[b]);
      int from = batch.at(b, answer) * hidden();
      States states = new States(values, from, answer.length(), hidden());
      requireFinite(states, answer, point);
      visitor.visit(point, batch.rows()[b], states);
    }
  }

  /** A sum of finite floats in double is finite, and of others is not: D checks, not T·D. */
  private static void requireFinite(States states, Answer answer, TapPoint point) {
    for (double each : states.mean()) {
      Check.that(
          Double.isFinite(each),
          "hidden states at "
              + point
              + " of the answer of "
              + answer.model()
              + " to '"
              + answer.prompt()
              + "'",
          "finite numbers",
          each,
          "leave the answer out, or read in float32");
    }
  }

  private interface Reader {
    void read(Batches.Batch batch, Pass pass);
  }

  private void passes(List<Answer> answers, int room, Watch watch, Reader reader) {
    String task = "reading" + adapter.map(name -> " through " + name).orElse("");
    try (Progress.Task bar = progress.begin(task, answers.size())) {
      for (SharedPrompt prompt : SharedPrompt.of(answers)) {
        try (KvCache shared = read(prompt.tokens())) {
          int skipped = prompt.tokens().length;
          for (Batches.Batch batch : Batches.of(answers, prompt.rows(), skipped, room)) {
            pass(batch, shared, watch, reader);
            bar.step(batch.rows().length);
          }
        }
      }
    }
  }

  /** Keys and values of what several answers begin with; null for nothing. */
  private KvCache read(long[] tokens) {
    if (tokens.length == 0) {
      return null;
    }
    KvCache cache = decoder.cache(new long[1], tokens.length);
    long[][] row = {tokens};
    forwarded += tokens.length;
    worn(1, worn -> decoder.forward(row, cache, null, null, worn, Decoder.Logits.NONE).close());
    return cache;
  }

  private void pass(Batches.Batch batch, KvCache shared, Watch watch, Reader reader) {
    long[][] tokens = batch.tokens();
    int columns = batch.skipped() + tokens[0].length;
    forwarded += (long) tokens.length * tokens[0].length;
    worn(
        tokens.length,
        worn -> {
          try (KvCache own =
                  shared == null ? null : shared.repeated(tokens.length, batch.skipped(), columns);
              Pass pass = decoder.forward(tokens, own, watch, null, worn, Decoder.Logits.NONE)) {
            reader.read(batch, pass);
          }
        });
  }

  private void worn(int rows, Consumer<AdapterBank.Worn> use) {
    if (adapter.isEmpty()) {
      use.accept(null);
      return;
    }
    try (AdapterBank.Worn worn = decoder.adapters().worn(Collections.nCopies(rows, adapter))) {
      use.accept(worn);
    }
  }
}
