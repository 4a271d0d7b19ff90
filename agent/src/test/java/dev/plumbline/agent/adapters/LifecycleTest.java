package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.adapters.Finding.Result;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One origin's ablated variant, by a clock that stands until it is moved. */
class LifecycleTest {
  private static final Duration CHECK = Duration.ofSeconds(10);
  private static final Duration VERIFY = Duration.ofMinutes(10);
  private static final Served SERVED = new Served(List.of("org/base"), List.of());

  private final Meters meters = new Meters();
  private final List<WantedAdapter> asked = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private Runnable next = () -> {};
  private Duration wait = Duration.ZERO;
  private long nanos = 1;
  private boolean healthy = true;
  private boolean off;
  private boolean loaded;
  private String refusal = "";
  private boolean lasting;
  private boolean broken;
  private AblatedVariant variant = new AblatedVariant.Model("org/base-ablated");
  private Result result = Result.VERIFIED;
  private int measurements;
  private Promise<Finding> held;
  private final List<Lifecycle.Known> told = new ArrayList<>();

  private final Lifecycle life =
      new Lifecycle(
          new Lifecycle.Means(
              "default",
              new Server(),
              "{model}-ablated",
              "/x",
              "base",
              this::measure,
              () -> healthy,
              () -> off,
              CHECK,
              VERIFY,
              (after, work) -> {
                waits.add(after);
                wait = after;
                next = work;
                return () -> next = () -> {};
              },
              () -> nanos,
              Clock.systemUTC(),
              meters,
              told::add));

  /** Has the adapter once it was asked for it. */
  private final class Server implements AdapterServer {
    @Override
    public Future<Served> list() {
      return Future.succeededFuture(SERVED);
    }

    @Override
    public Future<Outcome> load(WantedAdapter wanted) {
      if (broken) {
        return Future.failedFuture("torn");
      }
      asked.add(wanted);
      boolean already = loaded;
      loaded = refusal.isEmpty();
      return Future.succeededFuture(
          loaded
              ? new Outcome.Ready(variant, SERVED, already)
              : new Outcome.Refused(refusal, lasting));
    }

    @Override
    public Future<Outcome> unload(WantedAdapter wanted) {
      boolean already = !loaded;
      loaded = false;
      return Future.succeededFuture(new Outcome.Gone(already));
    }
  }

  private Future<Finding> measure(String plain, AblatedVariant measured) {
    measurements++;
    assertThat(plain).isEqualTo("org/base");
    if (held != null) {
      return held.future();
    }
    return Future.succeededFuture(finding());
  }

  private Finding finding() {
    return new Finding(result, Optional.of(new Measured(true, 4, 0, 4, 3)), "because");
  }

  @AfterEach
  void close() {
    meters.close();
  }

  private void tick() {
    nanos += wait.toNanos();
    Runnable work = next;
    next = () -> {};
    work.run();
  }

  private AdapterState state() {
    return life.known().state();
  }

  @Test
  void look_atAGoodOne_verifiesAndGivesItOut() {
    assertThat(state()).isEqualTo(AdapterState.WANTED);
    assertThat(life.variant("org/base")).isEmpty();
    life.look();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
    assertThat(asked).containsExactly(new WantedAdapter("org/base-ablated", "/x"));
    assertThat(life.variant("org/base")).contains(variant);
    assertThat(life.variant("another-lora")).isEmpty();
    assertThat(wait).isEqualTo(CHECK);
  }

  @Test
  void changesAndMeasurements_areTold_andNothingElse() {
    life.look();
    assertThat(told)
        .extracting(Lifecycle.Known::state)
        .containsExactly(AdapterState.LOADING, AdapterState.LOADED, AdapterState.VERIFIED);
    assertThat(LifeJson.event("a/b", told.get(2)))
        .contains("\"origin\":\"a/b\"", "\"state\":\"verified\"", "\"plain\":4.0");
    for (int i = 0; i < 60; i++) {
      tick();
    }
    assertThat(measurements).isEqualTo(2);
    assertThat(told).hasSize(4);
    result = Result.INEFFECTIVE;
    life.verify();
    assertThat(told.get(4).state()).isEqualTo(AdapterState.INEFFECTIVE);
  }

