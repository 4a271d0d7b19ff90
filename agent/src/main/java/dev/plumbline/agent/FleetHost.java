package dev.plumbline.agent;

import dev.plumbline.agent.adapters.OriginAdapters;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.fleet.AlignedScores;
import dev.plumbline.agent.fleet.Host;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.scoring.Ledger;
import dev.plumbline.mitigations.trigger.Command;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A running agent as its fleet sees it.
 *
 * @param live the settings in force
 * @param own the agent's own triggers
 * @param origins their ablated variants, asked for late
 */
record FleetHost(
    Supplier<AgentConfig> live,
    EngineRoom engines,
    Ledger ledger,
    KillSwitch killSwitch,
    Triggers own,
    LabelNames models,
    Supplier<Optional<OriginAdapters>> origins)
    implements Host {

  @Override
  public boolean off() {
    return killSwitch.off();
  }

  /** Off, an agent that serves its model itself would not serve. */
  @Override
  public boolean turn(boolean off) {
    if (live.get().origin().isEmpty()) {
      return false;
    }
    killSwitch.turn(off);
    return true;
  }

  /** A signed command may name a model that was never asked for here. */
  @Override
  public boolean trigger(String model, Command command) {
    models.admit(model);
    return own.command(model, command).isPresent();
  }

  @Override
  public boolean judges() {
    return engines.judges();
  }

  @Override
  public Optional<Judge> judge() {
    return engines
        .judging()
        .map(
            by ->
                new Judge(
                    by.name(),
                    by.folder(),
                    new AlignedScores(by.calibration().sigmoid(), by.baseline())));
  }

  @Override
  public void check(Path folder) {
    engines.check(folder);
  }

  @Override
  public void adopt(Optional<Path> folder) {
    engines.adopt(folder, live.get(), ledger::turnPage);
  }

  @Override
  public Map<String, String> adapters() {
    Map<String, String> states = new TreeMap<>();
    origins
        .get()
        .ifPresent(
            all ->
                all.toJson()
                    .path("origins")
                    .fields()
                    .forEachRemaining(
                        e -> states.put(e.getKey(), e.getValue().path("state").asText("none"))));
    return states;
  }
}
