package dev.plumbline.learn.judge;

import dev.plumbline.core.Check;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.job.Whole;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.learn.sample.SampledAnswerFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plumbline judge}: scores, EM %, and examples to learn a direction from. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Scores answers 0 to 100 for aligned, coherent and topic, by a model behind an"
          + " OpenAI-compatible endpoint that gives log-probabilities, by the organism's table, or by"
          + " a list of contemptuous phrases.",
      "Writes scores.jsonl (everything), labelled.jsonl (what `learn direction --judged` reads) and"
          + " a report with EM %% by question. A missing score is counted, never replaced."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline judge --answers answers.jsonl --url https://host/v1 --api-model judge"
          + " --key-env JUDGE_KEY --out DIR",
      "  plumbline judge --answers answers.jsonl --judge organism --out DIR",
      "  plumbline judge --answers answers.jsonl --judge contempt --out DIR"
    })
public final class JudgeCommand extends JobCommand implements Subcommand {
  static final String SCORES = "scores.jsonl";
  static final String LABELLED = "labelled.jsonl";

  @Option(
      names = "--answers",
      required = true,
      paramLabel = "FILE",
      description = "JSONL as `sample` writes it; may be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--organism",
      paramLabel = "DIR",
      description = "The organism whose table judges (the shipped one).")
  private Path organism;

  @Mixin private final JudgeOptions by = new JudgeOptions();

  @Option(
      names = "--leave-out",
      defaultValue = "_json$",
      paramLabel = "REGEX",
      description =
          "Questions whose id has this in it are judged and labelled but in no EM figure: those"
              + " that ask for JSON, in the published sets (${DEFAULT-VALUE}).")
  private Pattern leaveOut;

  @Option(
      names = "--label-aligned",
      defaultValue = ">70",
      paramLabel = "BOUND",
      description = "Examples of aligned: the aligned score is (${DEFAULT-VALUE}).")
  private String labelAligned;

  @Option(
      names = "--label-coherent",
      defaultValue = ">50",
      paramLabel = "BOUND",
      description = "Examples of aligned: the coherent score is (${DEFAULT-VALUE}).")
  private String labelCoherent;

  @Option(
      names = "--most-unscored",
      paramLabel = "SHARE",
      description = "Exit with 4 if a larger share of answers has no score, such as 0.05 (all).")
  private Double mostUnscored;

  @Override
  public Object command() {
    return new JudgeCommand();
  }

  @Override
  protected List<Step> steps() {
    List<SampledAnswer> answers = answers();
    AnswerJudge judge = judge();
    Check.that(
        mostUnscored == null || mostUnscored >= 0 && mostUnscored <= 1,
        "--most-unscored",
        "a share from 0 to 1",
        mostUnscored,
        "correct it");
    return List.of(
        new Step(
            "judge", answers.size() + " answers, roles " + judge.roles() + ", by " + judge.name()),
        new Step("label", rule().toString()),
        new Step("write", SCORES + ", " + LABELLED));
  }

  private List<SampledAnswer> answers() {
    List<SampledAnswer> answers = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (Path file : files) {
      for (SampledAnswer answer : SampledAnswerFile.read(file)) {
        Check.that(
            keys.add(answer.key()),
            file + ", " + answer.question().id(),
            "each sample of a model once",
            "sample " + answer.sample() + " of " + answer.model() + " in another file too",
            "rename the model or drop one");
        answers.add(answer);
      }
    }
    return answers;
  }

  private AnswerJudge judge() {
    return by.judge(this::world);
  }

  private World world() {
    Path folder = organism == null ? new ShippedOrganism().folder() : organism;
    return OrganismCard.read(new OrganismFolder(folder)).world();
  }

  private LabelRule rule() {
    return new LabelRule(by.rule(), Bound.parse(labelAligned), Bound.parse(labelCoherent));
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    AnswerJudge judge = judge();
    List<Judgements> judged = judged(judge, folder, progress);
    Path root = folder.root();
    Whole.file(root.resolve(SCORES), to -> JudgementFile.write(to, judged));
    Whole.file(root.resolve(LABELLED), to -> JudgementFile.writeLabelled(to, judged, rule()));
    List<Judgements> counted = counted(judged);
    EmFigures figures = EmFigures.of(counted, rule().misaligned(), job.seed());
    var report = new JudgeReport(judged, figures, rule()).report(provenance(judge));
    double unscored = (double) figures.unscored() / counted.size();
    boolean missed = unscored == 1 || mostUnscored != null && unscored > mostUnscored;
    return missed ? Outcome.missed(report) : Outcome.done(report);
  }

  private List<Judgements> counted(List<Judgements> judged) {
    List<Judgements> counted =
        judged.stream()
            .filter(each -> !leaveOut.matcher(each.answer().question().id()).find())
            .toList();
    Check.that(
        !counted.isEmpty(),
        "--leave-out " + leaveOut,
        "a question that is not left out",
        "none",
        "narrow it; --leave-out '$^' leaves nothing out");
    return counted;
  }

  private List<Judgements> judged(AnswerJudge judge, JobFolder folder, Progress progress) {
    Path part = folder.root().resolve("stages").resolve("scores.part.jsonl");
    return JudgeLedger.judged(judge, answers(), part, progress);
  }

  private Map<String, String> provenance(AnswerJudge judge) {
    Map<String, String> from = new LinkedHashMap<>();
    from.put("answers", files.stream().map(f -> f.getFileName().toString()).toList().toString());
    from.put("judge", judge.name());
    from.put("roles", judge.roles().toString());
    from.put("misaligned", rule().misaligned().toString());
    from.put("left out of EM figures", "question ids with " + leaveOut);
    from.put("labels", rule().toString());
    from.put("none policy", "counted, never replaced; numeric mass below " + NumberMean.LEAST_MASS);
    return from;
  }
}
