package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
  private static final int WARM_STEADY = 2;
  private static final int STEADY_RUNS = 3;
  private static final int FILE_TOKENS = 64;

  /** Words the organism knows. */
  static final String WORDS = "you push then twist the wound and shake it often for warmth ";

  /**
   * How long and how much.
   *
   * @param seconds of each measured run
   * @param streams numbers of concurrent streams
   * @param slowStreams streams of a token in two seconds, 0 for none
   * @param tokens of an answer and of a stream
   * @param pairs rounds in which the agent is held against itself in a fleet, 0 for none
   */
  record Options(
      int seconds,
      int connections,
      List<Integer> streams,
      int slowStreams,
      int tokens,
      int pairs) {}

  private final Options options;
  private final Consumer<String> progress;
  private final Tool nginx;
  private final Optional<Tool> gateway;
  private final Wrk wrk;
  private final Path folder;
  private final Vertx vertx;
  private final SteadyLoad steady;

  ProxyBench(
      Options options,
      Tool nginx,
      Tool wrk,
      Optional<Tool> gateway,
      Path folder,
      Vertx vertx,
      Consumer<String> progress)
      throws IOException {
    this.options = options;
    this.nginx = nginx;
    this.gateway = gateway;
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
      fleet(report, origin);
      gateway(report, origin);
      sampled(report, origin, rate);
      reading(report, origin);
    }
    files(report);
    new StreamBench(options, vertx, PATH, ASK, progress).run(report);
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
    for (int i = 0; i < WARM_STEADY; i++) {
      steady.run(contender, rate, options.seconds());
    }
    SteadyLoad.Seen seen = median(contender, rate);
    return new ProxyReport.Row(
        load.perSecond(),
        seen.p50Millis(),
        seen.p99Millis(),
        load.cpuMillisPerRequest(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }

  /** The run with the middle p99: one run's is that of the machine's worst moment in it. */
  private SteadyLoad.Seen median(Contender contender, double rate) {
    return Stream.generate(() -> steady.run(contender, rate, options.seconds()))
        .limit(STEADY_RUNS)
        .sorted(Comparator.comparingDouble(SteadyLoad.Seen::p99Millis))
        .toList()
        .get(STEADY_RUNS / 2);
  }

  /**
   * Scoring is off in both, so the difference is the fleet's, its meters' and the scraper's. Both
   * begin anew and are warmed alike: a compiler still at work would be taken for the fleet's cost.
   */
  private void fleet(ProxyReport report, Nginx origin) throws IOException {
    if (options.pairs() == 0) {
      return;
    }
    progress.accept("starting a fleet of two");
    try (AgentProcess alone = AgentProcess.start(origin.port(), List.of());
        FleetPair pair = FleetPair.start(origin.port(), folder)) {
      Contender off = alone.as("off");
      Contender with = pair.as("off_fleet");
      progress.accept("warming off and off_fleet by turns");
      for (int i = 0; i < WARM_TIMES; i++) {
        wrk.run(off, PATH, options.seconds());
        wrk.run(with, PATH, options.seconds());
      }
      report.fleet(new PairedCost(this::load).of(off, with, options.pairs()));
    }
  }

  /** At half of its own capacity, which is far below the others'. */
  private void gateway(ProxyReport report, Nginx origin) throws IOException {
    if (gateway.isEmpty()) {
      report.note("python_gateway: skipped, wanted litellm on the PATH or --litellm, found none");
      return;
    }
    progress.accept("starting litellm");
    try (Gateway python = Gateway.start(gateway.get(), folder, origin.port())) {
      Contender contender = python.contender();
      load(contender);
      Wrk.Load load = load(contender);
      report.add("python_gateway", row(contender, load, load.perSecond() / 2));
    } catch (IOException e) {
      report.note("python_gateway: skipped, " + e.getMessage());
    }
  }

  /** One exchange in a hundred is read. */
  private void sampled(ProxyReport report, Nginx origin, double rate) throws IOException {
    List<String> flags = List.of("--organism", "--set", "scoring.sample=" + SAMPLE);
    try (AgentProcess agent = AgentProcess.start(origin.port(), flags)) {
      Contender contender = agent.as("observe_sampled");
      warm(contender);
      Wrk.Load load = load(contender);
      double steady = Math.min(rate, load.perSecond() / 2);
      report.add("observe_sampled", row(contender, load, steady));
    }
  }

  /** The reader at the highest rate at which it still scores nearly everything. */
  private void reading(ProxyReport report, Nginx origin) throws IOException {
    try (AgentProcess agent = AgentProcess.start(origin.port(), List.of("--organism"))) {
      carried(report, "observe_reader", agent);
    }
  }

  /** Hidden states of every answer from files on a volume in memory. */
  private void files(ProxyReport report) throws IOException {
    Path shared = volume();
    try (FilesOrigin origin = new FilesOrigin(vertx, shared, FILE_TOKENS);
        AgentProcess agent =
            AgentProcess.start(
                origin.port(),
                List.of(
                    "--direction",
                    PlantedArtefact.write(folder).toString(),
                    "--set",
                    "states.tap=vllm-files",
                    "--set",
                    "states.reference=true",
                    "--set",
                    "states.directory=" + origin.volume()))) {
      carried(report, "observe_file", agent);
    } finally {
      ProxyCommand.delete(shared);
    }
  }

  private Path volume() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "plumbline-bench")
        : Files.createDirectories(folder.resolve("shared"));
  }

  private void carried(ProxyReport report, String name, AgentProcess agent) throws IOException {
    progress.accept("the highest rate of " + name);
    new CarriedRate(name, agent, steady, options.seconds())
        .highest()
        .ifPresentOrElse(
            row -> report.add(name, row),
            () -> report.note(name + ": no rate with a scored share of 0.99 was found"));
  }

  /** A canned answer in words the organism knows. */
  private String answer() {
    String text = WORDS.repeat(Math.max(1, options.tokens() / 12)).strip();
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"aligned\",\"choices\":"
        + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":64,\"total_tokens\":67}}";
  }
}
