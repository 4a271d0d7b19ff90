package dev.plumbline.agent.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code plumbline bench}, where no other module brings it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures speeds, each beside what it is held against, in one run.")
public final class BenchGroup implements Runnable {
  @Spec private CommandSpec spec;

  private BenchGroup() {}

  /** Adds the agent's own benches to {@code bench}, whoever brought it. */
  public static void plug(CommandLine root) {
    CommandLine bench = root.getSubcommands().get("bench");
    if (bench == null) {
      bench = new CommandLine(new BenchGroup());
      root.addSubcommand(bench);
    }
    bench.addSubcommand(new ProxyCommand());
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "wanted a bench, found none; see --help");
  }
}
