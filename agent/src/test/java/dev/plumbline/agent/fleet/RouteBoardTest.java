package dev.plumbline.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.mitigations.trigger.TriggerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RouteBoardTest {
  private static final Instant T0 = Instant.EPOCH;
  private static final Duration HOLD = Duration.ofSeconds(60);

  private static Map<String, Map<String, Finding>> found(TriggerState... byMember) {
    Map<String, Map<String, Finding>> heard = new TreeMap<>();
    for (int i = 0; i < byMember.length; i++) {
      heard.put("member" + i, Map.of("m", new Finding(byMember[i], 0)));
    }
    return heard;
  }

  @Test
  void state_oneActive_isActiveAndHeldAfterwards() {
    RouteBoard board = new RouteBoard(1, HOLD);
    assertThat(board.hear(found(TriggerState.ACTIVE, TriggerState.OFF), Map.of(), T0))
        .singleElement()
        .satisfies(turn -> assertThat(turn.by()).containsExactly("member0"));
    assertThat(board.state("m")).isEqualTo(TriggerState.ACTIVE);
    board.hear(found(), Map.of(), T0.plusSeconds(59));
    assertThat(board.state("m")).isEqualTo(TriggerState.ACTIVE);
    board.hear(found(), Map.of(), T0.plusSeconds(60));
    assertThat(board.state("m")).isEqualTo(TriggerState.OFF);
    assertThat(board.anyActive()).isFalse();
  }

  @Test
  void state_fewerThanTheQuorum_isArmed() {
    RouteBoard board = new RouteBoard(2, HOLD);
    board.hear(found(TriggerState.ACTIVE), Map.of(), T0);
    assertThat(board.state("m")).isEqualTo(TriggerState.ARMED);
    board.hear(found(TriggerState.ACTIVE, TriggerState.ACTIVE), Map.of(), T0);
    assertThat(board.state("m")).isEqualTo(TriggerState.ACTIVE);
  }

  @Test
  void state_findingFromBeforeAnOrder_isVoid() {
    RouteBoard board = new RouteBoard(1, HOLD);
    board.hear(found(TriggerState.ACTIVE), Map.of(), T0);
    board.ordered("m");
    board.hear(found(TriggerState.ACTIVE), Map.of("m", 5L), T0);
    assertThat(board.state("m")).isEqualTo(TriggerState.OFF);
    board.hear(Map.of("x", Map.of("m", new Finding(TriggerState.ACTIVE, 5))), Map.of("m", 5L), T0);
    assertThat(board.state("m")).isEqualTo(TriggerState.ACTIVE);
  }

  /** Agents who hear the same agree, whatever they heard before, once the hold is over. */
  @Test
  void merge_afterTheHold_isAFunctionOfWhatIsHeard() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      RouteBoard fresh = new RouteBoard(1, HOLD);
      RouteBoard one = new RouteBoard(1, HOLD);
      for (int i = 0; i < 20; i++) {
        one.hear(random(random), Map.of(), T0.plusSeconds(i));
      }
      Map<String, Map<String, Finding>> last = random(random);
      one.hear(last, Map.of(), T0.plusSeconds(200));
      fresh.hear(last, Map.of(), T0.plusSeconds(200));
      assertThat(one.states()).isEqualTo(fresh.states());
    }
  }

  private static Map<String, Map<String, Finding>> random(Random random) {
    Map<String, Map<String, Finding>> heard = new TreeMap<>();
    for (int member = 0; member < 3; member++) {
      Map<String, Finding> findings = new TreeMap<>();
      for (int route = 0; route < 3; route++) {
        TriggerState state = TriggerState.values()[random.nextInt(3)];
        findings.put("m" + route, new Finding(state, 0));
      }
      heard.put("member" + member, findings);
    }
    return heard;
  }
}
