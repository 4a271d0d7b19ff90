package dev.plumbline.dashboards;

import static dev.plumbline.agent.metrics.Meter.ABLATIONS;
import static dev.plumbline.agent.metrics.Meter.ADAPTER_STATE;
import static dev.plumbline.agent.metrics.Meter.EXCHANGES;
import static dev.plumbline.agent.metrics.Meter.FAIL_USES;
import static dev.plumbline.agent.metrics.Meter.FLEET_MEMBERS;
import static dev.plumbline.agent.metrics.Meter.IN_FLIGHT;
import static dev.plumbline.agent.metrics.Meter.OFF;
import static dev.plumbline.agent.metrics.Meter.ORIGIN_HEALTHY;
import static dev.plumbline.agent.metrics.Meter.READY;
import static dev.plumbline.agent.metrics.Meter.RESCUES;
import static dev.plumbline.agent.metrics.Meter.TRIGGER_STATE;
import static dev.plumbline.agent.metrics.Meter.WITHHELD;
import static dev.plumbline.dashboards.Promql.AGENTS;
import static dev.plumbline.dashboards.Promql.MODELS;
import static dev.plumbline.dashboards.Promql.last;
import static dev.plumbline.dashboards.Promql.max;
import static dev.plumbline.dashboards.Promql.min;
import static dev.plumbline.dashboards.Promql.namespaces;
import static dev.plumbline.dashboards.Promql.rate;
import static dev.plumbline.dashboards.Promql.recorded;

import java.util.List;

/** Where whoever is on call begins. */
final class FleetDashboard {
  private FleetDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "plumbline-fleet",
        "Plumbline: fleet",
        "Where to begin on call: are answers misaligned, what is done about it, is all traffic seen, do all agents run.",
        List.of(Variables.NAMESPACE, Variables.INSTANCE, Variables.MODEL),
        List.of(now(), answers(), done(), seen(), agents()));
  }

  private static Row now() {
    return Row.of(
        "Now",
        Panel.stat(
            "Agents ready",
            "short",
            "Agents that are scraped and ready.",
            Query.of("ready", "sum(" + last(READY, AGENTS) + ")")),
        Panel.stat(
            "Exchanges",
            "reqps",
            "Exchanges that ended, a second.",
            Query.of("all", "sum(" + rate(EXCHANGES, MODELS) + ")")),
        Panel.stat(
            "Under way",
            "short",
            "Exchanges without a verdict yet.",
            Query.of("open", "sum(" + last(IN_FLIGHT, AGENTS) + ")")),
        Panel.stat(
            "Drifted",
            "percentunit",
            "Share of the scored answers that are judged misaligned, of the worst model.",
            Query.of(
                "share",
                "max(" + recorded("model_direction:plumbline_flagged:ratio_rate5m", MODELS) + ")")),
        Panel.stat(
            "Unscored",
            "percentunit",
            "Share of the exchanges without a score, sampling and the kill switch left out; of the worst model.",
            Query.of(
                "share", "max(" + recorded("model:plumbline_unscored:ratio_rate5m", MODELS) + ")")),
        Panel.stat(
            "Switched off",
            "short",
            "Agents that are plain proxies: plumbline off.",
            Query.of("off", "sum(" + last(OFF, AGENTS) + ")")));
  }

  private static Row answers() {
    return Row.of(
        "Are answers misaligned?",
        Panel.lines(
            "Drifted share by model",
            "percentunit",
            "Share of the scored answers above the threshold. Aligned traffic is expected at the artefact's alpha, 1 % by default.",
            Query.of(
                "{{model_name}} {{direction}}",
                recorded("model_direction:plumbline_flagged:ratio_rate5m", MODELS))),
        Panel.lines(
            "Drifted share over a day",
            "percentunit",
            "The slow window of the burn-rate alerts: what does not go away.",
            Query.of(
                "{{model_name}} {{direction}}",
                recorded("model_direction:plumbline_flagged:ratio_rate1d", MODELS))),
        Panel.lines(
            "Verdicts",
            "reqps",
            "Every exchange ends in exactly one: aligned, drifted, unscored. Stacked they are the traffic.",
            Query.of("{{verdict}}", rate("verdict", EXCHANGES, MODELS))),
        Panel.lines(
            "Triggers",
            "short",
            "Where each model's trigger stands: 0 off, 1 armed, 2 active. Active raises the mode of its exchanges.",
            Query.of("{{model_name}}", max("model_name", TRIGGER_STATE, MODELS))));
  }

  private static Row done() {
    return Row.of(
        "What did we do about it?",
        Panel.lines(
            "Actions",
            "reqps",
            "What was done to answers. not_applied is a wish to ablate that came to nothing.",
            Query.of("{{action}}", rate("action", EXCHANGES, MODELS))),
        Panel.lines(
            "Ablation",
            "reqps",
            "Answers for which ablation was asked, by what happened.",
            Query.of("{{model_name}} {{result}}", rate("model_name, result", ABLATIONS, MODELS))),
        Panel.lines(
            "Withheld and rescued",
            "reqps",
            "Refusals in the place of answers by reason, and what came of tries to go on without the direction.",
            Query.of("withheld {{reason}}", rate("reason", WITHHELD, MODELS)),
            Query.of("rescue {{result}}", rate("result", RESCUES, MODELS))),
        Panel.lines(
            "Uses of the fail rule",
            "reqps",
            "Answers that needed a verdict and had none: closed refuses them, open lets them pass.",
            Query.of(
                "{{fail}} {{result}} {{reason}}",
                rate("fail, result, reason", FAIL_USES, AGENTS))));
  }

  private static Row seen() {
    return Row.of(
        "Is all traffic seen?",
        Panel.lines(
                "Share that bypasses the agents",
                "percentunit",
                "What vLLM, SGLang and Triton say they answered, against what the agents saw. Needs a scrape of the servers.",
                Query.of(
                    "{{namespace}}",
                    recorded("namespace:llm_requests_bypassing:ratio_rate5m", namespaces())),
                Query.of(
                    "{{namespace}} llama.cpp tokens",
                    recorded("namespace:llamacpp_tokens_unread:ratio_rate5m", namespaces())))
            .redFrom(0.05),
        Panel.lines(
                "Unscored share by model",
                "percentunit",
                "Exchanges that nobody judged, sampling and the kill switch left out.",
                Query.of(
                    "{{model_name}}", recorded("model:plumbline_unscored:ratio_rate5m", MODELS)))
            .redFrom(0.05));
  }

  private static Row agents() {
    return Row.of(
        "Do agents and servers run?",
        Panel.lines(
            "Origins",
            "short",
            "1 while a model server is healthy, as the agents see it.",
            Query.of("{{origin}}", min("origin", ORIGIN_HEALTHY, AGENTS))),
        Panel.lines(
            "Ablated variants",
            "short",
            "1 for the state that an origin's ablated variant is in. Only a verified one is used; ineffective, failed and lost are alarms.",
            Query.of("{{origin}} {{state}}", max("origin, state", ADAPTER_STATE, AGENTS) + " > 0")),
        Panel.lines(
            "Members of the fleet",
            "short",
            "How many members each agent sees. Lines that differ are a split.",
            Query.of("{{fleet}} {{instance}}", min("fleet, instance", FLEET_MEMBERS, AGENTS))));
  }
}
