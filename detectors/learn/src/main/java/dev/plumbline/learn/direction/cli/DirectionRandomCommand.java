package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.direction.RandomCounterpart;
import dev.plumbline.learn.job.ModelOptions;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.cli.NotFittingException;
import dev.plumbline.torch.model.OpenModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline direction random DIR --model M --aligned FILE --out DIR2}. */
@Command(
    name = "random",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes the control of an ablation: a random direction wherever this one has a learned one,"
            + " taken out to its own aligned mean. For `sample --ablate` and"
            + " `evaluate model --ablate`.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline direction random em.direction --model DIR --aligned aligned.jsonl --out random.direction"
    })
final class DirectionRandomCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder NAME.direction.")
  private Path folder;

  @Mixin private ModelOptions model;

  @Option(
      names = "--aligned",
      required = true,
      paramLabel = "FILE",
      description = "JSONL of aligned exchanges of the model, for the baselines.")
  private Path aligned;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "A folder NAME.direction to write.")
  private Path out;

  @Option(names = "--seed", defaultValue = "1", description = "Of the draw (${DEFAULT-VALUE}).")
  private long seed;

  @Override
  public Integer call() {
    return Exit.of(spec, this::write);
  }

  private int write() {
    Artefact artefact = ArtefactFolder.read(folder);
    try (OpenModel open = model.open()) {
      if (artefact.fit(open.pin(model.revision())) instanceof Fit.Refused refused) {
        throw new NotFittingException(
            folder + " does not fit " + model.path() + ": " + refused.explain());
      }
      List<Answer> answers = AnswerFile.readAligned(aligned, open.encoder());
      ActivationCollector reader = new ActivationCollector(model.load(open), Progress.bars());
      ArtefactFolder.write(RandomCounterpart.of(artefact, reader, answers, seed), out);
    }
    PrintWriter to = spec.commandLine().getOut();
    to.println("wrote " + out);
    to.flush();
    return Exit.DONE;
  }
}
