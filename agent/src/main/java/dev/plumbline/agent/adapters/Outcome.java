package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import java.util.Objects;

/** What became of a call to an adapter server. */
public sealed interface Outcome {
  /**
   * The adapter is there.
   *
   * @param variant how it is asked for
   * @param served what the server listed before the call
   * @param already whether it was there before the call
   */
  record Ready(AblatedVariant variant, Served served, boolean already) implements Outcome {
    public Ready {
      Objects.requireNonNull(variant, "variant");
      Objects.requireNonNull(served, "served");
    }
  }

  /**
   * The adapter is not there.
   *
   * @param already whether it was not there before the call
   */
  record Gone(boolean already) implements Outcome {}

  /**
   * Nothing has changed.
   *
   * @param why one line for a person: wanted, found, what to do; another's words in it are cut
   * @param lasting whether asking again is of no use until somebody changes something
   */
  record Refused(String why, boolean lasting) implements Outcome {
    public Refused {
      Objects.requireNonNull(why, "why");
    }
  }
}
