package dev.plumbline.agent.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.states.StatesArtefacts;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.core.residual.TapPoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SequencesTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Meters meters = new Meters();
  private final Sequences sequences = new Sequences(2, Duration.ofNanos(10), now::get, meters);

  @Test
  void take_overTheBound_isRefusedAndCounted_andThoseUnderWayStay() {
    Sequence first = start("a");
    start("b");
    assertThatThrownBy(() -> start("c"))
        .isInstanceOfSatisfying(Refusal.class, e -> assertThat(e.fault()).isEqualTo(OipFault.BUSY));
    assertThat(next("a")).isSameAs(first);
    assertThat(count("refused")).isEqualTo(1);
    end("b");
    start("c");
    assertThat(count("ended")).isEqualTo(1);
  }

  @Test
  void take_afterTheIdleDeadline_isForgottenAndCounted() {
    start("a");
    now.addAndGet(6);
    next("a");
    start("b");
    now.addAndGet(6);
    next("a");
    now.addAndGet(6);
    start("c");
    assertThat(count("evicted")).isEqualTo(1);
    assertThatThrownBy(() -> next("b")).hasMessageContaining("sequence_start");
  }

  @Test
  void take_startOfOneUnderWay_beginsAnew() {
    Sequence first = start("a");
    assertThat(start("a")).isNotSameAs(first);
    assertThat(sequences.size()).isEqualTo(1);
    assertThat(count("restarted")).isEqualTo(1);
  }

  private Sequence start(String id) {
    return take(id, true, false);
  }

  private Sequence next(String id) {
    return take(id, false, false);
  }

  private void end(String id) {
    take(id, false, true);
  }

  private Sequence take(String id, boolean start, boolean end) {
    return sequences.take(
        new Ask.Part(id, start, end),
        () -> new Sequence(StatesArtefacts.at(TapPoint.residPost(1))));
  }

  private double count(String event) {
    String line = "plumbline_oip_sequences_total{event=\"" + event + "\"} ";
    return meters
        .scrape()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(line.length())))
        .sum();
  }
}
