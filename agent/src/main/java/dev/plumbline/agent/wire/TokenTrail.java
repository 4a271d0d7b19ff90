package dev.plumbline.agent.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;

/**
 * The token ids of a stream of one choice as its server gives them: {@code prompt_token_ids} once,
 * at the top of a chat's chunk or in a completion's choice, and {@code token_ids} with each piece
 * (vLLM's and SGLang's {@code return_token_ids}). Knows up to which piece the ids cover the text;
 * behind a piece of text without ids of its own there are none any more, for a server that holds
 * text back says it later than its ids. Not thread-safe.
 */
public final class TokenTrail {
  /** What {@link #mark} says where the ids do not cover the text. */
  public static final int NONE = -1;

  private final int most;
  private int[] prompt;
  private int[] ids = new int[64];
  private int size;
  private boolean broken;

  /**
   * @param most ids kept, of the prompt and of the answer; behind more there are none
   */
  public TokenTrail(int most) {
    this.most = most;
  }

  /**
   * Takes the next chunk.
   *
   * @param text whether it brought text
   */
  public void take(JsonNode chunk, boolean text) {
    JsonNode choice = chunk.path("choices").path(0);
    if (prompt == null) {
      prompt = prompt(chunk.path("prompt_token_ids"), choice.path("prompt_token_ids"));
    }
    JsonNode said = choice.path("token_ids");
    broken |= choice.path("index").asInt() != 0 || (text && said.isEmpty());
    for (JsonNode id : said) {
      add(id);
    }
  }

  private int[] prompt(JsonNode ofChunk, JsonNode ofChoice) {
    JsonNode found = ofChunk.isArray() ? ofChunk : ofChoice;
    if (!found.isArray() || found.isEmpty() || found.size() > most) {
      return null;
    }
    int[] read = new int[found.size()];
    for (int i = 0; i < read.length; i++) {
      if (!isId(found.get(i))) {
        return null;
      }
      read[i] = found.get(i).intValue();
    }
    return read;
  }

  private void add(JsonNode id) {
    broken |= !isId(id) || size == most;
    if (!broken) {
      ids = size == ids.length ? Arrays.copyOf(ids, 2 * size) : ids;
      ids[size++] = id.intValue();
    }
  }

  private static boolean isId(JsonNode id) {
    return id.isInt() && id.intValue() >= 0;
  }

  /** Whether the server gave any. */
  public boolean offered() {
    return prompt != null || size > 0;
  }

  /** Ids of the answer so far; {@link #NONE} where they do not cover it. */
  public int mark() {
    return broken || prompt == null ? NONE : size;
  }

  /**
   * The prompt's ids and behind them the answer's.
   *
   * @param mark an earlier {@link #mark}
   * @return a copy; empty where there are none
   */
  public Optional<int[]> upTo(int mark) {
    if (mark == NONE) {
      return Optional.empty();
    }
    int[] all = Arrays.copyOf(prompt, prompt.length + mark);
    System.arraycopy(ids, 0, all, prompt.length, mark);
    return Optional.of(all);
  }
}
