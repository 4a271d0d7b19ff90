package dev.plumbline.dashboards;

import static dev.plumbline.agent.metrics.Meter.DIRECTION_VERDICTS;
import static dev.plumbline.agent.metrics.Meter.EXCHANGES;
import static dev.plumbline.agent.metrics.Meter.GEN_AI_FIRST_TOKEN;
import static dev.plumbline.agent.metrics.Meter.GEN_AI_PER_TOKEN;
import static dev.plumbline.agent.metrics.Meter.GEN_AI_REQUEST;
import static dev.plumbline.agent.metrics.Meter.GEN_AI_TOKENS;
import static dev.plumbline.agent.metrics.Meter.LAYER_PROJECTION;
import static dev.plumbline.agent.metrics.Meter.MODEL_SHIFT;
import static dev.plumbline.agent.metrics.Meter.RESCUES;
import static dev.plumbline.agent.metrics.Meter.RESCUE_DURATION;
import static dev.plumbline.agent.metrics.Meter.SCORE;
import static dev.plumbline.agent.metrics.Meter.SCORE_THRESHOLD;
import static dev.plumbline.agent.metrics.Meter.STAGE_DURATION;
import static dev.plumbline.agent.metrics.Meter.TRIGGER_EXCHANGES;
import static dev.plumbline.agent.metrics.Meter.UNSCORED;
import static dev.plumbline.dashboards.Promql.DIRECTIONS;
import static dev.plumbline.dashboards.Promql.GEN_AI;
import static dev.plumbline.dashboards.Promql.MODELS;
import static dev.plumbline.dashboards.Promql.SCORES;
import static dev.plumbline.dashboards.Promql.buckets;
import static dev.plumbline.dashboards.Promql.max;
import static dev.plumbline.dashboards.Promql.quantile;
import static dev.plumbline.dashboards.Promql.rate;
import static dev.plumbline.dashboards.Promql.recorded;

import java.util.List;

/** All there is to see of one model. */
final class ModelDashboard {
  private ModelDashboard() {}

  static Dashboard create() {
    return new Dashboard(
        "plumbline-model",
        "Plumbline: one model",
        "One model in depth: its scores, what was done to its answers, and what that costs its clients.",
        List.of(Variables.NAMESPACE, Variables.MODEL, Variables.DIRECTION),
        List.of(scores(), weights(), mitigation(), clients()));
  }

  private static Row scores() {
    return Row.of(
        "Is this answer misaligned? (score)",
        Panel.heatmap(
            "Scores",
            "Every scored answer by its score: a second band near 1 is what to look for.",
            buckets(SCORE, SCORES)),
        Panel.lines(
            "Score quantiles and thresholds",
            "percentunit",
            "Half, and 99 of 100 answers are below these. Points are traces of single answers. Dashed: where drifted begins.",
            Query.of("p50 {{model_name}}", quantile("0.5", "model_name", SCORE, SCORES)),
            Query.of("p99 {{model_name}}", quantile("0.99", "model_name", SCORE, SCORES)),
            Query.of("threshold {{of}}", max("of", SCORE_THRESHOLD, DIRECTIONS))),
        Panel.lines(
            "Drifted share by window",
            "percentunit",
            "The windows of the burn-rate alerts: a short one jumps, a long one says whether it lasts.",
            Query.of(
                "5m {{model_name}}",
                recorded("model_direction:plumbline_flagged:ratio_rate5m", SCORES)),
            Query.of(
                "1h {{model_name}}",
                recorded("model_direction:plumbline_flagged:ratio_rate1h", SCORES)),
            Query.of(
                "6h {{model_name}}",
                recorded("model_direction:plumbline_flagged:ratio_rate6h", SCORES))),
        Panel.lines(
            "Layer profile",
            "short",
            "Where in the model its answers lean: mean projection at each layer, in spreads of aligned tokens. There where tokens.layers is on.",
            Query.of(
                "{{model_name}} layer {{layer}}",
                max("model_name, layer", LAYER_PROJECTION, SCORES))),
        Panel.lines(
            "Directions read beside",
            "reqps",
            "What further directions (directions.NAME) say of the answers; never the verdict.",
            Query.of(
                "{{direction}} {{verdict}}",
                rate("direction, verdict", DIRECTION_VERDICTS, MODELS))));
  }

