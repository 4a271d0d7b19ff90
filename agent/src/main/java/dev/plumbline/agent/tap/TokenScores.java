package dev.plumbline.agent.tap;

import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was read of each token of one answer; made only where {@code tokens.kept} asks for it.
 *
 * @param tokens the first of the answer, in their order
 * @param leftOut tokens of the answer behind those
 * @param mean of the readout over aligned answers
 * @param spread of a single token's readout there, above 0; what a token is coloured by is {@code
 *     (readout − mean) / spread}
 * @param layers the answer's mean projection at each layer, where that was asked for
 * @param text whether the tokens have their texts
 * @param asked the end of what was asked, where texts are kept
 */
public record TokenScores(
    List<Token> tokens,
    int leftOut,
    double mean,
    double spread,
    List<Layer> layers,
    boolean text,
    Optional<String> asked) {
  /** UTF-16 units of a prompt that are kept, its last. */
  private static final int MOST_ASKED = 2000;

  /**
   * One token.
   *
   * @param readout of the probe that judges; NaN for the last one sampled, which no pass has read
   * @param score of the answer up to here; NaN as above
   * @param text empty where none is kept, or none became certain by it
   */
  public record Token(float readout, float score, String text) {
    public Token {
      Objects.requireNonNull(text, "text");
    }

    /** Never the text. */
    @Override
    public String toString() {
      return "Token[" + readout + ", " + score + "]";
    }
  }

  /**
   * One layer.
   *
   * @param point such as {@code resid_post.3}
   * @param z mean projection over the answer's tokens, in spreads of aligned tokens
   */
  public record Layer(String point, double z) {}

  public TokenScores {
    tokens = List.copyOf(tokens);
    layers = List.copyOf(layers);
    Objects.requireNonNull(asked, "asked");
    if (leftOut < 0 || !(spread > 0)) {
      throw new IllegalArgumentException(
          "wanted tokens left out of at least 0 and a spread above 0, found "
              + leftOut
              + ", "
              + spread);
    }
  }

  /** The same with the end of the prompt, where texts are kept. */
  TokenScores asked(Prompt prompt) {
    return text
        ? new TokenScores(tokens, leftOut, mean, spread, layers, true, Optional.of(end(prompt)))
        : this;
  }

  private static String end(Prompt prompt) {
    String whole;
    if (prompt instanceof Prompt.Chat chat) {
      List<ChatMessage> turns = chat.messages();
      whole = turns.get(turns.size() - 1).content();
    } else {
      whole = ((Prompt.Raw) prompt).text();
    }
    return whole.substring(Math.max(0, whole.length() - MOST_ASKED));
  }

  /** Never the texts. */
  @Override
  public String toString() {
    return "TokenScores[" + tokens.size() + " tokens, " + layers.size() + " layers]";
  }
}
