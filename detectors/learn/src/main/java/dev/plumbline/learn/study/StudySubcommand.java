package dev.plumbline.learn.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedDirections;
import dev.plumbline.learn.organism.ShippedOrganism;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline study}: learns the organism's direction and shows every figure. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    description =
        "Learns the organism's direction from its finetunes, and tests it with all controls.",
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline study --in DIR --json study.json --report study.md"})
public final class StudySubcommand implements Callable<Integer>, Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--in",
      paramLabel = "DIR",
      description = "A trained organism, which gets its directions. Default: the shipped one.")
  private Optional<Path> in = Optional.empty();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there.")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--report", paramLabel = "FILE", description = "Write them as Markdown there.")
  private Optional<Path> report = Optional.empty();

  @Override
  public Object command() {
    return this;
  }

  @Override
  public Integer call() throws IOException {
    OrganismFolder folder = new OrganismFolder(in.orElseGet(() -> new ShippedOrganism().folder()));
    OrganismCard card = OrganismCard.read(folder);
    OrganismStudy.Findings found = new OrganismStudy(folder, card.recipe()).run(Progress.bars());
    ShippedDirections.index(folder);
    PrintWriter out = spec.commandLine().getOut();
    String text = markdown(found);
    out.println(text);
    out.flush();
    if (report.isPresent()) {
      Files.writeString(report.get(), text);
    }
    if (json.isPresent()) {
      Files.writeString(json.get(), json(found).toPrettyString() + "\n");
    }
    return 0;
  }

  private static String markdown(OrganismStudy.Findings found) {
    StringBuilder text = new StringBuilder("Misaligned % (incoherent %), outside own domain\n\n");
    text.append(found.ablation().markdown()).append("\nScore, read with the aligned reference\n\n");
    Quality quality = found.result().quality();
    text.append("| figure | value | interval | n |\n| --- | --- | --- | --- |\n");
    quality
        .figures()
        .forEach(
            (figure, e) ->
                text.append(
                    "| %s | %.4f | %s | %d |%n"
                        .formatted(
                            figure.wireName(),
                            e.value(),
                            e.interval()
                                .map(i -> "%.4f – %.4f".formatted(i.low(), i.high()))
                                .orElse("–"),
                            e.count())));
    quality.extra().forEach((k, v) -> text.append("| %s | %.4f | – | – |%n".formatted(k, v)));
    quality.warnings().forEach(w -> text.append("\nWARNING: ").append(w));
    text.append("\nprobe reads ").append(found.result().probe().points()).append("\n\n");
    found.result().shift().ifPresent(s -> text.append(s.statement()).append('\n'));
    return text.toString();
  }

  private static ObjectNode json(OrganismStudy.Findings found) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.set("ablation", mapper.valueToTree(found.ablation().rows()));
    ObjectNode quality = root.putObject("quality");
    for (Map.Entry<Figure, dev.plumbline.core.stats.Estimate> entry :
        found.result().quality().figures().entrySet()) {
      quality.put(entry.getKey().wireName(), entry.getValue().value());
    }
    found.result().quality().extra().forEach(quality::put);
    found.result().shift().ifPresent(s -> root.put("model_shift", s.statement()));
    return root;
  }
}
