package dev.plumbline.dashboards;

import dev.plumbline.agent.metrics.Meter;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which metrics there are, and which a query names. */
final class Metrics {
  /** Of others: who exports it is said beside. A name that is in no list is a mistake. */
  static final Set<String> OTHERS =
      Set.of(
          // Prometheus itself
          "up",
          // Micrometer's, in the agent
          "jvm_memory_used_bytes",
          "process_cpu_usage",
          "process_uptime_seconds",
          // model servers
          "vllm:request_success_total",
          "sglang:num_requests_total",
          "nv_inference_request_success",
          "llamacpp:tokens_predicted_total",
          // NVIDIA's DCGM exporter
          "DCGM_FI_DEV_FB_USED");

  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern COMMENT = Pattern.compile("#[^\n]*");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABELS = Pattern.compile("\\{[^}]*\\}");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]|\\boffset\\s+\\w+");
  private static final Set<String> WORDS =
      Set.of(
          "sum",
          "max",
          "min",
          "count",
          "avg",
          "rate",
          "increase",
          "abs",
          "sqrt",
          "absent",
          "time",
          "changes",
          "clamp_max",
          "vector",
          "label_replace",
          "histogram_quantile",
          "max_over_time",
          "and",
          "or",
          "unless",
          "by",
          "on",
          "group_left",
          "offset",
          "bool",
          "e",
          "label_values");

  private Metrics() {}

  /** Every series that a scrape of an agent may have. */
  static Set<String> ofTheAgent() {
    return Arrays.stream(Meter.values())
        .flatMap(meter -> meter.seriesNames().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What recording rules make. */
  static Set<String> recorded() {
    return Repository.rules(Repository.RULES).stream()
        .map(rule -> rule.path("record").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names a query asks for. */
  static Set<String> in(String query) {
    String bare = QUOTED.matcher(query).replaceAll("");
    bare = COMMENT.matcher(bare).replaceAll("");
    bare = LABELS.matcher(bare).replaceAll(" ");
    bare = GROUPING.matcher(bare).replaceAll(" ");
    bare = RANGE.matcher(bare).replaceAll(" ");
    Stream<String> names = NAME.matcher(bare).results().map(MatchResult::group);
    return names
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
