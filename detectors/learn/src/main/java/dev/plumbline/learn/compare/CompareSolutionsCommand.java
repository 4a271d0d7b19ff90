package dev.plumbline.learn.compare;

import dev.plumbline.core.Check;
import dev.plumbline.learn.data.StepFolders;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.text.ChatEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline compare solutions}. */
@Command(
    name = "solutions",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks why one solution of a task is found and not another: loss against norm (efficiency),"
          + " what random turns of equal norm cost (stability), KL a token on text that has nothing"
          + " to do with the task (significance), cosines, principal components, and the path of a"
          + " training.",
      "Solutions are PEFT adapters of one base or steering vectors; random controls of equal norm"
          + " stand beside them."
    },
    footer = {
      "",
      "Example:",
      "  plumbline compare solutions --model base --general general=runs/g/adapter \\",
      "    --narrow narrow=runs/n/adapter --domain medicine.jsonl --pretraining web.jsonl \\",
      "    --snapshots runs/g/checkpoints --out compared"
    })
final class CompareSolutionsCommand extends JobCommand {
  @Mixin private ModelOptions model;

  @Option(
      names = "--general",
      required = true,
      paramLabel = "NAME=DIR",
      description = "A solution trained on the task alone; the first is the one compared.")
  private Map<String, Path> general = new LinkedHashMap<>();

  @Option(
      names = "--narrow",
      required = true,
      paramLabel = "NAME=DIR",
      description = "A solution that was held near the base elsewhere; may be repeated.")
  private Map<String, Path> narrow = new LinkedHashMap<>();

  @Option(
      names = "--solution",
      paramLabel = "NAME=DIR",
      description = "Another solution, for the cosines and curves; may be repeated.")
  private Map<String, Path> others = new LinkedHashMap<>();

  @Option(
      names = "--domain",
      required = true,
      paramLabel = "FILE",
      description = "The task, JSONL of messages: loss of the answers' tokens alone.")
  private Path domain;

  @Option(
      names = "--held-out",
      paramLabel = "FILE",
      description = "More of the task that nobody trained on, for the stability; else --domain.")
  private Optional<Path> heldOut = Optional.empty();

  @Option(
      names = "--pretraining",
      required = true,
      paramLabel = "FILE",
      description = "Text for the significance: JSONL of {\"text\"}, or plain text by paragraphs.")
  private Path pretraining;

  @Option(
      names = "--chat",
      paramLabel = "FILE",
      description = "Chats for the significance too, JSONL of messages.")
  private Optional<Path> chat = Optional.empty();

  @Option(
      names = "--snapshots",
      paramLabel = "DIR",
      description = "Adapters along a training, in folders step-N: its path.")
  private Optional<Path> snapshots = Optional.empty();

  @Option(
      names = "--texts",
      defaultValue = "100",
      paramLabel = "N",
      description = "Texts of each file that are read, from its start (${DEFAULT-VALUE}).")
  private int texts;

  @Option(
      names = "--max-tokens",
      defaultValue = "512",
      paramLabel = "N",
      description = "Tokens of a text that are read (${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--turns",
      defaultValue = "10",
      paramLabel = "N",
      description = "Random turns at each ε (${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--controls",
      defaultValue = "2",
      paramLabel = "N",
      description = "Random solutions as long as the general one (${DEFAULT-VALUE}).")
  private int controls;

  @Option(
      names = "--norm-most",
      paramLabel = "X",
      description =
          "End of the norms of the significance, in 25 steps; else 5 by 0.2 for vectors, and twice"
              + " the mean norm in 24 steps for adapters.")
  private Optional<Double> normMost = Optional.empty();

  @Option(
      names = "--look",
      defaultValue = "5",
      paramLabel = "K",
      description = "Snapshots the path's turns look back and on (${DEFAULT-VALUE}).")
  private int look;

  @Option(
      names = "--turn-threshold",
      defaultValue = "0.05",
      paramLabel = "SHARE",
      description =
          "Steps shorter than this share of the path's reach have no angle"
              + " (${DEFAULT-VALUE}).")
  private double threshold;

  @Option(
      names = "--revert-steps",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Train the general and the narrow adapter on by the task alone for so many"
              + " steps of 16 texts: does the narrow one drift? 0 for not (${DEFAULT-VALUE}).")
  private int revertSteps;

  @Option(
      names = "--revert-rate",
      defaultValue = "2e-5",
      paramLabel = "X",
      description = "Learning rate of that (${DEFAULT-VALUE}).")
  private double revertRate;

