package dev.plumbline.agent.tap.states;

import dev.plumbline.core.score.UnscoredReason;
import java.util.List;
import java.util.Objects;

/** What an origin handed over for an exchange. */
public sealed interface Found {

  /**
   * @param choices those that came
   * @param wanted how many choices the answer has; the rest are unscored
   */
  record States(List<ChoiceStates> choices, int wanted) implements Found {
    public States {
      choices = List.copyOf(choices);
    }
  }

  /**
   * Nothing that can be used.
   *
   * @param reason for the verdict
   * @param why one line for a person: wanted, found, what to do; never a text of the exchange
   */
  record Missing(UnscoredReason reason, String why) implements Found {
    public Missing {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(why, "why");
    }
  }

  static Found noStates(String why) {
    return new Missing(UnscoredReason.NO_HIDDEN_STATES, why);
  }

  static Found tapError(String why) {
    return new Missing(UnscoredReason.TAP_ERROR, why);
  }
}
