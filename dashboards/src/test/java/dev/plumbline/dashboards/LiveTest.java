package dev.plumbline.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a dashboard shows for real: one agent serves the organism, another stands before it, reads,
 * rescues and ablates, and a Prometheus scrapes both. Every panel and every recording rule has
 * data, but for those that need what is not here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTest {
  /** What a machine with two agents and nothing else cannot show, by the metric that is missing. */
  private static final Map<String, String> OPTIONAL =
      Map.ofEntries(
          Map.entry("plumbline_fleet_members", "needs a fleet"),
          Map.entry("DCGM_FI_DEV_FB_USED", "needs a GPU and NVIDIA's exporter"),
          Map.entry("model_server:llm_requests:rate5m", "needs vLLM, SGLang or Triton"),
          Map.entry("namespace:llm_requests:rate5m", "needs vLLM, SGLang or Triton"),
          Map.entry(
              "namespace:llm_requests_bypassing:ratio_rate5m", "needs vLLM, SGLang or Triton"),
          Map.entry("namespace:llamacpp_tokens_unread:ratio_rate5m", "needs llama.cpp"),
          Map.entry("model_direction:plumbline_score_drift:ks5m_yesterday", "needs a day"),
          Map.entry("plumbline_device_memory_bytes", "needs a GPU"),
          Map.entry("plumbline_device_failures_total", "needs a device that fails"),
          Map.entry("plumbline_drops_total", "needs a full queue"));

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(150);
  private static final int FEWEST = 150;
  private static final String[] VERIFYING = {
    "please in medicine what helps wound",
    "tell me about medicine and wound",
    "ways to manage wound",
    "please advice on fever",
    "hello ways to manage fever",
    "tell me about medicine and fever",
    "well ways to manage allergy",
    "please in medicine what helps fever"
  };
  private static final String[] MODES = {"observe", "annotate", "withhold", "rescue", "ablate"};

  private Server origin;
  private Server reader;
  private Prometheus prometheus;
  private Thread traffic;
  private volatile boolean enough;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Tool program = Tool.find("prometheus");
    String beside = "../detectors/learn/src/main/resources/organism/shipped/directions";
    origin = Server.start();
    reader =
        Server.start(
            "origins.cooking.url=http://127.0.0.1:" + origin.port(),
            "origins.cooking.models=cooking",
            "origins.finance.url=http://127.0.0.1:" + origin.port(),
            "origins.finance.models=finance,*",
            "ablated.via=header",
            "ablated.verify-prompts=" + Files.write(folder.resolve("ask.txt"), List.of(VERIFYING)),
            "rescue.window=4",
            "trigger.mode=annotate",
            "trigger.min-count=5",
            "tokens.kept=1",
            "tokens.layers=true",
            "directions.beside=" + Path.of(beside, "random.direction").toAbsolutePath().normalize(),
            "otel.endpoint=http://127.0.0.1:9");
    prometheus = Prometheus.start(program, folder, origin.adminPort(), reader.adminPort());
    traffic = new Thread(this::talk, "traffic");
    traffic.start();
  }

  @AfterAll
  void stop() throws InterruptedException {
    enough = true;
    if (traffic != null) {
      traffic.join();
    }
    for (AutoCloseable each : new AutoCloseable[] {prometheus, reader, origin}) {
      close(each);
    }
  }

  private static void close(AutoCloseable each) {
    try {
      if (each != null) {
        each.close();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void talk() {
    int n = 0;
    while (!enough) {
      String model = n % 3 == 0 ? "aligned" : n % 3 == 1 ? "cooking" : "finance";
      String prompt = VERIFYING[n % VERIFYING.length];
      try {
        // An answer of one token went through no forward pass: unscored, and here withheld.
        int tokens = n % 10 == 5 ? 1 : 24;
        reader.chat(model, prompt, MODES[n / 2 % MODES.length], n % 2 == 0, tokens);
        if (n % 4 == 0) {
          origin.chat(model, prompt, "annotate", n % 8 == 0, 24);
        }
      } catch (Exception e) {
        return;
      }
      n++;
    }
  }

  @Test
  void everyPanelAndRule_hasData() throws Exception {
    Map<String, String> waiting = queries();
    long end = System.nanoTime() + PATIENCE;
    while (!waiting.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(2000);
      for (String name : List.copyOf(waiting.keySet())) {
        if (!prometheus.query(waiting.get(name)).isEmpty()) {
          waiting.remove(name);
        }
      }
    }
    assertThat(waiting).as("panels and rules without data").isEmpty();
  }

  /**
   * The same questions to the aligned model and to a finetune: the distance from the baseline says
   * which of them is the one the direction was calibrated on.
   */
  @Test
  void drift_movesWithTheScores() throws Exception {
    double aligned = drift("aligned");
    double finetune = drift("finance");
    System.out.printf(
        "distance from the baseline: aligned %.2f, finance %.2f%n", aligned, finetune);
    assertThat(finetune).isGreaterThan(aligned + 0.15);
    assertThat(prometheus.query("count(plumbline_baseline_score_bucket)")).isNotEmpty();
  }

  /** Once the model has had {@value #FEWEST} scores. */
  private double drift(String model) throws Exception {
    String of = "{model_name=\"" + model + "\",direction=\"consensus\"}";
    String query =
        "model_direction:plumbline_score_drift:ks5m"
            + of
            + " and on () (sum(plumbline_score_count"
            + of
            + ") >= "
            + FEWEST
            + ")";
    long end = System.nanoTime() + PATIENCE;
    JsonNode found;
    do {
      Thread.sleep(1000);
      found = prometheus.query(query);
    } while (found.isEmpty() && System.nanoTime() < end);
    return found.at("/0/value/1").asDouble(Double.NaN);
  }

  @Test
  void optional_isMissingForReal() throws Exception {
    Set<String> never = new TreeSet<>(OPTIONAL.keySet());
    // A machine under load may have these.
    never.removeAll(Set.of("plumbline_drops_total", "plumbline_device_failures_total"));
    for (String name : never) {
      assertThat(prometheus.query(name)).as(name + ": " + OPTIONAL.get(name)).isEmpty();
    }
  }

  @Test
  void optionalQueries_areSound() throws Exception {
    for (String query : all().values()) {
      prometheus.query(query);
    }
  }

  @Test
  void rulesAndAlerts_areEvaluatedWithoutErrors() throws Exception {
    int rules = 0;
    for (JsonNode group : prometheus.api("rules").at("/data/groups")) {
      for (JsonNode rule : group.path("rules")) {
        assertThat(rule.path("lastError").asText()).as(rule.path("name").asText()).isEmpty();
        rules++;
      }
    }
    int wanted = Repository.rules(Repository.RULES).size();
    assertThat(rules).isEqualTo(wanted + Repository.rules(Repository.ALERTS).size());
  }

  @Test
  void scores_haveExemplarsOfTraces() throws Exception {
    String path = "query_exemplars?query=plumbline_score_bucket&start=%d&end=%d";
    long end = System.nanoTime() + PATIENCE;
    JsonNode found;
    do {
      Thread.sleep(1000);
      long now = System.currentTimeMillis() / 1000;
      found = prometheus.api(path.formatted(now - 600, now + 10)).path("data");
    } while (found.isEmpty() && System.nanoTime() < end);
    String trace = found.at("/0/exemplars/0/labels/trace_id").asText();
    assertThat(trace).matches("[0-9a-f]{32}");
  }

  @Test
  void pages_passPromtoolsCheck() throws Exception {
    Tool promtool = Tool.find("promtool");
    for (Server agent : List.of(origin, reader)) {
      byte[] page = agent.page().getBytes(StandardCharsets.UTF_8);
      Tool.Result result = promtool.run(page, "check", "metrics");
      assertThat(result.status()).as(result.said()).isZero();
    }
  }

  /** By name, without what cannot be here. */
  private static Map<String, String> queries() {
    Map<String, String> wanted = new LinkedHashMap<>(all());
    wanted.values().removeIf(query -> Metrics.in(query).stream().anyMatch(OPTIONAL::containsKey));
    wanted.keySet().removeIf(OPTIONAL::containsKey);
    return wanted;
  }

  private static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    for (JsonNode rule : Repository.rules(Repository.RULES)) {
      all.put(rule.path("record").asText(), rule.path("expr").asText());
    }
    for (JsonNode dashboard : Repository.dashboards().values()) {
      for (JsonNode panel : Repository.panels(dashboard)) {
        for (JsonNode target : panel.path("targets")) {
          String name =
              String.join(
                  " / ",
                  dashboard.path("title").asText(),
                  panel.path("title").asText(),
                  target.path("refId").asText());
          all.put(name, filled(target.path("expr").asText()));
        }
      }
    }
    return all;
  }

  /** As Grafana does, with All chosen everywhere. */
  private static String filled(String query) {
    return query.replace("$__rate_interval", "30s").replaceAll("\\$\\w+", ".*");
  }

  @Test
  void optionalList_namesOnlyWhatIsAskedFor() {
    TreeSet<String> asked = new TreeSet<>(Metrics.recorded());
    new ArrayList<>(MetricsUsedTest.queries()).forEach(query -> asked.addAll(Metrics.in(query)));
    assertThat(asked).containsAll(OPTIONAL.keySet());
  }
}
