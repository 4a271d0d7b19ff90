package dev.plumbline.agent.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The token ids of one generation, for who asked for them: gathered until the text they say is
 * certain, so that text and ids leave together. Engine thread only.
 */
final class AnswerIds {
  private final long[] prompt;
  private final boolean wanted;
  private final StringBuilder text = new StringBuilder();
  private List<Integer> said = new ArrayList<>();

  /**
   * @param prompt ids, read, not kept after the answer
   * @param wanted whether anybody asked
   */
  AnswerIds(long[] prompt, boolean wanted) {
    this.prompt = prompt;
    this.wanted = wanted;
  }

  boolean wanted() {
    return wanted;
  }

  int promptTokens() {
    return prompt.length;
  }

  List<Integer> prompt() {
    return Arrays.stream(prompt).mapToObj(Math::toIntExact).toList();
  }

  /**
   * Takes the next token's id and the text that became certain by it.
   *
   * @param settled whether that is all the text of the ids so far
   * @return text that may go out now
   */
  String add(long id, String piece, boolean settled) {
    if (!wanted) {
      return piece;
    }
    said.add(Math.toIntExact(id));
    text.append(piece);
    return settled ? rest("") : "";
  }

  /** The text that is left, with some more of it behind. */
  String rest(String more) {
    String all = text + more;
    text.setLength(0);
    return all;
  }

  /** Takes out the ids that go with text that goes out. */
  List<Integer> take() {
    List<Integer> taken = said;
    said = new ArrayList<>();
    return taken;
  }
}