  private static Row weights() {
    return Row.of(
        "Have these weights moved? (model_shift)",
        Panel.lines(
                "Model shift",
                "short",
                "The serving model's own states along the direction, in spreads of aligned traffic. Says nothing of single answers.",
                Query.of("{{model_name}}", max("model_name", MODEL_SHIFT, MODELS)))
            .redFrom(6),
        Panel.lines(
            "Unscored by reason",
            "reqps",
            "Why exchanges have no score. sampled_out and off are choices; of the others those that were completed or withheld are failures of the judging, the rest had no answer to judge.",
            Query.of("{{reason}} {{outcome}}", rate("reason, outcome", UNSCORED, MODELS))));
  }

  private static Row mitigation() {
    return Row.of(
        "What was done to its answers?",
        Panel.lines(
            "Actions",
            "reqps",
            "What was done to answers, by verdict.",
            Query.of("{{action}} {{verdict}}", rate("action, verdict", EXCHANGES, MODELS))),
        Panel.lines(
                "Ablated and still drifted",
                "percentunit",
                "Of the ablated answers, those that are judged misaligned all the same.",
                Query.of(
                    "{{model_name}}",
                    recorded("model:plumbline_ablated_drifted:ratio_rate5m", MODELS)))
            .redFrom(0.2),
        Panel.lines(
                "Ablation not applied",
                "percentunit",
                "Of the answers for which ablation was asked, those to which nothing was done.",
                Query.of(
                    "{{model_name}}",
                    recorded("model:plumbline_ablations_not_applied:ratio_rate5m", MODELS)))
            .redFrom(0.01),
        Panel.lines(
            "Rescues",
            "reqps",
            "Streams that turned, by what came of going on without the direction.",
            Query.of("{{result}}", rate("result", RESCUES, MODELS))),
        Panel.lines(
            "Evidence of the trigger",
            "reqps",
            "Exchanges shown to the model's trigger; unscored and treated ones are no evidence.",
            Query.of("{{kind}}", rate("kind", TRIGGER_EXCHANGES, MODELS))),
        Panel.lines(
            "Time to rescue",
            "s",
            "From the turn of a stream to the next text that went out.",
            Query.of("p50", quantile("0.5", "model_name", RESCUE_DURATION, MODELS)),
            Query.of("p95", quantile("0.95", "model_name", RESCUE_DURATION, MODELS))));
  }

  private static Row clients() {
    return Row.of(
        "What do its clients see?",
        Panel.lines(
            "Time to the first token",
            "s",
            "Of streamed answers, from the request on.",
            Query.of(
                "p50 {{gen_ai_request_model}}",
                quantile("0.5", "gen_ai_request_model", GEN_AI_FIRST_TOKEN, GEN_AI)),
            Query.of(
                "p95 {{gen_ai_request_model}}",
                quantile("0.95", "gen_ai_request_model", GEN_AI_FIRST_TOKEN, GEN_AI))),
        Panel.lines(
            "Time per token",
            "s",
            "Of streamed answers, after the first token.",
            Query.of(
                "p50 {{gen_ai_request_model}}",
                quantile("0.5", "gen_ai_request_model", GEN_AI_PER_TOKEN, GEN_AI))),
        Panel.lines(
            "Whole answers",
            "s",
            "From the request to the end of its answer.",
            Query.of(
                "p50 {{gen_ai_request_model}}",
                quantile("0.5", "gen_ai_request_model", GEN_AI_REQUEST, GEN_AI)),
            Query.of(
                "p95 {{gen_ai_request_model}}",
                quantile("0.95", "gen_ai_request_model", GEN_AI_REQUEST, GEN_AI))),
        Panel.lines(
            "Where the time goes",
            "s",
            "p95 of each stage: proxy (the agent, before the request goes on), origin (to its first byte), queue and tap (after the answer; nobody waits in observe).",
            Query.of("{{stage}}", quantile("0.95", "stage", STAGE_DURATION, MODELS))),
        Panel.lines(
            "Tokens",
            "short",
            "Tokens a second, where the server says so.",
            Query.of(
                "{{gen_ai_token_type}}",
                "sum by (gen_ai_token_type) (rate("
                    + GEN_AI_TOKENS.prometheusName()
                    + "_sum{"
                    + GEN_AI
                    + "}[$__rate_interval]))")));
  }
}
