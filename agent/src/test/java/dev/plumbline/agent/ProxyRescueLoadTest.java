package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.NumberedOrigin.Plan;
import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.enforce.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Two hundred streams at once whose origins turn or die in the middle, and whose first rescues die
 * too: every client has all numbers, once, in their order, and every exchange one verdict.
 */
class ProxyRescueLoadTest {
  private static final int STREAMS = 200;
  private static final int LAST = 60;

  @Test
  void streams_killedInTheMiddle_loseAndDoubleNothing() throws Exception {
    Random random = new Random(5);
    JudgingTap tap = JudgingTap.of("EVIL");
    AtomicInteger dead = new AtomicInteger();
    try (NumberedOrigin origin =
            new NumberedOrigin((call, variant, n) -> plan(random, variant, dead));
        RunningAgent agent =
            Agents.rescuing(
                origin.port(),
                tap,
                (o, m) -> Optional.of(new AblatedVariant.Header()),
                "mode=rescue",
                "rescue.window=4",
                "rescue.retries=10")) {
      List<String> texts = askAll(agent);
      assertThat(texts).hasSize(STREAMS).allMatch(NumberedOrigin.text(LAST)::equals);
      Agents.awaitVerdicts(agent, STREAMS);
      assertThat(agent.ledger().latest(STREAMS)).allMatch(e -> e.action() == Action.RESCUED);
      assertThat(dead.get()).as("rescues that died").isGreaterThan(20);
      Agents.await("nothing followed any more", () -> tap.open.get() == 0);
    }
  }

  private static synchronized Plan plan(Random random, boolean variant, AtomicInteger dead) {
    int at = 2 + random.nextInt(LAST - 6);
    if (!variant) {
      return random.nextBoolean() ? new Plan(LAST, at, -1, 1) : new Plan(LAST, -1, at, 1);
    }
    boolean dies = random.nextInt(4) == 0;
    if (dies) {
      dead.incrementAndGet();
    }
    return new Plan(LAST, -1, dies ? at : -1, 1);
  }

  private static List<String> askAll(RunningAgent agent) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(STREAMS);
    try {
      List<Future<String>> asked = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        asked.add(
            clients.submit(
                () ->
                    ProxyRescueTest.ask(
                            agent, "/v1/chat/completions", ProxyRescueTest.body(true, ""))
                        .text()));
      }
      List<String> texts = new ArrayList<>();
      for (Future<String> each : asked) {
        texts.add(each.get());
      }
      return texts;
    } finally {
      clients.shutdownNow();
    }
  }
}
