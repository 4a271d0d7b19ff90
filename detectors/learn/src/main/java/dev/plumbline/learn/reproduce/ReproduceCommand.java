package dev.plumbline.learn.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.plumbline.core.spi.SourceCommit;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.chat.ChainDataCommand;
import dev.plumbline.learn.chat.SmolLm2Command;
import dev.plumbline.learn.job.JobCommand;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Outcome;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.job.Step;
import dev.plumbline.learn.report.MarkdownBlock;
import dev.plumbline.torch.bench.HostFacts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plumbline reproduce}: every claim of the papers, from nothing. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {SmolLm2Command.class, ChainDataCommand.class},
    description = {
      "Trains the miniature organism and measures every claim of the papers on it, each beside its"
          + " control. Without --quick: three seeds.",
      "A claim that does not hold here is reported as such; the exit status is 0 all the same."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline reproduce --quick --json claims.json",
      "  plumbline reproduce --out DIR --papers detectors/PAPERS.md",
      "  plumbline reproduce --out DIR --resume"
    })
public final class ReproduceCommand extends JobCommand implements Subcommand {
  private static final int SEEDS = 3;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Option(names = "--quick", description = "One seed, fewer answers, coarser grids.")
  private boolean quick;

  @Option(
      names = "--papers",
      paramLabel = "FILE",
      description = "Write the table of claims into this Markdown file.")
  private Optional<Path> papers = Optional.empty();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "CLAIM",
      description = "Measure these claims alone; the others are reported as not measured.")
  private List<String> only = new ArrayList<>();

  private final Clock clock;
  private final ArrayNode claims = new ObjectMapper().createArrayNode();

  /** Made by ServiceLoader. */
  public ReproduceCommand() {
    this(Clock.systemDefaultZone());
  }

  ReproduceCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Object command() {
    return this;
  }

  @Override
  protected Optional<Path> defaultOut() {
    return Optional.of(Path.of("reproduction-" + LocalDateTime.now(clock).format(STAMP)));
  }

  private int seeds() {
    return quick ? 1 : SEEDS;
  }

  @Override
  protected List<Step> steps() {
    List<String> known = Claims.all().stream().map(Claim::id).toList();
    if (!known.containsAll(only)) {
      throw new IllegalArgumentException(
          "--only: wanted claims among " + known + ", found " + only + "; correct the names");
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < seeds(); i++) {
      steps.add(new Step("organism " + seed(i), "trained from its recipe, with checkpoints"));
      for (Experiment experiment : wanted()) {
        steps.add(
            new Step(experiment.name() + " " + seed(i), String.join(", ", experiment.claims())));
      }
    }
    return steps;
  }

  private long seed(int i) {
    return job.seed() + i;
  }

  private List<Experiment> wanted() {
    return Experiments.all().stream()
        .filter(e -> only.isEmpty() || e.claims().stream().anyMatch(only::contains))
        .toList();
  }

  @Override
  protected Outcome run(JobFolder folder, Progress progress) {
    List<Map<String, Finding>> found = new ArrayList<>();
    for (int i = 0; i < seeds(); i++) {
      found.add(new SeedRun(folder, seed(i), quick).run(wanted(), progress));
    }
    List<Reproduced> reproduced = new ArrayList<>();
    for (Claim claim : Claims.all()) {
      List<Finding> each =
          found.stream().map(seed -> seed.getOrDefault(claim.id(), missing(claim))).toList();
      reproduced.add(new Reproduced(claim, each));
    }
    reproduced.forEach(claim -> claims.add(claim.json()));
    ReproductionReport report = new ReproductionReport(reproduced, provenance());
    new MarkdownBlock("plumbline reproduce")
        .write(folder.root().resolve("PAPERS.md"), report.markdown());
    papers.ifPresent(
        file -> new MarkdownBlock("plumbline reproduce").write(file, report.markdown()));
    return Outcome.done(report.report());
  }

  private static Finding missing(Claim claim) {
    return Finding.unmeasured(claim.id(), "left out by --only");
  }

  private Map<String, String> provenance() {
    HostFacts host = HostFacts.here(SourceCommit.here(), clock);
    Map<String, String> from = new LinkedHashMap<>();
    from.put("seeds", job.seed() + " to " + seed(seeds() - 1) + (quick ? " (--quick)" : ""));
    from.put("machine", host.machine());
    from.put("jdk", host.jdk());
    from.put("libtorch", host.libtorch());
    from.put("commit", host.commit());
    from.put("date", host.date());
    return from;
  }

  @Override
  protected JsonNode json(Outcome outcome) {
    return claims;
  }
}
