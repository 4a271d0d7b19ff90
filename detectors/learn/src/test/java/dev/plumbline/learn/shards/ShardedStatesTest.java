package dev.plumbline.learn.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedStatesTest {
  private static final List<TapPoint> POINTS = List.of(TapPoint.EMBED, TapPoint.residPost(1));
  private static final Readout READOUT =
      new Readout(
          "two places",
          Map.of(
              TapPoint.EMBED,
              RandomDirection.unit(16, 1).components(),
              TapPoint.residPost(0),
              RandomDirection.unit(16, 2).components()),
          0.25);

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

  private static ActivationCollector here() {
    return new ActivationCollector(decoder, Progress.silent());
  }

  private ShardedStates sharded(String name, int shards) {
    ShardRunner runner = ShardRunner.local(StatisticsShards.reader(here(), decoder.vocabulary()));
    return new ShardedStates(runner, 16, shards, temp.resolve(name), Progress.silent());
  }

  private static List<Answer> answers(int count) {
    Random random = new Random(5);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long[] said = random.longs(2 + random.nextInt(5), 3, 40).toArray();
      long[] asked = {3, 4 + i / 2};
      answers.add(new Answer("p" + i / 2, asked, said, Optional.empty(), "", "", "m"));
    }
    return answers;
  }

  @Test
  void readings_inOneShard_areTheCollectorsToTheBit() {
    List<Answer> answers = answers(9);
    ShardedStates states = sharded("one", 1);

    assertThat(states.features(answers, POINTS).at(POINTS))
        .isDeepEqualTo(here().features(answers, POINTS).at(POINTS));
    assertThat(states.readouts(answers, List.of(READOUT, READOUT)))
        .usingRecursiveComparison()
        .isEqualTo(here().readouts(answers, List.of(READOUT, READOUT)));
    assertThat(states.sections().get(0).rows().get(0))
        .containsExactly("shards, each counted once", 2);
  }

  @Test
  void readings_inSeveralShards_areInTheOrderOfTheAnswers() {
    List<Answer> answers = answers(10);
    double[][] found = sharded("several", 4).features(answers, POINTS).at(POINTS);
    double[][] wanted = here().features(answers, POINTS).at(POINTS);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i]).as("answer " + i).containsExactly(wanted[i], within(1e-4));
    }
  }

  @Test
  void work_cutOrChangedAnywhere_isRefusedOrReadButNeverTrusted() {
    byte[] good =
        WorkBytes.of(new ReadingWork(Optional.of("a"), answers(3), List.of(), List.of(READOUT)));
    assertThat(WorkBytes.of(WorkParser.reading(good, TinyModel.WORDS))).isEqualTo(good);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> WorkParser.reading(cut, TinyModel.WORDS))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void result_changedAnywhere_isRefused() {
    ReadingWork work = new ReadingWork(Optional.empty(), answers(2), POINTS, List.of());
    byte[] good = work.read(here(), new Shard(0, 1, WorkBytes.of(work)).id());
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i]++;
      assertThatThrownBy(() -> RowBytes.shards(changed)).hasMessageContaining("wanted");
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> RowBytes.shards(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
