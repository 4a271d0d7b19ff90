package dev.plumbline.agent.reload;

import dev.plumbline.agent.config.LoadedConfig.Changed;
import dev.plumbline.agent.config.Mistake;
import java.util.List;

/** How a reload ended. */
public sealed interface Reload {
  /** All words there are. */
  List<String> WORDS = List.of("applied", "pending", "unchanged", "refused", "busy");

  /** The word in JSON and in metrics. */
  String wireName();

  /**
   * The sources were sound.
   *
   * @param applied what holds from now on
   * @param pending what was asked for and needs a restart
   * @param unchanged names of the settings that are what they were
   */
  record Done(List<Changed> applied, List<Changed> pending, List<String> unchanged)
      implements Reload {
    @Override
    public String wireName() {
      if (!applied.isEmpty()) {
        return "applied";
      }
      return pending.isEmpty() ? "unchanged" : "pending";
    }
  }

  /**
   * Nothing was changed.
   *
   * @param why for a person, with every mistake
   * @param mistakes one by one; none where the reason is no single setting
   */
  record Refused(String why, List<Mistake> mistakes) implements Reload {
    @Override
    public String wireName() {
      return "refused";
    }
  }

  /**
   * Nothing was changed now; it may be later.
   *
   * @param why for a person
   */
  record Busy(String why) implements Reload {
    @Override
    public String wireName() {
      return "busy";
    }
  }
}
