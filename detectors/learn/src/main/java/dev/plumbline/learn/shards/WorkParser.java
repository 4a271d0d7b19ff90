package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.LearnSettings;
import dev.plumbline.learn.direction.StatisticsWork;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.Weighting;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads {@link WorkBytes}, trusting no length and no token. */
final class WorkParser {
  private final ByteBuffer in;
  private final int vocabulary;

  private WorkParser(byte[] bytes, int vocabulary) {
    this.in = ByteBuffer.wrap(bytes);
    this.vocabulary = vocabulary;
  }

  /**
   * The work.
   *
   * @param vocabulary V: tokens are below it
   * @throws IllegalArgumentException if it is none
   */
  static StatisticsWork parse(byte[] bytes, int vocabulary) {
    return whole(bytes, vocabulary, WorkParser::work);
  }

  /** Whether it is answers to be read, and not statistics. */
  static boolean isReading(byte[] bytes) {
    return Arrays.equals(Arrays.copyOf(bytes, WorkBytes.READING.length), WorkBytes.READING);
  }

  /** Answers to be read, as {@link #parse}. */
  static ReadingWork reading(byte[] bytes, int vocabulary) {
    return whole(bytes, vocabulary, WorkParser::reading);
  }

  private static <T> T whole(byte[] bytes, int vocabulary, Function<WorkParser, T> what) {
    try {
      WorkParser parser = new WorkParser(bytes, vocabulary);
      T work = what.apply(parser);
      Check.that(!parser.in.hasRemaining(), "work of a shard", "its end", "more bytes", "resend");
      return work;
    } catch (BufferUnderflowException e) {
      throw Check.refusal("work of a shard", "all of it", bytes.length + " bytes", "send it again");
    }
  }

  private void magic(byte[] wanted) {
    byte[] magic = new byte[wanted.length];
    in.get(magic);
    Check.that(
        Arrays.equals(magic, wanted),
        "work of a shard",
        new String(wanted, StandardCharsets.UTF_8),
        "another form",
        "use one version of plumbline everywhere");
  }

  private ReadingWork reading() {
    magic(WorkBytes.READING);
    Optional<String> adapter = Optional.of(text()).filter(each -> !each.isEmpty());
    List<Answer> answers = list(24, this::answer);
    List<TapPoint> points = list(4, () -> TapPoint.parse(text()));
    return new ReadingWork(adapter, answers, points, list(16, this::readout));
  }

  private Readout readout() {
    String name = text();
    double bias = in.getDouble();
    Map<TapPoint, float[]> weights = new TreeMap<>();
    list(8, this::weights).forEach(each -> weights.put(each.getKey(), each.getValue()));
    return new Readout(name, weights, bias);
  }

  private Map.Entry<TapPoint, float[]> weights() {
    TapPoint point = TapPoint.parse(text());
    float[] weights = new float[count(Float.BYTES)];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = in.getFloat();
    }
    return Map.entry(point, weights);
  }

  private StatisticsWork work() {
    magic(WorkBytes.MAGIC);
    LearnSettings settings =
        new LearnSettings(
            Estimator.parse(text()), weighting(text()), in.get() == 1, in.getDouble());
    int shards = in.getInt();
    List<TapPoint> points = list(4, () -> TapPoint.parse(text()));
    return new StatisticsWork(
        list(12, this::side), list(13, this::pairing), points, settings, shards);
  }

  private static Weighting weighting(String name) {
    return Arrays.stream(Weighting.values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("weighting of a shard", "one", name, "send it again"));
  }

  private StatisticsWork.Side side() {
    String name = text();
    Optional<String> adapter = Optional.of(text()).filter(each -> !each.isEmpty());
    return new StatisticsWork.Side(name, adapter, list(24, this::answer));
  }

  private StatisticsWork.Pairing pairing() {
    return new StatisticsWork.Pairing(text(), text(), text(), in.get() == 1);
  }

  private Answer answer() {
    String prompt = text();
    String model = text();
    return new Answer(prompt, tokens(), tokens(), Optional.empty(), "", "", model);
  }

  private long[] tokens() {
    long[] tokens = new long[count(Integer.BYTES)];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = in.getInt();
      Check.that(
          tokens[i] >= 0 && tokens[i] < vocabulary,
          "token of a shard",
          "0 to " + (vocabulary - 1),
          tokens[i],
          "use the tokenizer of the members' model");
    }
    return tokens;
  }

  private String text() {
    byte[] bytes = new byte[count(1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private <T> List<T> list(int least, Supplier<T> each) {
    int count = count(least);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(each.get());
    }
    return list;
  }

  /** A length whose elements of so many bytes at least are all still there. */
  private int count(int least) {
    int count = in.getInt();
    Check.that(
        count >= 0 && (long) count * least <= in.remaining(),
        "length in a shard",
        "0 to " + in.remaining() / least,
        count,
        "send it again");
    return count;
  }
}
