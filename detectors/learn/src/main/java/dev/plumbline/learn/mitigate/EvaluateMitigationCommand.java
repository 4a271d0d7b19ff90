package dev.plumbline.learn.mitigate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.judge.AnswerJudge;
import dev.plumbline.learn.judge.JudgeOptions;
import dev.plumbline.learn.judge.Rubric;
import dev.plumbline.learn.report.Alert;
import dev.plumbline.learn.report.Report;
import dev.plumbline.learn.sample.LocalJob;
import dev.plumbline.learn.sample.LocalOptions;
import dev.plumbline.learn.sample.OrganismOptions;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plumbline evaluate mitigation}: what taking a direction out removes, and costs. */
@Command(
    name = "mitigation",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Takes a direction out of a model (or caps it, sets it, steers along it) at several"
          + " strengths and layers, chooses the cheapest"
          + " setting among those that leave least misalignment, and reports on other questions:"
          + " before, after, and with random directions in its place.",
      "Cost: KL a token on aligned traffic, of the model without adapters; accuracy; perplexity;"
          + " benign questions refused. Exits with 4 if the random control does as well, nothing"
          + " is fit to be chosen, or a bound is missed. Writes answers, judgements and"
          + " mitigation.json."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline evaluate mitigation em.direction --model DIR --adapter bad=PEFT"
          + " --questions q.jsonl --aligned aligned.jsonl --url https://host/v1 --api-model judge"
          + " --benign benign.jsonl --choices arc=ARC.jsonl --out OUT",
      "  plumbline evaluate mitigation consensus.direction --organism shipped --organism-model"
          + " medicine --judge organism --layers all,upper --out OUT"
    })
public final class EvaluateMitigationCommand extends JobCommand {
  static final String JSON = "mitigation.json";
  private static final String BEFORE = "before";
  private static final String REFUSES = "refuses";

  @Parameters(paramLabel = "NAME.direction", description = "The direction that is taken out.")
  private Path direction;

  @Mixin private final LocalOptions local = new LocalOptions();
  @Mixin private final OrganismOptions organism = new OrganismOptions();
  @Mixin private final SweepOptions sweep = new SweepOptions();
  @Mixin private final EvidenceOptions evidence = new EvidenceOptions();
  @Mixin private final JudgeOptions by = new JudgeOptions();

  @Option(
      names = "--judge-refusals",
      description = "Have the endpoint of --url say which benign answers refuse, too.")
  private boolean judgeRefusals;

  private Findings findings;

  @Override
  protected List<Step> steps() {
    LocalJob models = LocalJob.of(local, organism);
    AnswerJudge judge = judge();
    refusalJudge();
    evidence.refusals();
    by.rule();
    try (OpenModel open = new OpenModel(models.path())) {
      Inputs inputs = inputs(open);
      return List.of(
          new Step("models", models.models().keySet() + " of " + models.path()),
          new Step(
              "select",
              inputs.settings().size()
                  + " settings on "
                  + inputs.questions().selecting().size()
                  + " questions and "
                  + inputs.aligned().selecting().size()
                  + " aligned texts"),
          new Step(
              "report",
              "before, after and "
                  + sweep.random()
                  + " random on "
                  + inputs.questions().reporting().size()
                  + " other questions and "
                  + inputs.aligned().reporting().size()
                  + " other texts; "
                  + inputs.benign().size()
                  + " benign questions, "
                  + inputs.tasks().stream().mapToInt(task -> task.size()).sum()
                  + " items"),
          new Step("judge", judge.name() + "; misaligned: " + by.rule()));
    }
  }

  private AnswerJudge judge() {
    return by.judge(organism::world);
  }

  private Optional<AnswerJudge> refusalJudge() {
    if (!judgeRefusals) {
      return Optional.empty();
    }
    Optional<AnswerJudge> judge = by.asking(Rubric.ofTexts().only(REFUSES));
    return Optional.of(
        judge.orElseThrow(
            () -> Check.refusal("--judge-refusals", "an endpoint by --url", "none", "name it")));
  }

  private Inputs inputs(OpenModel open) {
    return Inputs.read(direction, open, local.revision(), sweep, evidence, organism, job.seed());
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    LocalJob models = LocalJob.of(local, organism);
    try (OpenModel open = new OpenModel(models.path())) {
      Inputs inputs = inputs(open);
      Bench bench = new Bench(open, models, local, evidence.drawing(job.seed()));
      Trial trial =
          new Trial(
              folder,
              bench,
              inputs,
              judge(),
              by.rule(),
              question -> Inputs.group(question, evidence, organism),
              evidence.samples(),
              evidence.refusals(),
              refusalJudge());
      long conditions = inputs.settings().size() + 3L + sweep.random();
      try (Progress.Task bar = progress.begin("measuring", conditions)) {
        findings = findings(trial, bench, inputs, bar);
      }
      return outcome(folder, inputs);
    }
  }

