package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.TokenFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * The options that say where a running agent is and who asks, and the way to tell it something. A
 * mixin of every command that talks to an admin port. Redirects are not followed: the token is for
 * this agent.
 */
public final class AdminPort {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final String TOKEN_VARIABLE = "PLUMBLINE_ADMIN_TOKEN_FILE";

  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "The agent's admin port. Default: ${DEFAULT-VALUE}.")
  private URI admin;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token to send. Default: $PLUMBLINE_ADMIN_TOKEN_FILE, or no token.")
  private Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM certificates that sign the agent's. Default: those the JDK trusts.")
  private Path ca;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM chain to show an agent with admin.tls.client-ca; with --certificate-key.")
  private Path certificate;

  @Option(
      names = "--certificate-key",
      paramLabel = "FILE",
      description = "PEM private key (PKCS #8) of --certificate.")
  private Path certificateKey;

  /** A path of that agent. */
  public URI at(String path) {
    return admin.resolve(path);
  }

  /**
   * Posts nothing there.
   *
   * @throws CommandFailure when nobody answers
   */
  public HttpResponse<String> post(String path) throws InterruptedException {
    return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()));
  }

  /**
   * Posts these bytes with these headers.
   *
   * @throws CommandFailure when nobody answers
   */
  public HttpResponse<String> post(String path, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    headers.forEach(request::header);
    return send(path, request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /**
   * Gets what is there.
   *
   * @throws CommandFailure when nobody answers
   */
  public HttpResponse<String> get(String path) throws InterruptedException {
    return send(path, HttpRequest.newBuilder().GET());
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request)
      throws InterruptedException {
    URI target = at(path);
    Optional<String> token = token();
    try {
      token.ifPresent(secret -> request.header("authorization", "Bearer " + secret));
      return client()
          .send(request.uri(target).timeout(WAIT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "wanted an agent's admin port at %s, found: %s; say where it is with --admin"
              .formatted(target, e),
          e);
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(WAIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1);
    if (ca != null || certificate != null) {
      builder.sslContext(
          PemContext.of(
              Optional.ofNullable(ca),
              Optional.ofNullable(certificate),
              Optional.ofNullable(certificateKey)));
    }
    return builder.build();
  }

  private Optional<String> token() {
    try {
      return Optional.ofNullable(tokenFile)
          .or(() -> Optional.ofNullable(System.getenv(TOKEN_VARIABLE)).map(Path::of))
          .map(TokenFile::read);
    } catch (RuntimeException e) {
      throw new CommandFailure(ExitCode.USAGE, "--token-file: " + e.getMessage(), e);
    }
  }

  /** The failure of an answer other than the wanted one. */
  public CommandFailure unwanted(String path, HttpResponse<String> answer) {
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
