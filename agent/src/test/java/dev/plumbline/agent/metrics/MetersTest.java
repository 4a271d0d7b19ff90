package dev.plumbline.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.core.calibrate.ScoreBaseline;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final Meters meters = new Meters();

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void score_ofAKeptTrace_isItsExampleInOpenMetricsOnly() {
    meters.score(Meter.SCORE, 0.93, TRACE, "m", "lean");
    meters.score(Meter.SCORE, 0.02, "", "m", "lean");
    ScrapePage.Written open = meters.scrape(OPEN_METRICS);
    assertThat(open.contentType()).startsWith("application/openmetrics-text");
    assertThat(open.text())
        .containsPattern(
            "plumbline_score_bucket\\{direction=\"lean\",model_name=\"m\",le=\"0.95\"} 2"
                + " # \\{trace_id=\""
                + TRACE
                + "\"} 0.93 ")
        .endsWith("# EOF\n");
    assertThat(open.text().split("trace_id", -1)).hasSize(2);
    assertThat(meters.scrape()).contains("plumbline_score_count").doesNotContain(TRACE);
  }

  @Test
  void durations_haveExamplesToo() {
    meters.timeTraced(Meter.SCORING_DURATION, Duration.ofMillis(30), TRACE, "m");
    assertThat(meters.scrape(OPEN_METRICS).text())
        .contains("plumbline_scoring_duration_seconds_bucket{model_name=\"m\",le=\"0.025\"} 0")
        .contains("plumbline_scoring_duration_seconds_bucket{model_name=\"m\",le=\"0.1\"} 1 # {");
  }

  @Test
  void scrape_form_isTheScrapers() {
    String protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
    assertThat(meters.scrape("").contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(meters.scrape("text/html").contentType()).startsWith("text/plain");
    assertThat(meters.scrape(protobuf).contentType()).startsWith("application/vnd.google.protobuf");
    assertThat(meters.scrape(OPEN_METRICS + ",text/plain;q=0.5").contentType())
        .startsWith("application/openmetrics-text");
  }

  @Test
  void infosAndBaselines_areOfTheKindAScraperExpects() {
    meters.info(Meter.BUILD_INFO, "1", "17");
    double[] shares = ScoreBaseline.of(new double[] {0.005, 0.3, 0.3, 0.999}).shares();
    meters.baseline("lean", shares, 4);
    assertThat(meters.scrape())
        .contains("plumbline_build_info{java=\"17\",version=\"1\"} 1")
        .contains("plumbline_baseline_score_bucket{direction=\"lean\",le=\"0.01\"} 1")
        .contains("plumbline_baseline_score_bucket{direction=\"lean\",le=\"0.3\"} 3")
        .contains("plumbline_baseline_score_bucket{direction=\"lean\",le=\"1.0\"} 4")
        .contains("plumbline_baseline_score_count{direction=\"lean\"} 4")
        .contains("process_uptime_seconds");
    meters.forgetBaseline("lean");
    assertThat(meters.scrape()).doesNotContain("plumbline_baseline_score_bucket");
    assertThatThrownBy(() -> meters.baseline("lean", new double[3], 4))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bounds_areThoseTheBaselineIsKeptIn() {
    assertThat(Bounds.score()).containsExactly(ScoreBaseline.bounds());
  }

  @Test
  void memory_ofThisProcess_isKnown() {
    assertThat(Machine.residentBytes()).isGreaterThan(1 << 20);
    assertThat(Machine.nativeBytes()).isBetween(0L, Machine.residentBytes());
  }
}
