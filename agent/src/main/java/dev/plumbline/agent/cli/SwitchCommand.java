package dev.plumbline.agent.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline off} and {@code plumbline on}: the kill switch of a running agent. */
@Command(mixinStandardHelpOptions = true)
final class SwitchCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "The agent's admin port. Default: ${DEFAULT-VALUE}.")
  private URI admin;

  @Override
  public Integer call() throws InterruptedException {
    URI target = admin.resolve("/api/" + spec.name());
    HttpResponse<String> answer = post(target);
    if (answer.statusCode() != 200) {
      ExitCode code = answer.statusCode() == 409 ? ExitCode.NOT_FITTING : ExitCode.FAILED;
      throw new CommandFailure(code, "wanted 200 from " + target + ", found " + told(answer), null);
    }
    spec.commandLine().getOut().println(answer.body());
    return ExitCode.DONE.status();
  }

  private static String told(HttpResponse<String> answer) {
    return answer.statusCode() + ": " + answer.body();
  }

  private static HttpResponse<String> post(URI target) throws InterruptedException {
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT).build();
      HttpRequest request =
          HttpRequest.newBuilder(target)
              .timeout(WAIT)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "wanted an agent's admin port at %s, found: %s; say where it is with --admin"
              .formatted(target, e),
          e);
    }
  }
}
