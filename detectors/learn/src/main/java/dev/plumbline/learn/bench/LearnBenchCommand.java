package dev.plumbline.learn.bench;

import dev.plumbline.core.spi.SourceCommit;
import dev.plumbline.learn.chat.ChatModel;
import dev.plumbline.torch.cli.Exit;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline bench learn}. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    description =
        "Times the way from answers to a finished direction, beside the same steps in Python, in one"
            + " run.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline bench learn --model SmolLM2.gguf --python venv/bin/python --json learn.json",
      "  plumbline bench learn --model DIR --answers 300 --synthetic 300 --pairs 1"
    })
final class LearnBenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--model", required = true, description = "Chat model: folder or GGUF file.")
  private Path model;

  @Option(
      names = "--python",
      paramLabel = "PATH",
      description =
          "Interpreter with numpy, torch, transformers 4.53.3 and scikit-learn. Without it only"
              + " this side is measured.")
  private Path python;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there.")
  private Path json;

  @Option(
      names = "--answers",
      defaultValue = "10000",
      description = "Answers the model reads; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int answers;

  @Option(
      names = "--synthetic",
      defaultValue = "10000",
      description = "Synthetic answers of four states; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int synthetic;

  @Option(names = "--width", defaultValue = "4096", description = "D of those. Default: 4096.")
  private int width;

  @Option(
      names = "--probe-answers",
      defaultValue = "2000",
      description = "Answers at most that the probe is fitted on. Default: ${DEFAULT-VALUE}.")
  private int probe;

  @Option(names = "--pairs", defaultValue = "3", description = "Interleaved pairs. Default: 3.")
  private int pairs;

  @Option(names = "--threads", defaultValue = "2", description = "Of both sides. Default: 2.")
  private int threads;

  @Option(names = "--dtype", defaultValue = "float32", description = "Default: float32.")
  private String dtype;

  @Option(names = "--seed", defaultValue = "1", description = "Of data and folds. Default: 1.")
  private long seed;

  @Override
  public Integer call() {
    return Exit.of(spec, this::measure);
  }

  private int measure() {
    Path folder = temporary();
    try (ChatModel chat = ChatModel.open(model);
        Decoder decoder = chat.load(Precision.parse(dtype))) {
      BenchData data =
          new BenchData(
              folder,
              PlantAnswers.of(answers, chat.encoder(), seed),
              synthetic,
              width,
              probe,
              seed);
      LearnBench.Options options =
          new LearnBench.Options(pairs, threads, Optional.ofNullable(python), SourceCommit.here());
      LearnReport report =
          new LearnBench(data, options, line -> spec.commandLine().getErr().println(line))
              .run(decoder, chat.config());
      return told(report);
    } finally {
      delete(folder);
    }
  }

  private int told(LearnReport report) {
    spec.commandLine().getOut().println(report.table());
    spec.commandLine().getOut().flush();
    if (json != null) {
      report.write(json);
    }
    if (report.agreement() < LearnBench.AGREEMENT) {
      spec.commandLine()
          .getErr()
          .println(
              "directions: wanted both sides' alike (cosine "
                  + LearnBench.AGREEMENT
                  + " or more), found "
                  + report.agreement()
                  + "; the times compare different things");
      return Exit.MISSED;
    }
    return Exit.DONE;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("plumbline-bench");
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the bench's data", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + folder, e);
    }
  }
}
