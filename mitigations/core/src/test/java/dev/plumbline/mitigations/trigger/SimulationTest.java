package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Path CHECKED_IN = Path.of("../TRIGGERS.md");
  private static final int SEEDS = 100;

  @Test
  void report_regenerated_isTheOneCheckedIn() throws IOException {
    SimulationReport report = new SimulationReport(SEEDS);
    assertThat(Files.readString(CHECKED_IN)).contains(report.markdown(report.rows()));
  }

  @Test
  void trigger_noDrift_alarmsNoMoreThanTheControl() {
    ScriptedDay day = ScriptedDay.standard(0);
    Simulation how = Simulation.standard(false);
    assertThat(how.trigger(day, 50).falseAlarms()).isLessThan(how.naive(day, 50).falseAlarms());
  }

  @Test
  void day_ofSoManyExchanges_hasAboutSoMany() {
    long[] seen = {0};
    ScriptedDay.standard(0.1).with(2000).play(1, (at, bad, kind) -> seen[0]++);
    // Poisson: five standard deviations
    assertThat(seen[0]).isBetween(2000 - 224L, 2000 + 224L);
  }

  @Test
  void day_ofSharesThatAreNone_isRefused() {
    assertThatThrownBy(() -> ScriptedDay.standard(0).drifting(1.5))
        .hasMessageContaining("misaligned: wanted a share");
    assertThatThrownBy(() -> ScriptedDay.standard(0).seenBy(Double.NaN, 1))
        .hasMessageContaining("false positives");
  }

  @Test
  void trigger_levelsOutOfReach_detectsNothing() {
    Levels never = new Levels(0.99, 1, 0, java.time.Duration.ZERO, java.time.Duration.ZERO);
    Simulation how = new Simulation(never, java.time.Duration.ofMinutes(15), 40, false);
    assertThat(how.trigger(ScriptedDay.standard(0.5), 5).detected()).isZero();
  }
}
