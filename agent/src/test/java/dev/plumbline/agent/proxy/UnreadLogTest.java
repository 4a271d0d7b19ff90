package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.wire.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadLogTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void names_areSaidOnceAWay() {
    UnreadLog log = new UnreadLog(10, lines::add);
    for (int i = 0; i < 3; i++) {
      log.ofRequests(Route.CHAT_COMPLETIONS, List.of("tools"));
      log.ofAnswers(Route.CHAT_COMPLETIONS, List.of("tools"));
      log.ofRequests(Route.MESSAGES, List.of("tools"));
    }
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("tools in requests to /v1/chat/completions");
  }

  @Test
  void names_overTheBound_areSaidToBeLeftOut() {
    UnreadLog log = new UnreadLog(2, lines::add);
    log.ofAnswers(Route.GENERATE, List.of("a", "b", "c"));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("no more fields");
  }

  @Test
  void names_longOrOdd_areCutAndCleaned() {
    new UnreadLog(2, lines::add).ofAnswers(Route.GENERATE, List.of("a\nERROR b" + "x".repeat(99)));
    assertThat(lines.get(0)).contains("a?ERROR?bxx").doesNotContain("\n").hasSizeLessThan(200);
  }
}
