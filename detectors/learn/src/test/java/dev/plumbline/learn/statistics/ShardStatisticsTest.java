package dev.plumbline.learn.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.core.stats.Moments;
import dev.plumbline.learn.direction.Weighting;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardStatisticsTest {
  private static final int D = 24;
  private static final int N = 900;
  private static final Cell CELL = new Cell("positive", TapPoint.residPost(1), Weighting.TOKENS);
  private static final float[] ROWS = rows();

  @TempDir private Path folder;

  @Test
  void merge_anyShardingAndArrival_equalsOnePassTo1e12Frobenius() {
    double[][] once = covariance(shard("all", 0, N));
    for (int shards : new int[] {2, 7, 90}) {
      List<ShardStatistics> parts = parts(shards);
      ShardStatistics merged = ShardStatistics.merge(parts);
      assertThat(merged.shards()).hasSize(shards);
      assertThat(distance(covariance(merged), once)).isLessThan(1e-12);
      Collections.shuffle(parts, new Random(shards));
      assertThat(StatisticsFile.bytes(ShardStatistics.merge(parts)))
          .isEqualTo(StatisticsFile.bytes(merged));
    }
  }

  @Test
  void merge_shardTwice_isRefused() {
    List<ShardStatistics> parts = parts(3);
    ShardStatistics two = ShardStatistics.merge(parts.subList(0, 2));
    assertThatThrownBy(() -> ShardStatistics.merge(List.of(two, parts.get(1))))
        .hasMessageContaining("'shard-001' twice");
  }

  @Test
  void merge_parts_leavesThemAsTheyWere() {
    List<ShardStatistics> parts = parts(3);
    byte[] before = StatisticsFile.bytes(parts.get(0));
    ShardStatistics.merge(parts);
    assertThat(StatisticsFile.bytes(parts.get(0))).isEqualTo(before);
  }

  @Test
  void file_writtenAndRead_isTheSame() {
    ShardStatistics written = ShardStatistics.merge(parts(3));
    Path file = folder.resolve("all.moments");
    StatisticsFile.write(written, file);
    assertThat(StatisticsFile.bytes(StatisticsFile.read(file)))
        .isEqualTo(StatisticsFile.bytes(written));
    assertThat(StatisticsFile.read(file).shards()).isEqualTo(written.shards());
  }

  @Test
  void file_anyBitChangedOrCut_isRefused() {
    byte[] good = StatisticsFile.bytes(shard("one", 0, 50));
    for (int at = 0; at < good.length; at += 7) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      assertThatThrownBy(() -> StatisticsFile.of(bad)).isInstanceOf(BadFileException.class);
    }
    byte[] cut = Arrays.copyOf(good, good.length - 40);
    assertThatThrownBy(() -> StatisticsFile.of(cut)).isInstanceOf(BadFileException.class);
  }

  private static List<ShardStatistics> parts(int shards) {
    List<ShardStatistics> parts = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      parts.add(shard(String.format("shard-%03d", s), N * s / shards, N * (s + 1) / shards));
    }
    return parts;
  }

  private static ShardStatistics shard(String id, int from, int to) {
    Moments moments = Moments.of(D, true);
    moments.add(ROWS, from * D, to - from);
    return ShardStatistics.of(List.of(id), Map.of(CELL, moments));
  }

  private static double[][] covariance(ShardStatistics statistics) {
    return ((CovarianceAccumulator) statistics.at(CELL)).covariance();
  }

  private static double distance(double[][] a, double[][] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < D; i++) {
      for (int j = 0; j < D; j++) {
        difference += (a[i][j] - b[i][j]) * (a[i][j] - b[i][j]);
        size += b[i][j] * b[i][j];
      }
    }
    return Math.sqrt(difference / size);
  }

  private static float[] rows() {
    Random random = new Random(12);
    float[] rows = new float[N * D];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = (float) (random.nextGaussian() * (1 + k % 3) + (k % D == 5 ? 300 : 2));
    }
    return rows;
  }
}
