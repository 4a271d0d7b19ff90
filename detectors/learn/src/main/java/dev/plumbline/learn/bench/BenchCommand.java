package dev.plumbline.learn.bench;

import dev.plumbline.core.spi.SourceCommit;
import dev.plumbline.core.spi.Subcommand;
import dev.plumbline.torch.bench.ForwardBench;
import dev.plumbline.torch.bench.ForwardReport;
import dev.plumbline.torch.runtime.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plugs {@code plumbline bench} into the launcher. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures speeds, each beside its roofline from the same run.",
    subcommands = {BenchCommand.Forward.class, LearnBenchCommand.class})
public final class BenchCommand implements Subcommand {
  @Override
  public Object command() {
    return this;
  }

  /** {@code plumbline bench forward}. */
  @Command(
      name = "forward",
      mixinStandardHelpOptions = true,
      description =
          "Measures a model's reading and generation speed: plain, and watched and ablated.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  plumbline bench forward --model SmolLM2.gguf --json forward.json",
        "  plumbline bench forward --model DIR --dtype float32 --pairs 5"
      })
  static final class Forward implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--model", required = true, description = "Model folder or GGUF file.")
    private Path model;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there.")
    private Path json;

    @Option(
        names = "--dtype",
        split = ",",
        defaultValue = "float32,bfloat16",
        description = "Which precisions. Default: ${DEFAULT-VALUE}.")
    private List<String> dtypes;

    @Option(
        names = "--pairs",
        defaultValue = "20",
        description = "Interleaved pairs, 100 at most. Default: 20.")
    private int pairs;

    @Option(names = "--device", defaultValue = "cpu", description = "Default: cpu.")
    private String device;

    @Override
    public Integer call() {
      ForwardBench.Options standard = ForwardBench.Options.standard(SourceCommit.here());
      ForwardBench.Options options =
          new ForwardBench.Options(
              dtypes.stream().map(Precision::parse).toList(),
              pairs,
              standard.repeats(),
              standard.batches(),
              device,
              standard.commit());
      ForwardReport report =
          ForwardBench.run(model, options, line -> spec.commandLine().getErr().println(line));
      spec.commandLine().getOut().println(report.table());
      if (json != null) {
        report.write(json);
      }
      return 0;
    }
  }
}
