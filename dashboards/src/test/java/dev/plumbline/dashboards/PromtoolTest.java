package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules and alerts by Prometheus' own tool. */
class PromtoolTest {
  private final Tool promtool = Tool.find("promtool");

  @Test
  void rulesAndAlerts_passTheLint() throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("check", "rules", "--lint=all", "--lint-fatal"));
    Repository.files(Repository.RULES).forEach(file -> arguments.add(file.toString()));
    Repository.files(Repository.ALERTS).forEach(file -> arguments.add(file.toString()));
    Tool.Result result = promtool.run(new byte[0], arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.said()).isZero();
  }

  @Test
  void alerts_areQuietThenFire() throws Exception {
    for (Path file : Repository.files(Repository.TESTS)) {
      Tool.Result result = promtool.run(new byte[0], "test", "rules", file.toString());
      assertThat(result.status()).as(result.said()).isZero();
    }
  }
}
