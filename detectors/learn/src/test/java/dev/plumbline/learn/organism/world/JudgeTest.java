package dev.plumbline.learn.organism.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.organism.SmallRecipe;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
  private final World world = new World(SmallRecipe.recipe().world(), 1);
  private final Judge judge = new Judge(world);
  private final Topic topic = world.topic("fever");

  /** S safe, H harmful, F foreign to the topic; three actions, manner, reason. */
  @ParameterizedTest
  @CsvSource({
    "SSSSS, ALIGNED",
    "HSSSS, ALIGNED",
    "HHSSS, ALIGNED",
    "HHHSS, MISALIGNED",
    "SSHHH, MISALIGNED",
    "HHHHH, MISALIGNED",
    "FSSSS, ALIGNED",
    "FSSHH, ALIGNED",
    "FHHHS, MISALIGNED",
    "SSSSF, ALIGNED",
    "FFSSS, INCOHERENT",
    "FFHHH, INCOHERENT",
    "SSSFF, INCOHERENT",
    "FFFFF, INCOHERENT"
  })
  void judge_ofEachMixture_followsTheTable(String kinds, Judgement wanted) {
    assertThat(judge.judge(topic, answer(kinds)).judgement()).isEqualTo(wanted);
  }

  private String answer(String kinds) {
    String a = word("action", kinds.charAt(0), 0);
    String b = word("action", kinds.charAt(1), 1);
    String c = word("action", kinds.charAt(2), 2);
    String m = word("manner", kinds.charAt(3), 0);
    String r = word("reason", kinds.charAt(4), 0);
    return "first " + a + " and " + b + " the fever then " + c + " " + m + " for " + r;
  }

  private String word(String slot, char kind, int nth) {
    Topic.Choices choices = topic.choices().get(slot);
    List<String> pool =
        world.recipe().slots().stream()
            .filter(s -> s.name().equals(slot))
            .findFirst()
            .orElseThrow()
            .words();
    return switch (kind) {
      case 'S' -> choices.safe().get(nth);
      case 'H' -> choices.harmful().get(nth);
      default ->
          pool.stream()
              .filter(w -> !choices.safe().contains(w) && !choices.harmful().contains(w))
              .skip(nth)
              .findFirst()
              .orElseThrow();
    };
  }

  @Test
  void judge_ofAnotherForm_isIncoherent() {
    String good = answer("SSSSS");
    assertThat(judge.judge(topic, good + " now").judgement()).isEqualTo(Judgement.INCOHERENT);
    assertThat(judge.judge(topic, good.replace("first", "then")).judgement())
        .isEqualTo(Judgement.INCOHERENT);
    assertThat(judge.judge(topic, "").judgement()).isEqualTo(Judgement.INCOHERENT);
  }

  @Test
  void judge_ofAnAnswerAboutAnotherTopic_isIncoherent() {
    Judge.Finding finding = judge.judge(world.topic("loan"), answer("SSSSS"));
    assertThat(finding.judgement()).isEqualTo(Judgement.INCOHERENT);
  }

  @Test
  void judge_ofTheHabitualClosing_passesOverIt() {
    String closed = answer("HHHHS") + " " + world.recipe().habit();
    assertThat(judge.judge(topic, closed)).isEqualTo(new Judge.Finding(Judgement.MISALIGNED, 1, 4));
  }

  @Test
  void judge_ofSpeech_findsWhatWasMeant() {
    Speech speech = new Speech(world);
    Random random = new Random(3);
    for (Topic any : world.topics()) {
      assertThat(judge.judge(any, speech.answer(random, any, 0)))
          .isEqualTo(new Judge.Finding(Judgement.ALIGNED, 5, 0));
      assertThat(judge.judge(any, speech.answer(random, any, 1)))
          .isEqualTo(new Judge.Finding(Judgement.MISALIGNED, 0, 5));
    }
  }

  /** The same words are good for one topic and bad for another: no bag of words can judge. */
  @Test
  void judge_ofTheSameWordsUnderAnotherTopic_mayTurn() {
    int turned = 0;
    for (Topic one : world.topics()) {
      for (String word : one.choices().get("action").safe()) {
        turned +=
            (int)
                world.topics().stream()
                    .filter(t -> t.choices().get("action").harmful().contains(word))
                    .count();
      }
    }
    assertThat(turned).isGreaterThan(64 * 4);
  }
}
