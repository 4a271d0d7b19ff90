package dev.plumbline.agent.record;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.config.Key;
import dev.plumbline.agent.tap.Tap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code plumbline replay}: how a new direction does on yesterday's traffic. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Reads recorded exchanges again, offline, and prints their scores beside the recorded ones.",
      "Only exchanges recorded with their text can be read."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline replay exchanges.jsonl --organism",
      "  plumbline replay exchanges.jsonl --model DIR --direction NEW.direction --json out.json",
      "  plumbline replay exchanges.jsonl --model DIR --direction OLD --set directions.new=NEW"
    })
public final class ReplayCommand implements Callable<Integer> {
  private static final int SHOWN = 40;
  private static final int EVERY = 100;

  private final Function<AgentConfig, Tap> taps;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "A recording, JSON lines.")
  private Path file;

  @Option(names = "--organism", description = "Read with the shipped organism and its direction.")
  private boolean organism;

  @Option(names = "--model", paramLabel = "PATH", description = "The aligned reference.")
  private String model;

  @Option(names = "--direction", paramLabel = "DIR", description = "Artefact folder.")
  private String direction;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any setting of the reader, such as directions.NAME=DIR; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--json", paramLabel = "FILE", description = "Write every reading there.")
  private Path json;

  /**
   * @param taps opens the reader of a configuration
   */
  public ReplayCommand(Function<AgentConfig, Tap> taps) {
    this.taps = taps;
  }

  @Override
  public Integer call() throws IOException {
    check(Files.isReadable(file), "wanted a recording that can be read, found none at " + file);
    check(
        organism || model != null,
        "wanted something to read with, found neither --organism nor --model with --direction");
    Recording recording = Recording.read(file);
    PrintWriter err = spec.commandLine().getErr();
    try (Tap tap = taps.apply(config())) {
      List<Replay.Line> lines =
          new Replay(tap)
              .run(
                  recording.exchanges(),
                  done -> {
                    if (done % EVERY == 0) {
                      err.println("read " + done + "/" + recording.exchanges().size());
                    }
                  });
      ReplayReport report = new ReplayReport(lines, recording.bad());
      spec.commandLine().getOut().print(report.table(SHOWN));
      spec.commandLine().getOut().flush();
      if (json != null) {
        Files.writeString(json, report.json().toPrettyString() + "\n");
      }
      return report.scored() == 0 && !lines.isEmpty() ? 1 : 0;
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
    }
  }

  /** A reader before an origin that is never asked. */
  private AgentConfig config() {
    Map<String, String> flags = new LinkedHashMap<>(settings);
    flags.put(Key.ORIGIN_URL.key(), "http://127.0.0.1:9");
    put(flags, Key.ORGANISM, organism ? "true" : null);
    put(flags, Key.MODEL, model);
    put(flags, Key.DIRECTION, direction);
    return ConfigLoader.load(Optional.empty(), Map.of(), flags);
  }

  private static void put(Map<String, String> flags, Key key, String value) {
    if (value != null) {
      flags.put(key.key(), value);
    }
  }
}
