package dev.plumbline.agent.config;

/**
 * What is kept of single tokens, in memory, for {@code /api/tokens} and the console. Off by
 * default: then nothing is computed or kept for it.
 *
 * @param exchanges the last so many; 0 for none
 * @param each tokens of one answer, from its beginning
 * @param text whether their texts, and the end of the prompt, are kept too
 * @param layers whether each token is projected at every layer too
 */
public record KeptTokens(int exchanges, int each, boolean text, boolean layers) {
  /** Whether anything is. */
  public boolean on() {
    return exchanges > 0;
  }

  static KeptTokens of(Values values) {
    return new KeptTokens(
        values.get(Key.TOKENS_KEPT, Integer.class),
        values.get(Key.TOKENS_EACH, Integer.class),
        values.get(Key.TOKENS_TEXT, Boolean.class),
        values.get(Key.TOKENS_LAYERS, Boolean.class));
  }
}
