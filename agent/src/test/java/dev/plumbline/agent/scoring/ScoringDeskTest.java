package dev.plumbline.agent.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.core.score.Priority;
import dev.plumbline.core.score.UnscoredReason;
import dev.plumbline.core.score.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is scored first, and who is dropped. The worker here works when it is told to. */
class ScoringDeskTest {
  private static final Reading DONE =
      new Reading(
          Verdict.of(0.1, 0.5),
          OptionalDouble.of(0),
          OptionalDouble.empty(),
          1,
          Optional.of("lean"),
          Duration.ZERO);

  private final Meters meters = new Meters();
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final Deque<Runnable> worker = new ArrayDeque<>();
  private final List<String> order = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.shutdownNow();
    meters.close();
  }

  @Test
  void submit_enforcingBehindObserving_isWorkedOnFirstAndEachKindInOrder() {
    ScoringDesk desk = desk(8, Duration.ofHours(1));
    for (String name : new String[] {"o1", "o2", "e1", "o3", "e2"}) {
      desk.submit(priority(name), work(name));
    }
    workAll();
    assertThat(order).containsExactly("e1", "e2", "o1", "o2", "o3");
    assertThat(meters.scrape()).contains("plumbline_queue_depth{queue=\"scoring\"} 0.0");
  }

  @Test
  void submit_workThatEndsInAnError_isUnscoredAndLeavesNoPlaceTaken() {
    ScoringDesk desk = desk(1, Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Reading> verdict =
          desk.submit(
              Priority.OBSERVING,
              abandoned -> {
                throw new NoClassDefFoundError("a codec that is not on this machine");
              });
      workAll();
      assertThat(verdict.join().reason()).contains(UnscoredReason.TAP_ERROR);
    }
    assertThat(meters.scrape()).contains("plumbline_queue_depth{queue=\"scoring\"} 0.0");
  }

  @Test
  void submit_enforcingAtTheBound_dropsTheNewestObserving() {
    ScoringDesk desk = desk(3, Duration.ofHours(1));
    List<CompletableFuture<Reading>> verdicts = new ArrayList<>();
    for (String name : new String[] {"o1", "e1", "o2", "e2", "e3", "e4", "o3"}) {
      verdicts.add(desk.submit(priority(name), work(name)));
    }
    assertThat(reasons(verdicts)).containsExactly("o1", "-", "o2", "-", "-", "e4", "o3");
    workAll();
    assertThat(order).containsExactly("e1", "e2", "e3");
    assertThat(meters.scrape()).contains("plumbline_drops_total{reason=\"queue_full\"} 4.0");
  }

  /** The names of those dropped because the queue was full, in order of submission. */
  private static List<String> reasons(List<CompletableFuture<Reading>> verdicts) {
    String[] names = {"o1", "e1", "o2", "e2", "e3", "e4", "o3"};
    List<String> dropped = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      boolean full =
          verdicts.get(i).isDone()
              && verdicts.get(i).join().reason().equals(Optional.of(UnscoredReason.QUEUE_FULL));
      dropped.add(full ? names[i] : "-");
    }
    return dropped;
  }

  @Test
  void submit_toATapThatHangs_neverHoldsMoreThanTwiceTheBound() {
    ScoringDesk desk = desk(4, Duration.ofHours(1));
    List<BooleanSupplier> asked = new ArrayList<>();
    Function<BooleanSupplier, CompletionStage<Reading>> hanging =
        abandoned -> {
          asked.add(abandoned);
          return new CompletableFuture<>();
        };
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      desk.submit(random.nextBoolean() ? Priority.ENFORCING : Priority.OBSERVING, hanging);
      workAll();
    }
    assertThat(asked).hasSizeBetween(4, 8);
    assertThat(asked.stream().filter(abandoned -> !abandoned.getAsBoolean())).hasSize(4);
    assertThat(desk.submit(Priority.ENFORCING, hanging).join().reason())
        .contains(UnscoredReason.QUEUE_FULL);
  }

  @Test
  void submit_observingBehindEndlessEnforcing_endsAtItsDeadline() {
    ScoringDesk desk = desk(4, Duration.ofMillis(20));
    CompletableFuture<Reading> starved = desk.submit(Priority.OBSERVING, work("o1"));
    assertThat(starved.join().reason()).contains(UnscoredReason.DEADLINE_PASSED);
    workAll();
    assertThat(order).isEmpty();
    assertThat(meters.scrape()).contains("plumbline_queue_depth{queue=\"scoring\"} 0.0");
  }

  private ScoringDesk desk(int capacity, Duration deadline) {
    return new ScoringDesk(capacity, () -> deadline, worker::add, scheduler, meters);
  }

  private void workAll() {
    while (!worker.isEmpty()) {
      worker.poll().run();
    }
  }

  private static Priority priority(String name) {
    return name.startsWith("e") ? Priority.ENFORCING : Priority.OBSERVING;
  }

  private Function<BooleanSupplier, CompletionStage<Reading>> work(String name) {
    return abandoned -> {
      order.add(name);
      return CompletableFuture.completedFuture(DONE);
    };
  }
}
