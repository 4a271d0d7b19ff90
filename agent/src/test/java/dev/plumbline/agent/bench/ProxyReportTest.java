package dev.plumbline.agent.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProxyReportTest {
  @Test
  void json_ofAReport_hasTheStatedNames() {
    ProxyReport report = new ProxyReport();
    OptionalDouble none = OptionalDouble.empty();
    report.add("nginx", new ProxyReport.Row(1000, 0.1, 0.9, 0.02, none, none, Optional.empty()));
    report.add(
        "observe_reader",
        new ProxyReport.Row(
            300,
            0.2,
            1,
            4,
            OptionalDouble.of(1),
            OptionalDouble.of(18000),
            Optional.of(new VerdictLag(3, 9))));
    report.add(new ProxyReport.Followed(8, 400, 1, new VerdictLag(2, 5)));
    report.slow(9700, 300, 0, 20_000);
    report.add(new ProxyReport.Stream(64, 0.5, 0.1, 170, 0));
    report.fleet(new PairedCost.Cost(7, 1.01, 0.99, 0.98, 1.02));
    report.note("a note");
    JsonNode json = report.json();
    assertThat(json.at("/nginx/rps").asDouble()).isEqualTo(1000);
    assertThat(json.at("/nginx/p99_ms").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/nginx/cpu_ms_per_request").asDouble()).isEqualTo(0.02);
    assertThat(json.at("/nginx").has("scored_share")).isFalse();
    assertThat(json.at("/observe_reader/scored_share").asDouble()).isEqualTo(1);
    assertThat(json.at("/observe_reader/reader_tokens_per_s").asDouble()).isEqualTo(18000);
    assertThat(json.at("/observe_reader/verdict_p99_ms").asDouble()).isEqualTo(9);
    assertThat(json.at("/read_streams/0/verdict_p99_ms").asDouble()).isEqualTo(5);
    assertThat(json.at("/slow_streams/concurrent").asInt()).isEqualTo(9700);
    assertThat(json.at("/streams/0/ttft_added_ms").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/streams/0/gap_added_ms").asDouble()).isEqualTo(0.1);
    assertThat(json.at("/streams/0/rss_mib").asDouble()).isEqualTo(170);
    assertThat(json.at("/off_fleet/cpu_ratio").asDouble()).isEqualTo(1.01);
    assertThat(json.at("/off_fleet/cpu_ratio_floor").asDouble()).isEqualTo(0.99);
    assertThat(json.at("/off_fleet/rps_ratio").asDouble()).isEqualTo(0.98);
    assertThat(json.at("/off_fleet/rps_ratio_floor").asDouble()).isEqualTo(1.02);
    assertThat(report.table())
        .contains("off_fleet / off", "observe_reader", "64 streams", "a note");
  }
}
