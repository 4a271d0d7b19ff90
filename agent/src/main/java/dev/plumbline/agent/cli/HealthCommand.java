package dev.plumbline.agent.cli;

import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline health}: whether a running agent is ready, for images without curl. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = "Says whether a running agent is ready; exit code 1 if it is not.",
    footerHeading = "%nExamples:%n",
    footer = {"  plumbline health", "  plumbline health --wait 60 --admin http://127.0.0.1:9090"})
final class HealthCommand implements Callable<Integer> {
  private static final String PATH = "/health/ready";
  private static final long BETWEEN_MILLIS = 500;

  @Spec private CommandSpec spec;
  @Mixin private AdminPort admin;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Ask again this long while it is not. Default: ask once.")
  private int wait;

  @Override
  public Integer call() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
    while (true) {
      boolean last = System.nanoTime() >= end;
      if (ready(last)) {
        return ExitCode.DONE.status();
      }
      Thread.sleep(BETWEEN_MILLIS);
    }
  }

  /**
   * @param last whether a no is a failure
   */
  private boolean ready(boolean last) throws InterruptedException {
    try {
      HttpResponse<String> answer = admin.get(PATH);
      if (answer.statusCode() != 200) {
        throw admin.unwanted(PATH, answer);
      }
      spec.commandLine().getOut().println(answer.body());
      return true;
    } catch (CommandFailure e) {
      if (last) {
        throw e;
      }
      return false;
    }
  }
}
