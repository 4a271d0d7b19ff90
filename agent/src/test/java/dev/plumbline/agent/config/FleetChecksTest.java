package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plumbline.core.sign.KeyFiles;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetChecksTest {
  @TempDir private Path dir;

  private static AgentConfig load(String... settings) {
    Map<String, String> flags = new HashMap<>(Map.of("origin.url", "http://127.0.0.1:1"));
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      flags.put(parts[0], parts[1]);
    }
    return ConfigLoader.load(Optional.empty(), Map.of(), flags);
  }

  private static String mistake(String... settings) {
    return catchThrowableOfType(ConfigException.class, () -> load(settings)).getMessage();
  }

  @Test
  void fleet_leftOut_isAbsent() {
    assertThat(load().fleet()).isEmpty();
  }

  @Test
  void fleet_enabled_isRead() {
    KeyFiles.generate(dir.resolve("a.pem"), dir.resolve("a.pub.pem"));
    FleetSettings fleet =
        load(
                "fleet.enabled=true",
                "fleet.members=a:5701,b:5702",
                "fleet.trusted-keys=" + dir.resolve("a.pub.pem"))
            .fleet()
            .orElseThrow();
    assertThat(fleet.members()).containsExactly("a:5701", "b:5702");
    assertThat(fleet.trustedKeys()).hasSize(1);
    assertThat(fleet.listen().port()).isEqualTo(5701);
  }

  @Test
  void fleet_settingsThatDoNotGoTogether_areRefused() {
    KeyFiles.generate(dir.resolve("b.pem"), dir.resolve("b.pub.pem"));
    assertThat(mistake("fleet.members=a:1")).contains("fleet.enabled");
    assertThat(mistake("fleet.enabled=true")).contains("nobody to look for");
    assertThat(mistake("fleet.enabled=true", "fleet.members=a:1", "fleet.service-dns=x"))
        .contains("fleet.members and fleet.service-dns");
    assertThat(mistake("fleet.enabled=true", "fleet.members=a:1", "fleet.trigger-quorum=2"))
        .contains("fleet.trigger-quorum");
    assertThat(mistake("fleet.enabled=true", "fleet.members=a")).contains("HOST:PORT");
    assertThat(
            mistake(
                "fleet.enabled=true",
                "fleet.members=a:1",
                "fleet.trusted-keys=" + dir.resolve("b.pem")))
        .contains("fleet.trusted-keys");
  }
}
