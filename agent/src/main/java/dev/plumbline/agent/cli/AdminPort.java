package dev.plumbline.agent.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The option that says where a running agent is, and the way to tell it something. */
final class AdminPort {
  private static final Duration WAIT = Duration.ofSeconds(10);

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "The agent's admin port. Default: ${DEFAULT-VALUE}.")
  private URI admin;

  URI at(String path) {
    return admin.resolve(path);
  }

  /**
   * Posts nothing there.
   *
   * @throws CommandFailure when nobody answers
   */
  HttpResponse<String> post(String path) throws InterruptedException {
    return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()));
  }

  /**
   * Gets what is there.
   *
   * @throws CommandFailure when nobody answers
   */
  HttpResponse<String> get(String path) throws InterruptedException {
    return send(path, HttpRequest.newBuilder().GET());
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request)
      throws InterruptedException {
    URI target = at(path);
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT).build();
      return client.send(
          request.uri(target).timeout(WAIT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "wanted an agent's admin port at %s, found: %s; say where it is with --admin"
              .formatted(target, e),
          e);
    }
  }

  /** The failure of an answer other than the wanted one. */
  CommandFailure unwanted(String path, HttpResponse<String> answer) {
    ExitCode code =
        switch (answer.statusCode()) {
          case 409 -> ExitCode.NOT_FITTING;
          case 422 -> ExitCode.USAGE;
          default -> ExitCode.FAILED;
        };
    String found = answer.statusCode() + ": " + answer.body();
    return new CommandFailure(code, "wanted 200 from " + at(path) + ", found " + found, null);
  }
}
