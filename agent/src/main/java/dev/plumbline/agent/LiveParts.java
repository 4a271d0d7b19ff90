package dev.plumbline.agent;

import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.enforce.KillSwitch;
import dev.plumbline.agent.metrics.LabelNames;
import dev.plumbline.agent.reload.Reloadable;
import java.util.Optional;

/** What of a running agent does not look at the settings in force by itself. */
record LiveParts(
    EngineRoom engines, KillSwitch killSwitch, LabelNames models, Runnable rereadSecrets)
    implements Reloadable {
  @Override
  public boolean ready() {
    return engines.loaded();
  }

  @Override
  public Optional<String> misfit(AgentConfig proposed) {
    return engines.misfit(proposed);
  }

  /**
   * The switch follows its key only when that has changed: a reload for another reason must not
   * undo what an operator did by hand.
   */
  @Override
  public void changed(AgentConfig before, AgentConfig now) {
    rereadSecrets.run();
    now.modes().perModel().keySet().forEach(models::admit);
    if (before.control().off() != now.control().off()) {
      killSwitch.turn(now.control().off());
    }
  }
}
