package dev.plumbline.agent.cli;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.config.Key;
import dev.plumbline.agent.config.StatesSource;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.origins.OriginTable;
import dev.plumbline.agent.origins.TapChoice;
import dev.plumbline.agent.origins.TapSearches;
import dev.plumbline.agent.tap.states.StatesScoring;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline tap URL}: the search that {@code states.tap: auto} makes, by hand. */
@Command(
    name = "tap",
    mixinStandardHelpOptions = true,
    description = {
      "Asks a model server who it is, and tries which way it hands over its hidden states.",
      "Sends a few GETs and, where a way could work, one generation of two tokens.",
      "Exits with 0 when a way works, 3 when none does, 1 when the server does not answer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline tap http://127.0.0.1:8000",
      "  plumbline tap http://127.0.0.1:8000 --direction NAME.direction --directory /dev/shm/states"
    })
final class TapCommand implements Callable<Integer> {
  private static final int DEFAULT_BYTES = 64 << 20;
  private static final long STEP_MILLIS = 20;

  private final Launcher launcher;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The model server.")
  private String url;

  @Option(
      names = "--direction",
      paramLabel = "DIR",
      description = "Artefact folder to read its states with; without, no way can be tried.")
  private String direction;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "The volume shared with a vLLM that writes hidden-states files.")
  private String directory;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description = "How long to ask. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--json", description = "Print one line of JSON, for other programs.")
  private boolean json;

  TapCommand(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws InterruptedException {
    AgentConfig config = ConfigLoader.load(Optional.empty(), Map.of(), flags());
    TapChoice choice = search(config);
    say(choice);
    if (choice.searching()) {
      return ExitCode.FAILED.status();
    }
    return (choice.taken().equals("none") ? ExitCode.NOT_FITTING : ExitCode.DONE).status();
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(settings);
    flags.put(Key.ORIGIN_URL.key(), url);
    if (direction != null) {
      flags.put(Key.DIRECTION.key(), direction);
      flags.put(Key.STATES_TAP.key(), StatesSource.AUTO.toString());
      if (directory != null) {
        flags.put(Key.STATES_DIRECTORY.key(), directory);
      }
    }
    return flags;
  }

  private TapChoice search(AgentConfig config) throws InterruptedException {
    Vertx vertx = Vertx.vertx();
    try (Meters meters = new Meters();
        Asker asker = new Asker(vertx, config.origins().all())) {
      OriginTable table =
          new OriginTable(config.origins(), meters, Clock.systemUTC(), System::nanoTime);
      try (TapSearches searches = searches(config, vertx, asker, meters, table)) {
        searches.begin();
        return await(table);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private TapSearches searches(
      AgentConfig config, Vertx vertx, Asker asker, Meters meters, OriginTable table) {
    TapSearches.Given given =
        config.engine().states().isPresent()
            ? TapSearches.Given.of(config.engine())
            : new TapSearches.Given(
                directory != null,
                DEFAULT_BYTES,
                Key.STATES_TENSOR.fallback().orElseThrow(),
                false,
                true);
    return new TapSearches(
        vertx, asker, meters, given, way -> open(config, way), () -> false, table);
  }

  private StatesScoring open(AgentConfig config, StatesSource way) {
    if (config.engine().states().isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FITTING, "not tried: give a --direction to read its states with", null);
    }
    return launcher.states(config, way);
  }

  private TapChoice await(OriginTable table) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    TapChoice choice = table.all().get(0).tap();
    while (choice.searching() && System.nanoTime() - end < 0) {
      Thread.sleep(STEP_MILLIS);
      choice = table.all().get(0).tap();
    }
    return choice;
  }

  private void say(TapChoice choice) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(choice.toJson());
      return;
    }
    out.println(url + ": " + (choice.server().isEmpty() ? "not known" : choice.server()));
    for (TapChoice.Candidate each : choice.candidates()) {
      String mark = each.taken() ? "works" : "-";
      out.printf("  %-5s %-12s %s%n", mark, each.tap(), each.reason());
    }
    out.println("states.tap: " + (choice.taken().equals("none") ? "off" : choice.taken()));
    out.flush();
  }
}
