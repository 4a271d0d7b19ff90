package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Runs every contender against the same origin, one after the other: throughput by wrk after a
 * warm-up, then the times of single requests at half of what the agent carries, then streams.
 */
final class ProxyBench {
  private static final String PATH = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"aligned\",\"messages\":[{\"role\":\"user\",\"content\":\"what about fever\"}]}";
  private static final double SAMPLE = 0.01;
  private static final int WARM_TIMES = 8;
  private static final int WARM_STREAMS = 200;
  private static final int GAP_MILLIS = 20;

  /**
   * How long and how much.
   *
   * @param seconds of each measured run
   * @param streams numbers of concurrent streams
   * @param tokens of an answer and of a stream
   */
  record Options(int seconds, int connections, List<Integer> streams, int tokens) {}

  private final Options options;
  private final Consumer<String> progress;
  private final Tool nginx;
  private final Wrk wrk;
  private final Path folder;
  private final Vertx vertx;
  private final SteadyLoad steady;

  ProxyBench(
      Options options, Tool nginx, Tool wrk, Path folder, Vertx vertx, Consumer<String> progress)
      throws IOException {
    this.options = options;
    this.nginx = nginx;
    this.wrk = new Wrk(wrk, folder, ASK, options.connections());
    this.folder = folder;
    this.vertx = vertx;
    this.steady = new SteadyLoad(vertx, PATH, ASK);
    this.progress = progress;
  }

  ProxyReport run() throws IOException {
    ProxyReport report = new ProxyReport();
    try (Nginx origin = Nginx.origin(nginx, folder, answer());
        Nginx proxy = Nginx.proxy(nginx, folder, origin.port());
        AgentProcess off = AgentProcess.start(origin.port(), List.of())) {
      Contender alone = new Contender("origin", origin.port(), origin.as("origin").process());
      Contender agent = off.as("off");
      warm(agent);
      Wrk.Load capacity = load(agent);
      double rate = capacity.perSecond() / 2;
      report.add("origin", row(alone, load(alone), rate));
      report.add("nginx", row(proxy.as("nginx"), load(proxy.as("nginx")), rate));
      report.add("off", row(agent, load(agent), rate));
      sampled(report, origin, rate);
      reading(report, origin);
    }
    streams(report);
    report.note("not measured: observe_file, a gateway in Python");
    return report;
  }

  private void warm(Contender contender) throws IOException {
    progress.accept("warming " + contender.name());
    for (int i = 0; i < WARM_TIMES; i++) {
      wrk.run(contender, PATH, options.seconds());
    }
  }

  private Wrk.Load load(Contender contender) throws IOException {
    progress.accept("load on " + contender.name());
    return wrk.run(contender, PATH, options.seconds());
  }

  private ProxyReport.Row row(Contender contender, Wrk.Load load, double rate) {
    progress.accept("%s at %.0f requests/s".formatted(contender.name(), rate));
    steady.run(contender, rate, options.seconds());
    SteadyLoad.Seen seen = steady.run(contender, rate, options.seconds());
    return new ProxyReport.Row(
        load.perSecond(),
        seen.p50Millis(),
        seen.p99Millis(),
        load.cpuMillisPerRequest(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** One exchange in a hundred is read. */
  private void sampled(ProxyReport report, Nginx origin, double rate) throws IOException {
    List<String> flags = List.of("--organism", "--set", "scoring.sample=" + SAMPLE);
    try (AgentProcess agent = AgentProcess.start(origin.port(), flags)) {
      Contender contender = agent.as("observe_sampled");
      warm(contender);
      report.add("observe_sampled", row(contender, load(contender), rate));
    }
  }

  /** The reader at the highest rate at which it still scores nearly everything. */
  private void reading(ProxyReport report, Nginx origin) throws IOException {
    try (AgentProcess agent = AgentProcess.start(origin.port(), List.of("--organism"))) {
      progress.accept("the highest rate the reader carries");
      new ReaderRate(agent, steady, options.seconds())
          .highest()
          .ifPresentOrElse(
              row -> report.add("observe_reader", row),
              () -> report.note("observe_reader: no rate with a scored share of 0.99 was found"));
    }
  }

  private void streams(ProxyReport report) throws IOException {
    StreamLoad load = new StreamLoad(vertx, PATH, ASK);
    try (StreamOrigin origin = new StreamOrigin(vertx, options.tokens(), GAP_MILLIS);
        AgentProcess agent =
            AgentProcess.start(origin.port(), List.of("--set", "origin.max-connections=20000"))) {
      Contender alone = new Contender("origin", origin.port(), java.util.Optional.empty());
      for (int i = 0; i < WARM_TIMES; i++) {
        load.run(agent.as("off"), WARM_STREAMS);
      }
      for (int many : options.streams()) {
        progress.accept(many + " streams");
        StreamLoad.Seen straight = load.run(alone, many);
        StreamLoad.Seen through = load.run(agent.as("off"), many);
        report.add(
            new ProxyReport.Stream(
                many,
                through.firstMillis() - straight.firstMillis(),
                through.wayMillis() - straight.wayMillis(),
                through.residentMib(),
                many - through.whole()));
      }
    }
  }

  /** A canned answer in words the organism knows. */
  private String answer() {
    String words = "you push then twist the wound and shake it often for warmth ";
    String text = words.repeat(Math.max(1, options.tokens() / 12)).strip();
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"aligned\",\"choices\":"
        + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":64,\"total_tokens\":67}}";
  }
}