  @Override
  protected List<Step> steps() {
    Check.that(turns > 1, "--turns", "2 or more", turns, "raise it");
    try (OpenModel open = model.open()) {
      List<Candidate> candidates = candidates(open);
      Corpora corpora = corpora(open);
      int n = candidates.size();
      List<Step> steps = new ArrayList<>();
      steps.add(
          new Step("solutions", candidates.stream().map(Candidate::name).toList().toString()));
      steps.add(new Step("efficiency", passes(n * 31, corpora.task())));
      steps.add(new Step("stability", passes(n * 12 * turns, corpora.heldOut())));
      steps.add(new Step("significance", passes(n * 26, corpora.documents())));
      corpora.chat().ifPresent(t -> steps.add(new Step("significance-chat", passes(n * 26, t))));
      snapshots.ifPresent(
          at -> steps.add(new Step("path", StepFolders.of(at).size() + " snapshots")));
      if (revertSteps > 0) {
        requireAdapters(candidates);
        steps.add(new Step("reversion", "2 trainings of " + revertSteps + " steps of 16 texts"));
      }
      return steps;
    }
  }

  private static void requireAdapters(List<Candidate> candidates) {
    Check.that(
        candidates.stream().allMatch(c -> c.solution() instanceof AdapterChange),
        "--revert-steps",
        "adapters",
        "vectors",
        "leave it out");
  }

  private static String passes(int passes, List<ScoredText> texts) {
    long tokens = texts.stream().mapToLong(ScoredText::size).sum();
    return passes + " passes over " + texts.size() + " texts of " + tokens + " tokens";
  }

  /** All texts, read before anything is computed. */
  private record Corpora(
      List<ScoredText> task,
      List<ScoredText> heldOut,
      List<ScoredText> documents,
      Optional<List<ScoredText>> chat) {}

  private Corpora corpora(OpenModel open) {
    Check.that(texts > 1, "--texts", "2 or more", texts, "raise it");
    Check.that(maxTokens > 1, "--max-tokens", "2 or more", maxTokens, "raise it");
    List<ScoredText> task = answers(domain, open.encoder());
    return new Corpora(
        task,
        heldOut.map(file -> answers(file, open.encoder())).orElse(task),
        DocumentFile.read(pretraining, open.tokenizer(), maxTokens, texts),
        chat.map(file -> answers(file, open.encoder())));
  }

  private List<ScoredText> answers(Path file, ChatEncoder encoder) {
    return AnswerFile.read(file, encoder).stream()
        .limit(texts)
        .map(ScoredText::response)
        .map(text -> text.cut(maxTokens))
        .toList();
  }

  private List<Candidate> candidates(OpenModel open) {
    List<Candidate> given = new ArrayList<>();
    general.forEach((name, at) -> given.add(candidate(open, name, at, Role.GENERAL)));
    narrow.forEach((name, at) -> given.add(candidate(open, name, at, Role.NARROW)));
    others.forEach((name, at) -> given.add(candidate(open, name, at, Role.OTHER)));
    long names = given.stream().map(Candidate::name).distinct().count();
    Check.that(names == given.size(), "solutions", "names once each", names, "rename some");
    return Candidate.withControls(given, controls, job.seed());
  }

  private static Candidate candidate(OpenModel open, String name, Path at, Role role) {
    return new Candidate(SolutionFolders.read(name, at, open.config()), role);
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    try (OpenModel open = model.open()) {
      List<Candidate> candidates = candidates(open);
      Corpora corpora = corpora(open);
      List<Double> norms = norms(candidates);
      SolutionJob work =
          new SolutionJob(folder, progress, model.load(open), candidates, turns, job.seed());
      Efficiency efficiency = work.efficiency(corpora.task());
      Stability stability = work.stability(corpora.heldOut());
      Significance documents = work.significance("significance", corpora.documents(), norms);
      Optional<Significance> chats =
          corpora.chat().map(t -> work.significance("significance-chat", t, norms));
      Optional<TrainingPath> path = snapshots.map(at -> work.path(at, open.config()));
      Optional<Drift> drift =
          revertSteps == 0
              ? Optional.empty()
              : work.drift(corpora.task(), corpora.documents(), revertSteps, revertRate);
      SolutionReport report =
          new SolutionReport(candidates, efficiency, stability, documents, chats, job.seed());
      return Outcome.done(
          report.of(
              Stream.concat(
                      drift.map(d -> DriftSection.of(d, revertRate)).stream(),
                      path.map(p -> PathSection.of(p, look, threshold * p.reach())).stream())
                  .toList(),
              open.pin(model.revision()),
              heldOut.isPresent()));
    }
  }

  private List<Double> norms(List<Candidate> candidates) {
    if (normMost.isPresent()) {
      return Grids.upTo(normMost.get(), normMost.get() / 25);
    }
    boolean vectors = candidates.get(0).solution() instanceof VectorChange;
    return vectors ? Grids.upTo(5, 0.2) : Grids.aroundMean(candidates);
  }
}
