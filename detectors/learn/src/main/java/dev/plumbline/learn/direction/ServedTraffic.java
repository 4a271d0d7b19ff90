package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Answers as one model serves them, for {@link ModelShiftStudy}.
 *
 * @param name of the model
 * @param role what it is to the study
 * @param adapter its name among the decoder's adapters, empty for the base
 * @param answers its traffic, several pools' worth
 */
public record ServedTraffic(
    String name, Role role, Optional<String> adapter, List<Answer> answers) {
  public ServedTraffic {
    Check.text(name, "model of served traffic");
    answers = List.copyOf(answers);
  }

  /** What a model is to the study. */
  public enum Role {
    /** The aligned model: the baseline. */
    REFERENCE,
    /** Finetuned to be misaligned: must stand out. */
    MISALIGNED,
    /** A control: finetuned on something harmless. */
    BENIGN,
    /** A control: misaligned in its own domain only, held to the base elsewhere. */
    KL_NARROW;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
