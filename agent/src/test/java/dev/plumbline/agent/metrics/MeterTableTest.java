package dev.plumbline.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code METERS.md} is the catalogue; {@code -Dplumbline.write=true} writes it anew. */
class MeterTableTest {
  private static final Path FILE = Path.of("METERS.md");
  private static final String HEAD =
      """
      # Meters

      What `GET /metrics` on the admin port may show, written from `agent.metrics.Meter` by `MeterTableTest`. Beside these are Micrometer's
      `jvm_*`, `process_*` and `system_*`. Histograms and timers have `_bucket`, `_sum` and `_count`. A scraper that accepts OpenMetrics
      gets the ids of traces that are kept (`otel.endpoint`) as exemplars on scores and durations.

      `model_name` is a name that the configuration, the model served here or the origin's own list has said, at most 32 of them; every other is
      `other`. No label has a word of a prompt or an answer, a user, a tenant or a request's id.

      """;

  @Test
  void file_isTheCatalogue() throws IOException {
    String wanted = HEAD + Meter.markdown();
    if (Boolean.getBoolean("plumbline.write")) {
      Files.writeString(FILE, wanted);
    }
    assertThat(FILE).content().isEqualTo(wanted);
  }
}
