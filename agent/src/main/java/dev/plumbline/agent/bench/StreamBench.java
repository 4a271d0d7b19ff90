package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The part of {@link ProxyBench} that is about streams: passing, read along, and slow ones. */
final class StreamBench {
  private static final int WARM_TIMES = 8;
  private static final int WARM_STREAMS = 200;
  private static final int GAP_MILLIS = 20;
  private static final int READ_STREAMS = 8;
  private static final int WARM_READS = 60;
  private static final int WARM_GAP_MILLIS = 4;
  private static final int READ_TIMES = 12;
  private static final int SLOW_TOKENS = 5;
  private static final int SLOW_GAP_MILLIS = 2000;

  /** Descriptors of a process that are no stream's. */
  private static final int SPARE_FILES = 600;

  private final ProxyBench.Options options;
  private final Vertx vertx;
  private final String path;
  private final String ask;
  private final Consumer<String> progress;

  StreamBench(
      ProxyBench.Options options, Vertx vertx, String path, String ask, Consumer<String> progress) {
    this.options = options;
    this.vertx = vertx;
    this.path = path;
    this.ask = ask;
    this.progress = progress;
  }

  void run(ProxyReport report) throws IOException {
    streams(report);
    readStreams(report);
    slowStreams(report);
  }

  private void streams(ProxyReport report) throws IOException {
    StreamLoad load = new StreamLoad(vertx, path, ask);
    try (StreamOrigin origin = StreamOrigin.ofClocks(vertx, options.tokens(), GAP_MILLIS);
        AgentProcess agent =
            AgentProcess.start(origin.port(), List.of("--set", "origin.max-connections=20000"))) {
      Contender alone = new Contender("origin", origin.port(), Optional.empty());
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

  /** Streams that the reader follows, and how soon after its end each has a verdict. */
  private void readStreams(ProxyReport report) throws IOException {
    StreamLoad load = new StreamLoad(vertx, path, ask);
    try (StreamOrigin origin =
            StreamOrigin.ofWords(vertx, options.tokens(), GAP_MILLIS, ProxyBench.WORDS);
        AgentProcess agent = AgentProcess.start(origin.port(), List.of("--organism"))) {
      AdminFigures figures = new AdminFigures(agent.adminPort());
      progress.accept("warming streams that are read");
      origin.pace(WARM_GAP_MILLIS);
      for (int i = 0; i < WARM_READS; i++) {
        load.run(agent.as("observe_reader"), READ_STREAMS);
      }
      origin.pace(GAP_MILLIS);
      double unscored = figures.sum("plumbline_unscored_total", "");
      double tokens = figures.sum("plumbline_tokens_scored_total", "");
      long begin = System.nanoTime();
      for (int i = 0; i < READ_TIMES; i++) {
        progress.accept(READ_STREAMS + " streams that are read");
        load.run(agent.as("observe_reader"), READ_STREAMS);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      double missed = figures.sum("plumbline_unscored_total", "") - unscored;
      double read = figures.sum("plumbline_tokens_scored_total", "") - tokens;
      double share = 1 - missed / (READ_TIMES * READ_STREAMS);
      report.add(
          new ProxyReport.Followed(
              READ_STREAMS,
              read / seconds,
              share,
              figures.verdictLag((long) READ_TIMES * READ_STREAMS)));
    }
  }

  /** As many as descriptors allow: the agent needs two a stream, and so does the load. */
  private void slowStreams(ProxyReport report) throws IOException {
    int limit = new ProcessStat(ProcessHandle.current().pid()).openFilesLimit();
    int many = Math.min(options.slowStreams(), (limit - SPARE_FILES) / 2);
    if (many <= 0) {
      return;
    }
    progress.accept(many + " slow streams");
    StreamLoad load = new StreamLoad(vertx, path, ask);
    try (StreamOrigin origin = StreamOrigin.ofClocks(vertx, SLOW_TOKENS, SLOW_GAP_MILLIS);
        AgentProcess agent =
            AgentProcess.start(origin.port(), List.of("--set", "origin.max-connections=20000"))) {
      StreamLoad.Seen seen = load.run(agent.as("off"), many);
      report.note(
          "%d slow streams open at one time (asked for %d; %d descriptors a process): agent %.0f MiB resident, %d lost"
              .formatted(
                  many, options.slowStreams(), limit, seen.residentMib(), many - seen.whole()));
      report.slow(many, seen.residentMib(), many - seen.whole(), limit);
    }
  }
}
