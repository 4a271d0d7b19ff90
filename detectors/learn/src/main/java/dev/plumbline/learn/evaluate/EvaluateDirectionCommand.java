package dev.plumbline.learn.evaluate;

import dev.plumbline.core.Check;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.StateReader;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.shards.MemberOptions;
import dev.plumbline.learn.shards.ShardedStates;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.model.OpenModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plumbline evaluate direction DIR… --model M --judged FILE --out DIR}. */
@Command(
    name = "direction",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Holds directions against judged answers that they never saw, beside every control: random"
          + " and prompt-grouped folds, what the prompt alone gives, words and length alone,"
          + " shuffled labels, random directions, false positives.",
      "Raises an alarm (exit status 4) for each control that is not beaten."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline evaluate direction em.direction --model base/ --judged judged.jsonl --out eval",
      "  plumbline evaluate direction em.direction --model base/ --judged judged.jsonl \\",
      "      --aligned traffic.jsonl --finetune medicine=adapters/medicine --out eval",
      "  plumbline evaluate direction em.direction --organism --out eval",
      "  plumbline evaluate direction em.direction --model base/ --judged judged.jsonl \\",
      "      --members node1,node2 --out eval"
    })
final class EvaluateDirectionCommand extends JobCommand {
  @Parameters(paramLabel = "DIR", arity = "1..*", description = "Folders NAME.direction.")
  private List<Path> folders = new ArrayList<>();

  @Mixin private SubjectOptions subject;
  @Mixin private MemberOptions members;

  @Option(
      names = "--folds",
      defaultValue = "5",
      paramLabel = "K",
      description = "Of every cross-validation (${DEFAULT-VALUE}).")
  private int folds;

  @Option(
      names = "--random",
      defaultValue = "39",
      paramLabel = "N",
      description = "Random directions held beside each probe (${DEFAULT-VALUE}).")
  private int draws;

  @Override
  protected List<Step> steps() {
    subject.check();
    members.require();
    Check.that(draws >= 19, "--random", "19 or more, to tell at 5 %", draws, "raise it");
    validation();
    List<Step> steps = new ArrayList<>();
    try (OpenModel open = new OpenModel(subject.model())) {
      for (Path folder : folders) {
        steps.add(new Step("direction", folder + ": " + fit(folder, open.pin("unknown"))));
      }
      steps.add(new Step("answers", describe(open)));
    }
    steps.add(new Step("controls", folds + " folds, at random and by prompt; shuffled labels"));
    steps.add(new Step("score", "calibration, thresholds, offsets, " + draws + " random"));
    steps.add(new Step("readings", members.text()));
    steps.add(new Step("transfer", "from model to model, where there are several"));
    return steps;
  }

  private Validation validation() {
    return new Validation(folds, Validation.of(job.seed()).ridges(), job.seed());
  }

  private static String fit(Path folder, ModelPin pin) {
    Fit fit = ArtefactFolder.read(folder).fit(pin);
    if (fit instanceof Fit.Refused refused) {
      throw new NotFittingException(folder + " does not fit the model: " + refused.explain());
    }
    return fit instanceof Fit.Exact ? "made of these weights" : "made of other weights";
  }

  private String describe(OpenModel open) {
    Optional<OrganismBench> bench = subject.bench(job.seed());
    if (bench.isPresent()) {
      return subject.perModel() + " sampled of each of " + bench.get().emergent();
    }
    Counts counts = Counts.of(subject.sources().read(open.encoder()).judged());
    return "%d judged, %d misaligned, %d prompts, %d of them mixed"
        .formatted(counts.answers(), counts.misaligned(), counts.prompts(), counts.mixed());
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<Artefact> artefacts = folders.stream().map(ArtefactFolder::read).toList();
    Optional<OrganismBench> bench = subject.bench(job.seed());
    try (OpenModel open = new OpenModel(subject.model())) {
      EvaluationAnswers data = answers(folder, open, bench);
      Map<String, Path> adapters = subject.adapters(bench);
      var decoder = open.load(subject.precision(), subject.device());
      adapters.forEach(open::wear);
      ActivationCollector here = new ActivationCollector(decoder, progress);
      Optional<ShardedStates> sharded =
          members
              .runner(open, decoder, adapters, subject.device(), here)
              .map(
                  runner ->
                      new ShardedStates(
                          runner, here.hidden(), members.shards(), folder.root(), progress));
      StateReader reader = sharded.<StateReader>map(each -> each).orElse(here);
      DirectionJob work = new DirectionJob(folder, here, reader, validation(), draws);
      Findings found =
          work.run(artefacts, data, adapters.keySet(), bench.map(b -> ablate(work, b)));
      return DirectionReport.of(found, artefacts, data, open.pin("unknown"), job.seed())
          .with(sharded.map(ShardedStates::sections).orElse(List.of()));
    }
  }

  private EvaluationAnswers answers(
      JobFolder folder, OpenModel open, Optional<OrganismBench> bench) {
    if (bench.isEmpty()) {
      return subject.sources().read(open.encoder());
    }
    return folder.stage(
        "answers",
        EvaluationAnswers.class,
        () -> {
          try (OrganismSampler sampler = bench.get().sampler()) {
            return bench.get().answers(sampler, subject.perModel(), 2 * subject.perModel());
          }
        });
  }

  private AblateTransfer ablate(DirectionJob work, OrganismBench bench) {
    try (OrganismSampler sampler = bench.sampler()) {
      return work.ablate(bench, sampler, subject.perCell());
    }
  }
}
