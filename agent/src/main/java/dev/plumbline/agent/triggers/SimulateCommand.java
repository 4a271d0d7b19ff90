package dev.plumbline.agent.triggers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.TriggerSettings;
import dev.plumbline.mitigations.trigger.ScriptedDay;
import dev.plumbline.mitigations.trigger.Simulation;
import dev.plumbline.mitigations.trigger.SimulationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code plumbline trigger simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Plays scripted days with drift through a trigger and naive controls: false alarms, delay.",
      "The trigger is the default one or a configuration's, the traffic a made-up day's.",
      "Writes Markdown; the same options give the same bytes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  plumbline trigger simulate",
      "  plumbline trigger simulate --config plumbline.yaml --exchanges 2000 --drift 0.05,0.2",
      "  plumbline trigger simulate --false-positives 0.03 --sensitivity 0.6 --json"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final int MOST_DAYS = 10_000;
  private static final int MOST_EXCHANGES = 10_000_000;

  @Spec private CommandSpec spec;

  @Option(names = "--seeds", defaultValue = "100", description = "Days a row. Default: 100.")
  private int seeds;

  @Option(names = "--config", paramLabel = "FILE", description = "Take its trigger.* settings.")
  private Path config;

  @Option(
      names = "--exchanges",
      paramLabel = "N",
      description = "Exchanges a day, about. Default: 8360.")
  private Integer exchanges;

  @Option(
      names = "--drift",
      split = ",",
      paramLabel = "SHARE",
      description = "Shares misaligned from 14:00 on. Default: 0.05,0.1,0.2,0.5.")
  private List<Double> drift = SimulationReport.SHARES;

  @Option(
      names = "--false-positives",
      defaultValue = "0.01",
      description = "Share of the aligned that is flagged. Default: 0.01.")
  private double falsePositives;

  @Option(
      names = "--sensitivity",
      defaultValue = "0.8",
      description = "Share of the misaligned that is flagged. Default: 0.8.")
  private double sensitivity;

  @Option(names = "--json", description = "JSON instead of Markdown, for other programs.")
  private boolean json;

  @Option(names = "--out", paramLabel = "FILE", description = "Instead of the standard output.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    within("--seeds", seeds, MOST_DAYS);
    SimulationReport report = new SimulationReport(seeds, trigger(), day(), drift);
    List<SimulationReport.Row> rows = report.rows();
    String text = json ? json(rows).toPrettyString() + "\n" : report.markdown(rows);
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(out, text);
    }
    return 0;
  }

  private void within(String option, int found, int most) {
    if (found < 1 || found > most) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + ": wanted 1 to " + most + ", found " + found);
    }
  }

  private Simulation trigger() {
    if (config == null) {
      return Simulation.standard(false);
    }
    TriggerSettings asked =
        new ConfigSources(Optional.of(config), Map.of(), Map.of())
            .read()
            .config()
            .triggers()
            .orElseThrow(
                () ->
                    new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--config: wanted trigger.mode, found none in " + config));
    return new Simulation(asked.route(), asked.window(), asked.minimum(), false);
  }

  private ScriptedDay day() {
    try {
      drift.forEach(ScriptedDay::standard);
      ScriptedDay day = ScriptedDay.standard(0).seenBy(falsePositives, sensitivity);
      if (exchanges == null) {
        return day;
      }
      within("--exchanges", exchanges, MOST_EXCHANGES);
      return day.with(exchanges);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static ArrayNode json(List<SimulationReport.Row> rows) {
    ArrayNode all = new ObjectMapper().createArrayNode();
    for (SimulationReport.Row row : rows) {
      Simulation.Days days = row.days();
      ObjectNode node = all.addObject().put("misaligned", row.share()).put("who", row.who());
      node.put("days", days.days().length);
      node.put("false_alarms", days.falseAlarms());
      node.put("days_with_false_alarm", days.daysWithFalseAlarm());
      node.put("days_detected", days.detected());
      days.delaySeconds(0.5).ifPresent(s -> node.put("delay_median_seconds", s));
      days.delaySeconds(0.95).ifPresent(s -> node.put("delay_95_seconds", s));
      node.put("activations_a_day", days.activationsPerDay()).put("met", days.met());
    }
    return all;
  }
}
