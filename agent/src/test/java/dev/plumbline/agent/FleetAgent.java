package dev.plumbline.agent;

import dev.plumbline.agent.cli.PlumblineCommand;
import dev.plumbline.agent.embedded.Engines;
import java.util.Optional;

/** The command with a tap that finds an answer drifted when it says so: a process for tests. */
final class FleetAgent {
  private FleetAgent() {}

  public static void main(String[] args) {
    Engines engines =
        config -> new Engines.Loaded(Optional.empty(), Optional.of(ScriptedTap.judging()));
    System.exit(PlumblineCommand.create(new Assembly(engines), System.getenv()).execute(args));
  }
}
