package dev.plumbline.agent.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessStatTest {
  @Test
  void stat_ofThisProcess_growsWithItsWork() {
    assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "needs Linux's /proc");
    ProcessStat here = new ProcessStat(ProcessHandle.current().pid());
    double before = here.cpuSeconds();
    double sum = 0;
    while (here.cpuSeconds() < before + 0.05) {
      sum += Math.sqrt(sum + 1);
    }
    assertThat(here.cpuSeconds()).isGreaterThan(before);
    assertThat(here.residentMib()).isBetween(10.0, 100_000.0);
  }
}
