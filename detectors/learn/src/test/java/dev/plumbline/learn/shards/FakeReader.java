package dev.plumbline.learn.shards;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import dev.plumbline.learn.statistics.Weighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Shards of a seed each, and what they come to, without a model. */
final class FakeReader {
  static final int HIDDEN = 8;
  private static final int ROWS = 50;

  private FakeReader() {}

  static ModelCard card(String weights) {
    return new ModelCard(weights, "t", "float32", Map.of(), new Machine("cpu", 1, "2.7.1"));
  }

  static List<Shard> shards(int count) {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(new Shard(i, count, new byte[] {(byte) i}));
    }
    return shards;
  }

  static byte[] read(String id, byte[] work) {
    Random random = new Random(work[0]);
    Moments moments = Moments.of(HIDDEN, true);
    for (int row = 0; row < ROWS; row++) {
      double[] vector = random.doubles(HIDDEN, -1, 1).toArray();
      moments.add(vector);
    }
    Cell cell = new Cell("all", TapPoint.residPost(0), Weighting.TOKENS);
    return StatisticsFile.bytes(ShardStatistics.of(List.of(id), Map.of(cell, moments)));
  }
}
