package dev.plumbline.dashboards;

import static dev.plumbline.agent.metrics.Meter.DEVICE;
import static dev.plumbline.agent.metrics.Meter.DEVICE_FAILING;
import static dev.plumbline.agent.metrics.Meter.DEVICE_FAILURES;
import static dev.plumbline.agent.metrics.Meter.DEVICE_MEMORY;
import static dev.plumbline.agent.metrics.Meter.DROPS;
import static dev.plumbline.agent.metrics.Meter.HOLD_DURATION;
import static dev.plumbline.agent.metrics.Meter.MEMORY_NATIVE;
import static dev.plumbline.agent.metrics.Meter.MEMORY_RESIDENT;
import static dev.plumbline.agent.metrics.Meter.READER_BATCH_LIMIT;
import static dev.plumbline.agent.metrics.Meter.READER_BYTES;
import static dev.plumbline.agent.metrics.Meter.READER_BYTES_BOUND;
import static dev.plumbline.agent.metrics.Meter.READER_CACHE;
import static dev.plumbline.agent.metrics.Meter.READER_PASSES;
import static dev.plumbline.agent.metrics.Meter.READER_PASS_ROWS;
import static dev.plumbline.agent.metrics.Meter.READER_PASS_TOKENS;
import static dev.plumbline.agent.metrics.Meter.SCORING_DURATION;
import static dev.plumbline.agent.metrics.Meter.STAGE_DURATION;
import static dev.plumbline.agent.metrics.Meter.TOKENS_SCORED;
import static dev.plumbline.agent.metrics.Meter.TRACE_SPANS;
import static dev.plumbline.agent.metrics.Meter.UNSCORED;
import static dev.plumbline.dashboards.Promql.AGENTS;
import static dev.plumbline.dashboards.Promql.max;
import static dev.plumbline.dashboards.Promql.quantile;
import static dev.plumbline.dashboards.Promql.rate;
import static dev.plumbline.dashboards.Promql.recorded;
import static dev.plumbline.dashboards.Promql.share;

import java.util.List;

/** Whether the detector can be trusted, and what it takes. */
final class CostDashboard {
  /**
   * Whose memory it is stands in {@code exported_pod} where the scraper keeps its own labels of the
   * exporter's pod, as it does unless told; else in {@code pod}.
   */
  private static final String GPU_MEMORY =
      """
      sum by (exported_pod) (DCGM_FI_DEV_FB_USED{exported_namespace=~"$namespace",exported_pod!=""}) * 1048576
        or sum by (pod) (DCGM_FI_DEV_FB_USED{namespace=~"$namespace",exported_pod="",pod!=""}) * 1048576""";