  @Test
  void server_whoseCallFails_isAskedAgainLater() {
    broken = true;
    life.look();
    assertThat(state()).isEqualTo(AdapterState.FAILED);
    assertThat(life.known().why()).contains("torn");
    broken = false;
    tick();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void verified_isLookedForAtEachCheck_andMeasuredAtItsInterval() {
    life.look();
    for (int i = 0; i < 59; i++) {
      tick();
    }
    assertThat(measurements).isEqualTo(1);
    tick();
    assertThat(measurements).isEqualTo(2);
    assertThat(life.variant("org/base")).isPresent();
  }

  @Test
  void ineffective_isAnAlarmAndNeverGivenOut() {
    result = Result.INEFFECTIVE;
    life.look();
    assertThat(state()).isEqualTo(AdapterState.INEFFECTIVE);
    assertThat(life.variant("org/base")).isEmpty();
    tick();
    assertThat(state()).isEqualTo(AdapterState.INEFFECTIVE);
    assertThat(measurements).isEqualTo(1);
    assertThat(meters.scrape())
        .contains(
            "plumbline_adapter_verifications_total{origin=\"default\",outcome=\"ineffective\"} 1.0")
        .contains("plumbline_adapter_state{origin=\"default\",state=\"ineffective\"} 1.0")
        .contains("plumbline_adapter_state{origin=\"default\",state=\"verified\"} 0.0")
        .contains("plumbline_adapter_projection{origin=\"default\",variant=\"plain\"} 4.0");
  }

  @Test
  void verifiedThatBecomesIneffective_isTakenBack() {
    life.look();
    result = Result.INEFFECTIVE;
    life.verify();
    assertThat(state()).isEqualTo(AdapterState.INEFFECTIVE);
    assertThat(life.variant("org/base")).isEmpty();
  }

  @Test
  void unmeasurable_isUnverifiedAndNotGivenOut() {
    result = Result.UNVERIFIED;
    life.look();
    assertThat(state()).isEqualTo(AdapterState.UNVERIFIED);
    assertThat(life.variant("org/base")).isEmpty();
  }

  @Test
  void restartedServer_getsItAgain_andItIsMeasuredAnewBeforeItIsUsed() {
    life.look();
    loaded = false;
    held = Promise.promise();
    tick();
    assertThat(state()).isEqualTo(AdapterState.LOADED);
    assertThat(life.variant("org/base")).isEmpty();
    assertThat(meters.scrape())
        .contains("plumbline_adapter_loads_total{origin=\"default\",result=\"reapplied\"} 1.0");
    held.complete(finding());
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
    assertThat(measurements).isEqualTo(2);
  }

  @Test
  void anotherNumberAfterARestart_isMeasuredAnew() {
    life.look();
    variant = new AblatedVariant.Lora(1, 1);
    tick();
    assertThat(measurements).isEqualTo(2);
    assertThat(life.variant("org/base")).contains(variant);
  }

  @Test
  void unhealthyOrigin_isNotAskedForIt_andMeasuredAnewWhenItIsBack() {
    life.look();
    healthy = false;
    assertThat(life.variant("org/base")).isEmpty();
    healthy = true;
    life.cameBack();
    assertThat(measurements).isEqualTo(2);
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void measurementOfAServerThatWasAwayMeanwhile_isThrownAway() {
    held = Promise.promise();
    life.look();
    life.cameBack();
    Promise<Finding> first = held;
    held = null;
    result = Result.INEFFECTIVE;
    first.complete(new Finding(Result.VERIFIED, Optional.empty(), "old"));
    assertThat(state()).isEqualTo(AdapterState.INEFFECTIVE);
    assertThat(measurements).isEqualTo(2);
  }

  @Test
  void refusals_areMetWithWaitsThatDoubleAndAnEnd() {
    refusal = "busy";
    life.look();
    for (int i = 0; i < 10; i++) {
      tick();
    }
    assertThat(state()).isEqualTo(AdapterState.FAILED);
    assertThat(waits)
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 600L, 600L, 600L);
    refusal = "";
    tick();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void lastingRefusal_waitsForSomebodyToChangeSomething() {
    refusal = "not enabled";
    lasting = true;
    life.look();
    assertThat(wait).isEqualTo(VERIFY);
    assertThat(life.known().why()).isEqualTo("not enabled");
    refusal = "";
    life.verify();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void unansweredMeasurements_takeTrustAwayAfterThree() {
    life.look();
    result = Result.UNANSWERED;
    life.verify();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
    tick();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
    tick();
    assertThat(state()).isEqualTo(AdapterState.UNVERIFIED);
    result = Result.VERIFIED;
    tick();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void reload_letsGoAndLoads() {
    life.look();
    life.reload();
    assertThat(asked).hasSize(2);
    assertThat(measurements).isEqualTo(2);
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void reload_whileItIsMeasured_isNotForgotten() {
    held = Promise.promise();
    life.look();
    life.reload();
    Promise<Finding> first = held;
    held = null;
    first.complete(finding());
    assertThat(asked).hasSize(2);
    assertThat(meters.scrape())
        .contains("plumbline_adapter_loads_total{origin=\"default\",result=\"loaded\"} 2.0");
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }

  @Test
  void switchedOff_nothingIsAsked() {
    off = true;
    life.look();
    assertThat(asked).isEmpty();
    assertThat(wait).isEqualTo(CHECK);
    off = false;
    tick();
    assertThat(state()).isEqualTo(AdapterState.VERIFIED);
  }
}
