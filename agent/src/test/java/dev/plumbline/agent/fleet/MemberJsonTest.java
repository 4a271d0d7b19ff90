package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.mitigations.trigger.TriggerState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemberJsonTest {
  private static final long MINUTE = 1000;

  private static MemberState state() {
    long[] counts = new long[Sketch.BINS];
    counts[0] = 5;
    counts[127] = 1;
    return new MemberState(
        "p",
        3,
        "1.0",
        true,
        new MemberState.ArtefactState("lean", "", "configured"),
        Map.of("org/m", new Finding(TriggerState.ACTIVE, 7)),
        Map.of(new Series("m", "lean"), Sketch.of(new Sketch.Cell("p", MINUTE), counts)),
        Map.of("a", "verified"),
        List.of(new SignedCommand(new byte[] {1, 2}, Optional.empty())));
  }

  private static String text() {
    return new String(MemberJson.write(state()), StandardCharsets.UTF_8);
  }

  private static MemberState read(String text) {
    return MemberJson.read(text.getBytes(StandardCharsets.UTF_8), MINUTE).state();
  }

  @Test
  void read_whatWasWritten_isTheSame() {
    assertThat(read(text())).isEqualTo(state());
  }

  @Test
  void read_unknownFields_areSkipped() {
    assertThat(read("{\"later\":{\"x\":[1]}," + text().substring(1))).isEqualTo(state());
  }

  @Test
  void read_outOfBounds_isGarbage() {
    String good = text();
    List<String> bad =
        List.of(
            "",
            "[]",
            good + "{}",
            good.replace("\"beat\":3", "\"beat\":-3"),
            good.replace("\"beat\":3", "\"beat\":3,\"beat\":4"),
            good.replace("\"1000\"", "\"-1\""),
            good.replace("[0,5,", "[200,5,"),
            good.replace("[0,5,", "[0,-5,"),
            good.replace("[0,5,", "[0,9000000000000000000,"),
            good.replace("[0,5,", "[0,5,3,"),
            good.replace("\"active\"", "\"dancing\""),
            good.replace("org/m", "x".repeat(300)),
            "{\"a\":".repeat(100));
    for (String each : bad) {
      assertThat(each).isNotEqualTo(good);
      assertThatThrownBy(() -> read(each)).as(each).isInstanceOf(WireRefusal.class);
    }
  }

  /** A member whose clock is wrong still has a say in routes and in commands. */
  @Test
  void read_scoresOfAnotherTime_areLeftOutAndCounted() {
    byte[] late = text().replace("\"1000\"", "\"9000\"").getBytes(StandardCharsets.UTF_8);
    MemberJson.Read read = MemberJson.read(late, MINUTE);
    assertThat(read.untimely()).isPositive();
    assertThat(read.state().findings()).isEqualTo(state().findings());
    assertThat(read.state()).isNotEqualTo(state());
  }

  @Test
  void read_namesThatSayMoreThanAName_arePrintable() {
    MemberState read = read(text().replace("org/m", "m\\n\\u001b[31mALL WELL"));
    assertThat(read.findings().keySet()).containsExactly("m\uFFFD\uFFFD[31mALL WELL");
  }

  @Test
  void read_anyChangedText_isReadOrRefused() {
    byte[] good = MemberJson.write(state());
    Random random = new Random(11);
    for (int i = 0; i < 5000; i++) {
      byte[] changed = good.clone();
      for (int j = 0; j < 3; j++) {
        changed[random.nextInt(changed.length)] = (byte) (32 + random.nextInt(95));
      }
      try {
        assertThat(MemberJson.read(changed, MINUTE)).isNotNull();
      } catch (WireRefusal | IllegalArgumentException refused) {
        assertThat(refused).isNotNull();
      }
    }
  }
}
