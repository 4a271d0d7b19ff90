package dev.plumbline.agent.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.core.spi.SourceCommit;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline bench proxy}. */
@Command(
    name = "proxy",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the agent beside nginx and the origin alone: throughput, latency, streams, cost.",
      "Needs nginx and wrk (Debian: apt install nginx-light wrk); without them it is skipped."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline bench proxy --json proxy.json",
      "  plumbline bench proxy --seconds 2 --streams 1,64"
    })
public final class ProxyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there.")
  private Path json;

  @Option(names = "--seconds", defaultValue = "5", description = "Of each run. Default: 5.")
  private int seconds;

  @Option(names = "--connections", defaultValue = "16", description = "Of wrk. Default: 16.")
  private int connections;

  @Option(
      names = "--streams",
      split = ",",
      defaultValue = "1,64,1000",
      description = "Concurrent streams. Default: ${DEFAULT-VALUE}.")
  private List<Integer> streams;

  @Option(
      names = "--slow-streams",
      defaultValue = "10000",
      description = "Streams of a token in two seconds, open at one time; 0: none. Default: 10000.")
  private int slowStreams;

  @Option(
      names = "--litellm",
      paramLabel = "FILE",
      description = "LiteLLM's command (pip install 'litellm[proxy]'). Default: from the PATH.")
  private Path litellm;

  @Option(names = "--tokens", defaultValue = "64", description = "Of an answer. Default: 64.")
  private int tokens;

  @Option(
      names = "--pairs",
      defaultValue = "7",
      description =
          "Rounds in which the agent in a fleet is held against itself without one; 0: none."
              + " Default: 7.")
  private int pairs;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<Tool> nginx = Tool.find("nginx");
    Optional<Tool> wrk = Tool.find("wrk");
    if (nginx.isEmpty() || wrk.isEmpty()) {
      out.println(
          "skipped: wanted nginx and wrk on the PATH, found "
              + (nginx.isEmpty() ? "no nginx" : "nginx")
              + " and "
              + (wrk.isEmpty() ? "no wrk" : "wrk")
              + "; on Debian: apt install nginx-light wrk");
      return 0;
    }
    ProxyReport report = run(nginx.get(), wrk.get());
    out.println(report.table());
    if (json != null) {
      Files.writeString(json, describe(report.json()).toPrettyString() + "\n");
    }
    return 0;
  }

  private ProxyReport run(Tool nginx, Tool wrk) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Path folder = Files.createTempDirectory("plumbline-bench");
    Vertx vertx = Vertx.vertx();
    try {
      ProxyBench.Options options =
          new ProxyBench.Options(seconds, connections, streams, slowStreams, tokens, pairs);
      Optional<Tool> gateway =
          litellm == null ? Tool.find("litellm") : Optional.of(new Tool(litellm));
      return new ProxyBench(options, nginx, wrk, gateway, folder, vertx, err::println).run();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
      delete(folder);
    }
  }

  private static ObjectNode describe(ObjectNode results) {
    return results
        .put(
            "machine",
            System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors")
        .put("commit", SourceCommit.here())
        .put("jdk", System.getProperty("java.runtime.version"))
        .put("date", LocalDate.now().toString());
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
