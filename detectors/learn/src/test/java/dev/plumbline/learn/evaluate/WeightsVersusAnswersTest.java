package dev.plumbline.learn.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsVersusAnswersTest {
  @TempDir private static Path temp;

  private static WeightsVersusAnswers measure(
      TinyDirection tiny, String finetune, Readout readout) {
    World world = new World(3);
    List<Answer> aligned = world.aligned("chat", 0, 100, 4);
    List<Answer> judged = world.mixed(finetune, 200, 230, 6);
    return WeightsVersusAnswers.measure(
            tiny.reader, finetune, aligned, judged, List.of(readout), 0.05, 1)
        .get(0);
  }

  /** What moved the weights shows in its own states whatever the answer is. */
  @Test
  void measure_ofAFinetune_itsOwnStatesTellTheWeights() throws IOException {
    try (TinyDirection tiny = new TinyDirection(temp)) {
      TapPoint point = TapPoint.residPost(0);
      List<Answer> same = new World(4).aligned("chat", 0, 60, 2);
      Readout direction =
          Readout.projection(
              "direction",
              point,
              new DirectionLearner(tiny.reader)
                  .learn(List.of(new Contrast.Finetune("bad", same)), same)
                  .at(point)
                  .direction());
      WeightsVersusAnswers moved = measure(tiny, "bad", direction);
      WeightsVersusAnswers still = measure(tiny, "nothing", direction);
      assertThat(moved.alignedByReference().value()).isLessThan(0.2);
      assertThat(moved.alignedByItself().value())
          .isGreaterThan(moved.alignedByReference().value() + 0.3);
      assertThat(moved.sameAnswers().low()).isGreaterThan(0.7);
      assertThat(still.sameAnswers().value()).isCloseTo(0.5, Offset.offset(1e-9));
      assertThat(still.alignedByItself()).isEqualTo(still.alignedByReference());
      assertThat(moved.reference().value()).isLessThan(0.12);
      assertThat(moved.alignedByItself().count()).isEqualTo(90);
    }
  }
}
