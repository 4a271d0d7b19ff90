package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.Key;
import dev.plumbline.agent.config.LoadedConfig;
import dev.plumbline.core.spi.ExitOrder;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline serve}: runs the agent until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves a model and scores it in the forward pass, or stands in front of a model server.",
      "Settings come from --config, the environment (PLUMBLINE_...) and flags; later wins."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline serve --organism",
      "      the shipped miniature organism and its finetunes",
      "  plumbline serve --model DIR --direction DIR --mode annotate",
      "      a model of yours, scored, verdicts in the answers' headers",
      "  plumbline serve --origin http://127.0.0.1:8000 --model DIR --direction DIR",
      "      in front of a model server; --model is the aligned reference that reads along",
      "  plumbline serve --origin http://127.0.0.1:8000 --set origin.response-timeout=60s",
      "      any setting by its key",
      "  plumbline serve --direction DIR --set oip.port=8001",
      "      as a model of the Open Inference Protocol: hidden states in, score and verdict out",
      "  PLUMBLINE_ORIGIN_URL=http://127.0.0.1:8000 plumbline serve --json",
      "      one line of JSON once it is ready"
    })
final class ServeCommand implements Callable<Integer> {
  private final Launcher launcher;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(names = "--organism", description = "Use the shipped miniature organism.")
  private boolean organism;

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description = "Model folder or GGUF file; with --origin, the aligned reference.")
  private String model;

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description = "Model server to stand in front of.")
  private String origin;

  @Option(names = "--direction", paramLabel = "DIR", description = "Artefact folder to score with.")
  private String direction;

  @Option(
      names = "--adapter",
      paramLabel = "NAME=DIR",
      description = "Adapter served under a name of its own; repeatable.")
  private Map<String, String> adapters = new LinkedHashMap<>();

  @Option(names = "--mode", description = "observe, annotate or ablate. Default: observe.")
  private String mode;

  @Option(names = "--host", description = "Address of the inference port. Default: 127.0.0.1.")
  private String host;

  @Option(names = "--port", description = "Inference port; 0 is any free one. Default: 8080.")
  private String port;

  @Option(names = "--admin-host", description = "Address of the admin port. Default: 127.0.0.1.")
  private String adminHost;

  @Option(names = "--admin-port", description = "Admin port; 0 is any free one. Default: 8081.")
  private String adminPort;

  @Option(names = "--device", description = "auto, cpu, gpu or gpu:N. Default: auto.")
  private String device;

  @Option(names = "--dtype", description = "auto, float32, bfloat16 or float16. Default: auto.")
  private String dtype;

  @Option(names = "--threads", description = "Compute threads; 0 is one per core. Default: 0.")
  private String threads;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--config", paramLabel = "FILE", description = "YAML or JSON file of settings.")
  private Path config;

  @Option(names = "--json", description = "Print one line of JSON when ready, for other programs.")
  private boolean json;

  ServeCommand(Launcher launcher, Map<String, String> environment) {
    this.launcher = launcher;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    ConfigSources sources = new ConfigSources(Optional.ofNullable(config), environment, flags());
    LoadedConfig loaded = sources.read();
    PrintWriter out = spec.commandLine().getOut();
    try (Launcher.Running agent = launcher.launch(loaded, sources)) {
      ExitOrder.ofProcess().serving(agent::close);
      if (config != null) {
        Hangup.whenHeard(agent::reload);
      }
      say(out, json ? "" : listening(loaded.config(), agent));
      agent.awaitReady();
      say(out, json ? ready(agent) : "ready after %.1f s".formatted(age()));
      agent.awaitStop();
    }
    return ExitCode.DONE.status();
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(settings);
    put(flags, Key.MODEL, model);
    put(flags, Key.ORGANISM, organism ? "true" : null);
    put(flags, Key.ORIGIN_URL, origin);
    put(flags, Key.DIRECTION, direction);
    put(flags, Key.MODE, mode);
    put(flags, Key.HOST, host);
    put(flags, Key.PORT, port);
    put(flags, Key.ADMIN_HOST, adminHost);
    put(flags, Key.ADMIN_PORT, adminPort);
    put(flags, Key.DEVICE, device);
    put(flags, Key.DTYPE, dtype);
    put(flags, Key.THREADS, threads);
    adapters.forEach((name, dir) -> flags.put("adapters." + name, dir));
    return flags;
  }

  private static void put(Map<String, String> flags, Key key, String text) {
    if (text != null) {
      flags.put(key.key(), text);
    }
  }

  private static String listening(AgentConfig config, Launcher.Running agent) {
    String models =
        config.onlyOip()
            ? ""
            : "http://%s:%d/v1".formatted(config.inference().host(), agent.port());
    String oip =
        config
            .oip()
            .map(port -> "http://%s:%d/v2".formatted(port.listen().host(), oipPort(agent)))
            .orElse("");
    return "plumbline listens on %s (admin http://%s:%d/metrics), loading"
        .formatted(String.join(" ", models, oip).trim(), config.admin().host(), agent.adminPort());
  }

  private static String ready(Launcher.Running agent) {
    String oip = agent.oipPort().isPresent() ? "\"oipPort\":" + oipPort(agent) + "," : "";
    return "{\"port\":%d,\"adminPort\":%d,%s\"ready\":true,\"ready_after_s\":%s}"
        .formatted(agent.port(), agent.adminPort(), oip, age());
  }

  private static int oipPort(Launcher.Running agent) {
    return agent.oipPort().orElse(0);
  }

  /** Seconds since this JVM began. */
  private static double age() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
  }

  private static void say(PrintWriter out, String line) {
    if (!line.isEmpty()) {
      out.println(line);
      out.flush();
    }
  }
}