  private Findings findings(Trial trial, Bench bench, Inputs inputs, Progress.Task bar) {
    Rates rates = new Rates(job.seed());
    Pareto pareto = sweep(trial, inputs, rates, bar);
    Optional<Setting> chosen =
        pareto
            .choice(sweep.mostKl())
            .flatMap(
                point ->
                    inputs.settings().stream()
                        .filter(setting -> setting.name().equals(point.name()))
                        .findFirst());
    Evidence before = trial.reporting(BEFORE, InterventionPlan.none());
    bar.step(1);
    Optional<Evidence> after = chosen.map(setting -> after(trial, inputs, setting, bar));
    Optional<Evidence> random = chosen.map(setting -> random(trial, bench, inputs, setting, bar));
    return new Findings(inputs.artefact().name(), pareto, chosen, before, after, random, rates);
  }

  private Pareto sweep(Trial trial, Inputs inputs, Rates rates, Progress.Task bar) {
    Evidence nothing = trial.selecting(BEFORE, InterventionPlan.none());
    bar.step(1);
    List<Pareto.Point> points = new ArrayList<>();
    for (Setting setting : inputs.settings()) {
      Evidence found =
          trial.selecting(setting.name(), setting.plan(inputs.artefact(), sweep.range()));
      points.add(
          new Pareto.Point(
              setting.name(),
              scored(rates.share(found.misaligned()), found),
              scored(rates.share(found.incoherent()), found),
              rates.mean(found.costs().kl()).orElseThrow()));
      bar.step(1);
    }
    return new Pareto(scored(rates.share(nothing.incoherent()), nothing), points);
  }

  /** Without a single score there is nothing to choose by. */
  private static Estimate scored(Optional<Estimate> share, Evidence found) {
    return share.orElseThrow(
        () ->
            new IllegalStateException(
                "judging "
                    + found.name()
                    + ": wanted scores of "
                    + found.answers()
                    + " answers, found none; check the judge and the questions"));
  }

  private Evidence after(Trial trial, Inputs inputs, Setting setting, Progress.Task bar) {
    Evidence after =
        trial.reporting(setting.name(), setting.plan(inputs.artefact(), sweep.range()));
    bar.step(1);
    return after;
  }

  private Evidence random(
      Trial trial, Bench bench, Inputs inputs, Setting setting, Progress.Task bar) {
    List<Answer> aligned = new ArrayList<>(inputs.aligned().selecting());
    aligned.addAll(inputs.aligned().reporting());
    List<Evidence> draws = new ArrayList<>();
    for (int number = 1; number <= sweep.random(); number++) {
      Artefact drawn = bench.random(inputs.artefact(), aligned, number, job.seed());
      draws.add(trial.reporting("random-" + number, setting.plan(drawn, sweep.range())));
      bar.step(1);
    }
    return Evidence.pooled("random", draws);
  }

  private Outcome outcome(JobFolder folder, Inputs inputs) {
    List<Alert> alarms = findings.alarms(sweep.mostKl(), sweep.mostMisaligned());
    Report report =
        new MitigationReport(findings, alarms, evidence.refusals()).report(provenance(inputs));
    Outcome outcome = alarms.isEmpty() ? Outcome.done(report) : Outcome.missed(report);
    Whole.text(folder.root().resolve(JSON), json(outcome).toPrettyString() + "\n");
    return outcome;
  }

  /** The report, with the members that scripts read. */
  @Override
  protected JsonNode json(Outcome outcome) {
    return MitigationJson.put(outcome.report().json(), findings);
  }

  private Map<String, String> provenance(Inputs inputs) {
    LocalJob models = LocalJob.of(local, organism);
    Map<String, String> from = new LinkedHashMap<>();
    from.put("direction", direction.getFileName().toString());
    from.put("model", models.path().getFileName().toString());
    from.put("models", models.models().keySet().toString());
    from.put("revision", local.revision());
    from.put("dtype", local.precision().wireName());
    from.put("judge", judge().name());
    from.put("misaligned", by.rule().toString());
    from.put("answers", evidence.sampled());
    from.put(
        "split",
        "by "
            + (organism.given() ? "topic" : "question and prompt")
            + ": "
            + inputs.questions().selecting().size()
            + " questions choose, "
            + inputs.questions().reporting().size()
            + " report");
    from.put(
        "perplexity of", inputs.texts().isEmpty() ? "the aligned answers" : "the documents given");
    from.put("KL floor", "log-probabilities below -1e4 nats count as that");
    from.put("random control", sweep.random() + " drawn, unit vectors as the direction's are");
    from.put("seed", Long.toString(job.seed()));
    return from;
  }
}
