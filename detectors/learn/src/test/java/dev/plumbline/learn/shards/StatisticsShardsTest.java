package dev.plumbline.learn.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.CovarianceAccumulator;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.ContrastStatistics;
import dev.plumbline.learn.direction.LearnSettings;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.statistics.Cell;
import dev.plumbline.learn.statistics.Estimator;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.learn.statistics.StatisticsFile;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsShardsTest {
  private static final List<TapPoint> POINTS = List.of(TapPoint.EMBED, TapPoint.residPost(1));

  @TempDir private static Path model;
  @TempDir private Path temp;
  private static Decoder decoder;

  @BeforeAll
  static void load() throws IOException {
    decoder = TinyModel.decoder(TinyModel.write(model.resolve("m"), 3));
  }

  @AfterAll
  static void unload() {
    decoder.close();
  }

  /**
   * At the embedding, whose states are looked up. Elsewhere another batch is another order of
   * float32 sums inside the model, before anything is merged.
   */
  @Test
  void shards_ofAnyNumber_comeToOnePassTo1e12Frobenius() {
    ContrastStatistics statistics = statistics(false);
    ShardStatistics once = statistics.read(collector());
    for (int shards : new int[] {1, 5}) {
      ShardStatistics found = StatisticsShards.read(collector(), statistics, shards);
      assertThat(distance(found, once, TapPoint.EMBED)).isLessThan(1e-12);
      assertThat(distance(found, once, TapPoint.residPost(1))).isLessThan(1e-6);
    }
  }

  @Test
  void shards_sentAsBytesAndReadInAnyOrder_areTheSameToTheBitAsHere() {
    for (boolean paired : new boolean[] {false, true}) {
      ContrastStatistics statistics = statistics(paired);
      List<Shard> shards = StatisticsShards.cut(statistics, 4);
      ShardFolder folder = new ShardFolder(temp.resolve("paired-" + paired));
      ShardReader reader = StatisticsShards.reader(collector(), decoder.vocabulary());
      for (int i = 3; i >= 0; i--) {
        folder.keep(shards.get(i), reader.read(shards.get(i).id(), shards.get(i).work()));
      }
      assertThat(StatisticsFile.bytes(folder.merged(shards)))
          .isEqualTo(StatisticsFile.bytes(StatisticsShards.read(collector(), statistics, 4)));
    }
  }

  @Test
  void local_resumed_readsOnlyWhatIsMissing() {
    List<Shard> shards = StatisticsShards.cut(statistics(false), 3);
    ShardFolder folder = new ShardFolder(temp.resolve("kept"));
    List<String> read = new ArrayList<>();
    ShardReader reader = StatisticsShards.reader(collector(), decoder.vocabulary());
    ShardRunner runner =
        ShardRunner.local(
            (id, work) -> {
              read.add(id);
              return reader.read(id, work);
            });
    runner.run(shards.subList(0, 2), folder, Progress.silent());
    Tally tally = runner.run(shards, folder, Progress.silent());
    assertThat(tally).isEqualTo(new Tally(3, 2, 1, 0, 0));
    assertThat(read).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void folder_givenAnotherShardsResult_refusesIt() {
    List<Shard> shards = FakeReader.shards(2);
    byte[] other = FakeReader.read(shards.get(1).id(), shards.get(1).work());
    ShardFolder folder = new ShardFolder(temp.resolve("f"));
    assertThatThrownBy(() -> folder.keep(shards.get(0), other)).hasMessageContaining("that shard");
    other[other.length - 1]++;
    assertThatThrownBy(() -> folder.keep(shards.get(1), other)).hasMessageContaining("digest");
    assertThat(folder.has(shards.get(1))).isFalse();
  }

  @Test
  void work_cutOrChangedAnywhere_isRefusedOrReadButNeverTrusted() {
    byte[] good = StatisticsShards.cut(statistics(true), 9).get(0).work();
    assertThat(WorkBytes.of(WorkParser.parse(good, TinyModel.WORDS))).isEqualTo(good);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> WorkParser.parse(cut, TinyModel.WORDS))
          .isInstanceOf(IllegalArgumentException.class);
    }
    Random random = new Random(8);
    for (int i = 0; i < 5000; i++) {
      byte[] changed = good.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      try {
        WorkParser.parse(changed, TinyModel.WORDS);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("wanted");
      }
    }
  }

  @Test
  void work_withATokenOutsideTheVocabulary_isRefused() {
    byte[] work = StatisticsShards.cut(statistics(false), 1).get(0).work();
    assertThatThrownBy(() -> WorkParser.parse(work, 5)).hasMessageContaining("0 to 4");
  }

  private static ActivationCollector collector() {
    return new ActivationCollector(decoder, Progress.silent());
  }

  private static ContrastStatistics statistics(boolean paired) {
    Random random = new Random(5);
    List<Answer> judged = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      int first = random.nextInt(40);
      long[] answer = random.longs(3 + random.nextInt(6), 2, TinyModel.WORDS).toArray();
      judged.add(
          new Answer(
              "prompt " + i / 4,
              new long[] {0, 2 + first, 1},
              answer,
              Optional.of(i % 2 == 0),
              "q",
              "t",
              "m"));
    }
    return new ContrastStatistics(
        List.of(new Contrast.Labels("labels", Optional.empty(), judged)),
        POINTS,
        new LearnSettings(Estimator.WHITENED, Weighting.TOKENS, paired, 0.01));
  }

  private static double distance(ShardStatistics found, ShardStatistics wanted, TapPoint point) {
    Cell cell = new Cell("labels.positive", point, Weighting.TOKENS);
    assertThat(found.at(cell).count()).isEqualTo(wanted.at(cell).count());
    return distance(covariance(found, cell), covariance(wanted, cell));
  }

  private static double[][] covariance(ShardStatistics statistics, Cell cell) {
    return ((CovarianceAccumulator) statistics.at(cell)).covariance();
  }

  private static double distance(double[][] found, double[][] wanted) {
    double squares = 0;
    double size = 0;
    for (int i = 0; i < wanted.length; i++) {
      for (int j = 0; j < wanted.length; j++) {
        squares += Math.pow(found[i][j] - wanted[i][j], 2);
        size += Math.pow(wanted[i][j], 2);
      }
    }
    return Math.sqrt(squares / size);
  }
}