  private CostDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "plumbline-cost",
        "Plumbline: detector health and cost",
        "Does the detector keep up, is its device well, what does it add to a request and take of the machine.",
        List.of(Variables.NAMESPACE, Variables.INSTANCE),
        List.of(keepsUp(), device(), request(), machine()));
  }

  private static Row keepsUp() {
    return Row.of(
        "Does it keep up?",
        Panel.lines(
                "Queues",
                "percentunit",
                "How full each bounded queue is. A full one drops observed exchanges first.",
                Query.of(
                    "{{instance}} {{queue}}",
                    recorded("instance_queue:plumbline_queue_fill:ratio", AGENTS)))
            .redFrom(0.8),
        Panel.lines(
            "Given up",
            "ops",
            "Work left undone because a bound was met.",
            Query.of("{{reason}}", rate("reason", DROPS, AGENTS))),
        Panel.lines(
            "Unscored by reason",
            "reqps",
            "Exchanges without a score. Only completed and withheld ones had an answer of the model to judge.",
            Query.of("{{reason}} {{outcome}}", rate("reason, outcome", UNSCORED, AGENTS))),
        Panel.lines(
            "Tokens read",
            "short",
            "Answer tokens a second that were read for a score.",
            Query.of("{{instance}}", rate("instance", TOKENS_SCORED, AGENTS))));
  }

  private static Row device() {
    return Row.of(
        "Is the device well?",
        Panel.lines(
                "Device busy",
                "percentunit",
                "Share of the time that reading passes take. Near 1 the reader is the bottleneck.",
                Query.of(
                    "{{instance}}",
                    recorded("instance:plumbline_device_busy:ratio_rate5m", AGENTS)))
            .redFrom(0.9),
        Panel.lines(
            "Failures",
            "ops",
            "Passes that failed, and whether the device is left alone for that.",
            Query.of("{{kind}}", rate("kind", DEVICE_FAILURES, AGENTS)),
            Query.of("failing {{instance}}", max("instance", DEVICE_FAILING, AGENTS))),
        Panel.lines(
            "Batches",
            "short",
            "Texts a pass reads at once, and the tokens it may take: less than the bound while memory is short.",
            Query.of(
                "texts a pass",
                share(
                    rate("instance", READER_PASS_ROWS, AGENTS),
                    rate("instance", READER_PASSES, AGENTS))),
            Query.of("tokens {{which}}", max("which", READER_BATCH_LIMIT, AGENTS))),
        Panel.lines(
            "Padding",
            "percentunit",
            "Share of the tokens in passes that are padding: work for nothing.",
            Query.of(
                "{{instance}}",
                share(
                    rate("instance", READER_PASS_TOKENS, AGENTS + ",what=\"padding\""),
                    rate("instance", READER_PASS_TOKENS, AGENTS)))),
        Panel.lines(
            "Caches of the reader",
            "bytes",
            "Device bytes its caches hold, and the most they may.",
            Query.of("held {{instance}}", max("instance", READER_BYTES, AGENTS)),
            Query.of("bound {{instance}}", max("instance", READER_BYTES_BOUND, AGENTS))),
        Panel.lines(
            "What befell the caches",
            "ops",
            "Prompts that were not read a second time, and what had to go.",
            Query.of("{{event}}", rate("event", READER_CACHE, AGENTS))),
        Panel.table(
            "What computes",
            "The kind of device of each agent.",
            max("instance, kind", DEVICE, AGENTS) + " > 0"));
  }

  private static Row request() {
    return Row.of(
        "What does it add to a request?",
        Panel.lines(
            "Before the request goes on",
            "s",
            "What the agent takes before the origin has the request.",
            Query.of("p50", quantile("0.5", "stage", STAGE_DURATION, AGENTS + ",stage=\"proxy\"")),
            Query.of(
                "p99", quantile("0.99", "stage", STAGE_DURATION, AGENTS + ",stage=\"proxy\""))),
        Panel.lines(
            "From the answer to the verdict",
            "s",
            "p95 of waiting (queue) and of reading (tap). Clients wait for it only in modes that need a verdict.",
            Query.of(
                "{{stage}}",
                quantile("0.95", "stage", STAGE_DURATION, AGENTS + ",stage=~\"queue|tap\""))),
        Panel.lines(
            "Held back",
            "s",
            "From the first text of a stream to the first that went out: what holding adds.",
            Query.of("p95", quantile("0.95", "model_name", HOLD_DURATION, AGENTS))),
        Panel.lines(
            "Arithmetic of the score",
            "s",
            "Time spent on scores alone, without waiting and without the model's passes.",
            Query.of("p95", quantile("0.95", "model_name", SCORING_DURATION, AGENTS))));
  }

  private static Row machine() {
    return Row.of(
        "What does it take of the machine?",
        Panel.lines(
            "Memory",
            "bytes",
            "Resident; of it native (weights, tensors, buffers); and the JVM's heap.",
            Query.of("resident {{instance}}", max("instance", MEMORY_RESIDENT, AGENTS)),
            Query.of("native {{instance}}", max("instance", MEMORY_NATIVE, AGENTS)),
            Query.of(
                "heap {{instance}}",
                "sum by (instance) (jvm_memory_used_bytes{" + AGENTS + ",area=\"heap\"})")),
        Panel.lines(
            "Processor",
            "percentunit",
            "Share of the processors that the agent uses.",
            Query.of("{{instance}}", "max by (instance) (process_cpu_usage{" + AGENTS + "})")),
        Panel.lines(
            "GPU memory",
            "bytes",
            "Of the GPU an agent computes on, all its processes together; and of the pods that have devices, from NVIDIA's DCGM exporter, if it is scraped.",
            Query.of(
                "{{instance}} {{device}} {{kind}}",
                max("instance, device, kind", DEVICE_MEMORY, AGENTS)),
            Query.of("{{exported_pod}}{{pod}}", GPU_MEMORY)),
        Panel.lines(
            "Spans",
            "ops",
            "Spans for the collector: exported, failed, dropped.",
            Query.of("{{result}}", rate("result", TRACE_SPANS, AGENTS))),
        Panel.lines(
            "Uptime",
            "s",
            "A saw is an agent that restarts.",
            Query.of(
                "{{instance}}", "max by (instance) (process_uptime_seconds{" + AGENTS + "})")));
  }
}
