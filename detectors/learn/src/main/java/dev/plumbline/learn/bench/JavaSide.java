package dev.plumbline.learn.bench;

import ai.djl.Device;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.MeanAccumulator;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.GroupedProbe;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** This project's side. Uses the decoder, which is its maker's. */
final class JavaSide implements Side {
  private final BenchData data;
  private final Decoder decoder;

  /**
   * @param decoder that reads the answers; null where there are synthetic states only
   */
  JavaSide(BenchData data, Decoder decoder) {
    this.data = data;
    this.decoder = decoder;
  }

  @Override
  public SideRun run(Part part, int answers) {
    ResidentSize.reset();
    return part == Part.ANSWERS ? answers(answers) : synthetic(answers);
  }

  /** The layer at which covariances and the probe's features are taken. */
  static int tap(Decoder decoder) {
    return decoder.shape().layers() / 2;
  }

  private SideRun answers(int n) {
    int width = decoder.shape().hidden();
    List<Answer> answers = data.answers().subList(0, n);
    List<TapPoint> points =
        IntStream.range(0, decoder.shape().layers()).mapToObj(TapPoint::residPost).toList();
    TapPoint tap = points.get(tap(decoder));
    List<MeanAccumulator[]> means = new ArrayList<>();
    points.forEach(
        point ->
            means.add(
                new MeanAccumulator[] {new MeanAccumulator(width), new MeanAccumulator(width)}));
    float[] features = new float[data.probed(n) * width];
    ActivationCollector collector = new ActivationCollector(decoder, Progress.silent());
    Clock clock = new Clock();
    try (ClassMoments full = ClassMoments.of(width, Device.cpu())) {
      collector.visit(
          answers,
          points,
          (point, row, states) -> {
            boolean worse = answers.get(row).label();
            means.get(point.layer())[worse ? 1 : 0].add(
                states.values(), states.from(), states.count());
            if (point.equals(tap)) {
              full.add(worse, states.values(), states.from(), states.count());
              mean(states.values(), states.from(), states.count(), features, row, width);
            }
          });
      double collected = clock.lap();
      double[][] directions = new double[points.size() + 2][];
      for (int p = 0; p < points.size(); p++) {
        directions[p] = minus(means.get(p)[1].mean(), means.get(p)[0].mean());
        means.get(p)[0].spread();
      }
      directions[points.size()] = full.whitened(BenchData.RIDGE);
      double estimated = clock.lap();
      GroupedProbe probe = probe(Part.ANSWERS, n, features);
      directions[points.size() + 1] = probe.weights();
      long states = points.size() * answers.stream().mapToLong(Answer::length).sum();
      return new SideRun(
          collected,
          estimated,
          clock.lap(),
          states,
          collector.forwarded(),
          ResidentSize.peakMib(),
          probe.ridge(),
          directions);
    }
  }

  private SideRun synthetic(int n) {
    int width = data.width();
    int values = BenchData.TOKENS * width;
    float[] features = new float[data.probed(n) * width];
    float[] block = new float[BenchData.BLOCK * values];
    byte[] bytes = new byte[4 * block.length];
    MeanAccumulator[] means = {new MeanAccumulator(width), new MeanAccumulator(width)};
    Clock clock = new Clock();
    try (ClassMoments full = ClassMoments.of(width, Device.cpu());
        InputStream in = Files.newInputStream(data.states())) {
      for (int at = 0; at < n; at += BenchData.BLOCK) {
        int some = Math.min(BenchData.BLOCK, n - at);
        in.readNBytes(bytes, 0, 4 * some * values);
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .get(block, 0, some * values);
        for (int i = 0; i < some; i++) {
          boolean worse = data.label(Part.SYNTHETIC, at + i);
          full.add(worse, block, i * values, BenchData.TOKENS);
          means[worse ? 1 : 0].add(block, i * values, BenchData.TOKENS);
          mean(block, i * values, BenchData.TOKENS, features, at + i, width);
        }
      }
      double collected = clock.lap();
      double[] whitened = full.whitened(BenchData.RIDGE);
      double[] difference = minus(means[1].mean(), means[0].mean());
      double estimated = clock.lap();
      GroupedProbe probe = probe(Part.SYNTHETIC, n, features);
      double[][] directions = {difference, whitened, probe.weights()};
      return new SideRun(
          collected,
          estimated,
          clock.lap(),
          (long) n * BenchData.TOKENS,
          0,
          ResidentSize.peakMib(),
          probe.ridge(),
          directions);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + data.states(), e);
    }
  }

  private GroupedProbe probe(Part part, int n, float[] features) {
    return GroupedProbe.fit(
        Device.cpu(),
        features,
        data.labels(part, data.probed(n)),
        data.folds(part, n),
        BenchData.RIDGES);
  }

  /** The mean of rows, as row {@code n} of the features; beyond those, nothing. */
  private static void mean(float[] values, int from, int rows, float[] into, int n, int width) {
    if ((n + 1) * width > into.length) {
      return;
    }
    double[] sum = new double[width];
    for (int r = 0; r < rows; r++) {
      int at = from + r * width;
      for (int i = 0; i < width; i++) {
        sum[i] += values[at + i];
      }
    }
    for (int i = 0; i < width; i++) {
      into[n * width + i] = (float) (sum[i] / rows);
    }
  }

  private static double[] minus(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] -= b[i];
    }
    return a;
  }

  /** Seconds between laps. */
  private static final class Clock {
    private long begin = System.nanoTime();

    double lap() {
      long now = System.nanoTime();
      double seconds = (now - begin) * 1e-9;
      begin = now;
      return seconds;
    }
  }

  @Override
  public void close() {
    // The decoder is its maker's.
  }
}
