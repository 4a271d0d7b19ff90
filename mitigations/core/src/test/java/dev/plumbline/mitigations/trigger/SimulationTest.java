package dev.plumbline.mitigations.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Path CHECKED_IN = Path.of("../TRIGGERS.md");
  private static final int SEEDS = 100;

  @Test
  void report_regenerated_isTheOneCheckedIn() throws IOException {
    String report = new SimulationReport(SEEDS).markdown();
    assertThat(Files.readString(CHECKED_IN)).contains(report);
  }

  @Test
  void trigger_noDrift_alarmsNoMoreThanTheControl() {
    ScriptedDay day = ScriptedDay.standard(0);
    Simulation how = Simulation.standard(false);
    assertThat(how.trigger(day, 50).falseAlarms()).isLessThan(how.naive(day, 50).falseAlarms());
  }

  @Test
  void trigger_levelsOutOfReach_detectsNothing() {
    Levels never = new Levels(0.99, 1, 0, java.time.Duration.ZERO, java.time.Duration.ZERO);
    Simulation how = new Simulation(never, java.time.Duration.ofMinutes(15), 40, false);
    assertThat(how.trigger(ScriptedDay.standard(0.5), 5).detected()).isZero();
  }
}
