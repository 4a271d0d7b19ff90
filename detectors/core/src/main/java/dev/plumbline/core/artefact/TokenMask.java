package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Locale;

/**
 * Which tokens are read.
 *
 * <p>Never the assistant header, never end-of-turn; the last sampled token never went through a
 * forward pass, so every tap leaves it out.
 */
public enum TokenMask {
  /** The answer's content. */
  ANSWER_CONTENT,
  /** The last token before the answer. */
  LAST_PROMPT_TOKEN;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mask of a wire name. */
  public static TokenMask parse(String wireName) {
    return Arrays.stream(values())
        .filter(mask -> mask.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal(
                    "token mask",
                    "answer_content or last_prompt_token",
                    "'" + wireName + "'",
                    "correct the name"));
  }
}
