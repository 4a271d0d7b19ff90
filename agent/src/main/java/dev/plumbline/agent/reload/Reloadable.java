package dev.plumbline.agent.reload;

import dev.plumbline.agent.config.AgentConfig;
import java.util.Optional;

/** What a reload acts on. Called by one reload at a time, on its thread. */
public interface Reloadable {
  /** Whether it can be said already what fits. */
  boolean ready();

  /** Why these settings do not fit what runs, for a person; empty when they do. */
  Optional<String> misfit(AgentConfig proposed);

  /** They are in force. */
  void changed(AgentConfig before, AgentConfig now);
}
