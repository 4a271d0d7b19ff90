package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Calibration;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.direction.Recalibration;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline direction calibrate DIR --model M --aligned FILE --out DIR2}. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description =
        "Makes a direction valid on other weights of the same model, such as a quantised copy.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline direction calibrate em.direction --model Q4.gguf --aligned aligned.jsonl --out em-q4.direction"
    })
final class DirectionCalibrateCommand implements Callable<Integer> {
  private static final int FEWEST = 1000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder NAME.direction.")
  private Path folder;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "M",
      description = "Model folder or GGUF file.")
  private Path model;

  @Option(
      names = "--aligned",
      required = true,
      paramLabel = "FILE",
      description = "JSONL of 1,000 or more aligned exchanges to prompts the direction never saw.")
  private Path aligned;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR2",
      description = "A folder NAME.direction to write.")
  private Path out;

  @Option(
      names = "--dtype",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16.")
  private String dtype;

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu, cuda or cuda:N.")
  private String device;

  @Override
  public Integer call() {
    return Exit.of(spec, this::calibrate);
  }

  private int calibrate() {
    Artefact artefact = ArtefactFolder.read(folder);
    try (OpenModel open = new OpenModel(model)) {
      ModelPin pin = open.pin("unknown");
      if (artefact.fit(pin) instanceof Fit.Refused refused) {
        return refuse(refused);
      }
      List<Answer> answers = AnswerFile.readAligned(aligned, open.encoder());
      requireEnough(answers);
      ActivationCollector reader =
          new ActivationCollector(open.load(Precision.parse(dtype), device), Progress.bars());
      Recalibration result = Recalibration.of(artefact, pin.weightFingerprint(), reader, answers);
      ArtefactFolder.write(result.artefact(), out);
      report(artefact.calibration(), result);
      return Exit.DONE;
    }
  }

  private int refuse(Fit.Refused refused) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("plumbline: " + folder + " does not fit " + model + ": " + refused.explain());
    err.flush();
    return Exit.NOT_FITTING;
  }

  private static void requireEnough(List<Answer> answers) {
    if (answers.size() < FEWEST) {
      throw new IllegalArgumentException(
          "calibration answers: wanted "
              + FEWEST
              + " or more, found "
              + answers.size()
              + "; collect more");
    }
  }

  private void report(Calibration before, Recalibration result) {
    PrintWriter to = spec.commandLine().getOut();
    Calibration after = result.artefact().calibration();
    Calibration found = result.found().calibration();
    to.printf("threshold  before  these weights  written%n");
    to.printf(
        "answer     %.4f  %.4f         %.4f%n",
        before.thresholdAnswer(), found.thresholdAnswer(), after.thresholdAnswer());
    to.printf(
        "stream     %.4f  %.4f         %.4f%n",
        before.thresholdStream(), found.thresholdStream(), after.thresholdStream());
    to.println("baseline   " + BaselineText.of(result.found().baseline()));
    to.println("wrote " + out);
    to.flush();
  }
}
