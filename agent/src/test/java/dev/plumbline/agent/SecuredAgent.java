package dev.plumbline.agent;

import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.embedded.Engines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent and, in front of one, its origin, for the tests of the security package. */
public final class SecuredAgent implements AutoCloseable {
  private static final String BODY = "{\"by\":\"origin\"}";
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
          + BODY.length()
          + "\r\n\r\n"
          + BODY;

  private final RunningAgent agent;
  private final Optional<ScriptedOrigin> origin;

  private SecuredAgent(RunningAgent agent, Optional<ScriptedOrigin> origin) {
    this.agent = agent;
    this.origin = origin;
  }

  /** In front of an origin that answers everything alike. */
  public static SecuredAgent passing(String... settings) throws IOException {
    ScriptedOrigin origin = ScriptedOrigin.sending(ANSWER);
    return new SecuredAgent(Agents.passing(origin.port(), settings), Optional.of(origin));
  }

  /** Serves scripted models by itself. */
  public static SecuredAgent serving(String... settings) {
    return new SecuredAgent(Agents.serving(new ScriptedModels(), settings), Optional.empty());
  }

  /** With the engine of the command, its settings and no others. */
  public static SecuredAgent real(Map<String, String> settings) {
    Map<String, String> flags =
        new HashMap<>(Map.of("port", "0", "admin.port", "0", "shutdown.deadline", "5s"));
    flags.putAll(settings);
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    return new SecuredAgent(agent, Optional.empty());
  }

  /** With no engine. */
  public static SecuredAgent without(Map<String, String> settings) {
    Map<String, String> flags = new HashMap<>(Map.of("port", "0", "admin.port", "0"));
    flags.putAll(settings);
    return new SecuredAgent(
        new Assembly(Engines.none()).launch(ConfigLoader.load(Optional.empty(), Map.of(), flags)),
        Optional.empty());
  }

  /** In front of nobody, with a file that it can read again. */
  public static SecuredAgent fromFile(Path file, String settings) throws IOException {
    Files.writeString(
        file, "port: 0\nadmin.port: 0\norigin.url: http://127.0.0.1:1\n" + settings + "\n");
    ConfigSources sources = new ConfigSources(Optional.of(file), Map.of(), Map.of());
    return new SecuredAgent(
        new Assembly(Engines.none()).launch(sources.read(), sources), Optional.empty());
  }

  /** A token in a file of its own. */
  public static String token(Path folder, String name) throws IOException {
    String token = (name + "-").repeat(64 / (name.length() + 1));
    Path file = Files.writeString(folder.resolve(name), token, StandardCharsets.US_ASCII);
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    return token;
  }

  public int port() {
    return agent.port();
  }

  public int oipPort() {
    return agent.oipPort().orElseThrow();
  }

  public int adminPort() {
    return agent.adminPort();
  }

  /** As METHOD and path. */
  public List<String> adminRoutes() {
    return agent.adminRoutes();
  }

  /** Request lines and headers the origin got. */
  public List<String> atOrigin() {
    return origin.orElseThrow().requests.stream()
        .map(request -> request.line() + "\n" + String.join("\n", request.headers()))
        .toList();
  }

  public void awaitReady() {
    agent.awaitReady();
  }

  /** The metrics page. */
  public String page() throws IOException {
    return RawHttp.get(agent.adminPort(), "/metrics").text();
  }

  /** The sum of a counter's series whose line begins so. */
  public double counter(String prefix) throws IOException {
    return page()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Waits until a counter has this value or more. */
  public void awaitCounter(String prefix, double least) {
    AtomicInteger looks = new AtomicInteger();
    Agents.await(
        prefix + " to be " + least,
        () -> {
          try {
            return looks.incrementAndGet() > 0 && counter(prefix) >= least;
          } catch (IOException e) {
            return false;
          }
        });
  }

  @Override
  public void close() throws IOException {
    agent.close();
    if (origin.isPresent()) {
      origin.get().close();
    }
  }
}
