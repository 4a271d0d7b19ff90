package dev.plumbline.agent.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairedCostTest {
  private static final Contender OFF = new Contender("off", 1, Optional.empty());
  private static final Contender FLEET = new Contender("off_fleet", 2, Optional.empty());

  @Test
  void of_aContenderThatCostsMore_isItsRatio_andTheFloorIsOne() throws IOException {
    PairedCost paired =
        new PairedCost(
            who -> who == FLEET ? new Wrk.Load(900, 1, 0.99) : new Wrk.Load(1000, 1, 1.0));
    PairedCost.Cost cost = paired.of(OFF, FLEET, 4);
    assertThat(cost.cpu()).isEqualTo(1.1, within(1e-9));
    assertThat(cost.rate()).isEqualTo(0.9, within(1e-9));
    assertThat(cost.cpuFloor()).isEqualTo(1);
    assertThat(cost.rateFloor()).isEqualTo(1);
    assertThat(cost.rounds()).isEqualTo(4);
  }

  /** A machine that slows down with each run is no cost of the one that is measured later. */
  @Test
  void of_aMachineThatSlowsDown_turnsTheOrder() throws IOException {
    List<String> order = new ArrayList<>();
    PairedCost paired =
        new PairedCost(
            who -> {
              order.add(who.name());
              return new Wrk.Load(1000 - 10L * order.size(), 1, 1.0);
            });
    PairedCost.Cost cost = paired.of(OFF, FLEET, 2);
    assertThat(order)
        .containsExactly(
            "off", "off_fleet", "off", "off_fleet", "off_fleet", "off", "off_fleet", "off");
    assertThat(cost.rate()).isEqualTo(1, within(0.02));
  }
}
