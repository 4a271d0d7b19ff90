package dev.plumbline.learn.bench;

import ai.djl.Device;
import dev.plumbline.core.residual.TapPoint;
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

  /** The layer at which covariances and the probe's features are taken. */
  static int tap(Decoder decoder) {
    return decoder.shape().layers() / 2;
  }

  @Override
  public SideRun run(Part part, int n) {
    boolean real = part == Part.ANSWERS;
    int width = real ? decoder.shape().hidden() : data.width();
    int points = real ? decoder.shape().layers() : 1;
    ResidentSize.reset();
    Clock clock = new Clock();
    try (Sums sums = new Sums(width, points, real ? tap(decoder) : 0, data.probed(n))) {
      long forwarded = real ? read(n, sums) : load(n, sums);
      sums.settle();
      double collected = clock.lap();
      double[][] directions = sums.directions(BenchData.RIDGE);
      double estimated = clock.lap();
      GroupedProbe probe = probe(part, n, sums.features());
      directions[points + 1] = probe.weights();
      double fitted = clock.lap();
      double peak = ResidentSize.peakMib();
      return new SideRun(
          collected, estimated, fitted, sums.states(), forwarded, peak, probe.ridge(), directions);
    }
  }

  /** Reads the first n answers after every block; the tokens that went through the model. */
  private long read(int n, Sums sums) {
    List<Answer> answers = data.answers().subList(0, n);
    List<TapPoint> points =
        IntStream.range(0, decoder.shape().layers()).mapToObj(TapPoint::residPost).toList();
    ActivationCollector collector = new ActivationCollector(decoder, Progress.silent());
    collector.visit(
        answers,
        points,
        (point, row, states) ->
            sums.add(
                point.layer(),
                row,
                answers.get(row).label(),
                states.values(),
                states.from(),
                states.count()));
    return collector.forwarded();
  }

  /** Takes the first n synthetic answers from the file, some at a time. */
  private long load(int n, Sums sums) {
    int values = BenchData.TOKENS * data.width();
    float[] block = new float[BenchData.BLOCK * values];
    byte[] bytes = new byte[4 * block.length];
    try (InputStream in = Files.newInputStream(data.states())) {
      for (int at = 0; at < n; at += BenchData.BLOCK) {
        int some = Math.min(BenchData.BLOCK, n - at);
        in.readNBytes(bytes, 0, 4 * some * values);
        ByteBuffer little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        little.asFloatBuffer().get(block, 0, some * values);
        for (int i = 0; i < some; i++) {
          boolean worse = data.label(Part.SYNTHETIC, at + i);
          sums.add(0, at + i, worse, block, i * values, BenchData.TOKENS);
        }
      }
      return 0;
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
