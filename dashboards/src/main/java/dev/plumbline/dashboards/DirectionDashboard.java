package dev.plumbline.dashboards;

import static dev.plumbline.agent.metrics.Meter.ADAPTER_PROJECTION;
import static dev.plumbline.agent.metrics.Meter.ADAPTER_VERIFICATIONS;
import static dev.plumbline.agent.metrics.Meter.ARTEFACT_ALPHA;
import static dev.plumbline.agent.metrics.Meter.ARTEFACT_CREATED;
import static dev.plumbline.agent.metrics.Meter.ARTEFACT_INFO;
import static dev.plumbline.agent.metrics.Meter.BASELINE_SCORE;
import static dev.plumbline.agent.metrics.Meter.DIRECTION_SCORE;
import static dev.plumbline.agent.metrics.Meter.SCORE;
import static dev.plumbline.agent.metrics.Meter.SCORE_THRESHOLD;
import static dev.plumbline.dashboards.Promql.AGENTS;
import static dev.plumbline.dashboards.Promql.DIRECTIONS;
import static dev.plumbline.dashboards.Promql.SCORES;
import static dev.plumbline.dashboards.Promql.last;
import static dev.plumbline.dashboards.Promql.max;
import static dev.plumbline.dashboards.Promql.quantile;
import static dev.plumbline.dashboards.Promql.rate;
import static dev.plumbline.dashboards.Promql.recorded;

import java.util.List;

/** Whether a direction still means what it meant when it was learned. */
final class DirectionDashboard {
  private DirectionDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "plumbline-direction",
        "Plumbline: quality of directions",
        "For whoever trains directions: which are in use, how their scores move away from calibration, what ablation leaves.",
        List.of(Variables.NAMESPACE, Variables.INSTANCE, Variables.MODEL, Variables.DIRECTION),
        List.of(inUse(), drift(), ablation()));
  }

  private static Row inUse() {
    return Row.of(
        "What is in use?",
        Panel.table(
            "Artefacts",
            "Which direction each agent reads with: what it was learned on, its digest, where it reads, how it fits. A digest that differs between agents is a mismatch.",
            "sum by (namespace, instance, model_name, direction, role, digest, tap_points, fit) ("
                + last(ARTEFACT_INFO, DIRECTIONS)
                + ")"),
        Panel.lines(
            "Age",
            "s",
            "Since a direction was learned.",
            Query.of(
                "{{direction}}", "time() - " + max("direction", ARTEFACT_CREATED, DIRECTIONS))),
        Panel.lines(
            "Thresholds and alpha",
            "percentunit",
            "Where drifted begins, and the share of aligned answers that is expected above it.",
            Query.of("{{direction}} {{of}}", max("direction, of", SCORE_THRESHOLD, DIRECTIONS)),
            Query.of("{{direction}} alpha", max("direction", ARTEFACT_ALPHA, DIRECTIONS))));
  }

  private static Row drift() {
    return Row.of(
        "Do its scores still look like calibration?",
        Panel.lines(
                "Distance from the baseline",
                "short",
                "Kolmogorov and Smirnov between today's scores and those of calibration: 0 is the same. For artefacts that hold their baseline.",
                Query.of(
                    "{{model_name}} {{direction}}",
                    recorded("model_direction:plumbline_score_drift:ks5m", SCORES)))
            .redFrom(0.2),
        Panel.lines(
                "Distance from yesterday",
                "short",
                "The same against a day ago.",
                Query.of(
                    "{{model_name}} {{direction}}",
                    recorded("model_direction:plumbline_score_drift:ks5m_yesterday", SCORES)))
            .redFrom(0.3),
        Panel.lines(
            "Quantiles of scores",
            "percentunit",
            "What half, and 95 of 100 answers are below.",
            Query.of(
                "p50 {{model_name}} {{direction}}",
                quantile("0.5", "model_name, direction", SCORE, SCORES)),
            Query.of(
                "p95 {{model_name}} {{direction}}",
                quantile("0.95", "model_name, direction", SCORE, SCORES))),
        Panel.lines(
            "Shares below each bound",
            "percentunit",
            "The baseline's distribution: what calibration saw.",
            Query.of(
                "{{direction}} {{le}}",
                "max by (direction, le) ("
                    + BASELINE_SCORE.prometheusName()
                    + "_bucket{"
                    + DIRECTIONS
                    + "})\n  / on (direction) group_left () max by (direction) ("
                    + BASELINE_SCORE.prometheusName()
                    + "_count{"
                    + DIRECTIONS
                    + "})")),
        Panel.lines(
            "Flagged, against alpha",
            "short",
            "Share of the answers flagged over six hours, in times of what aligned answers are expected at.",
            Query.of(
                "{{model_name}} {{direction}}",
                recorded("model_direction:plumbline_flagged:ratio_rate6h", SCORES)
                    + "\n  / on (namespace, direction) group_left () "
                    + recorded("direction:plumbline_artefact_alpha:max", DIRECTIONS))),
        Panel.lines(
            "Directions beside",
            "percentunit",
            "p95 of the scores of directions that are read beside: a candidate before it judges.",
            Query.of("{{direction}}", quantile("0.95", "direction", DIRECTION_SCORE, DIRECTIONS))));
  }

  private static Row ablation() {
    return Row.of(
        "What does taking it out leave?",
        Panel.lines(
            "Projection, plain and ablated",
            "short",
            "What the last measurement of an origin's variant found along the direction, in spreads of aligned traffic.",
            Query.of("{{origin}} {{variant}}", max("origin, variant", ADAPTER_PROJECTION, AGENTS))),
        Panel.lines(
            "Measurements",
            "ops",
            "Measurements of variants by what came out; ineffective is an alarm.",
            Query.of(
                "{{origin}} {{outcome}}", rate("origin, outcome", ADAPTER_VERIFICATIONS, AGENTS))));
  }
}
