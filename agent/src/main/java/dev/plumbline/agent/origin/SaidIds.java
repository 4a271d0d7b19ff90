package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Token ids on their way to a client that asked for them; each is told once. One event loop. */
final class SaidIds {
  private final boolean wanted;
  private List<Integer> prompt = List.of();
  private List<Integer> said = new ArrayList<>();

  /**
   * @param wanted whether the client asked
   */
  SaidIds(boolean wanted) {
    this.wanted = wanted;
  }

  void prompted(List<Integer> ids) {
    prompt = ids;
  }

  void said(List<Integer> ids) {
    said.addAll(ids);
  }

  /** The prompt's, until they are told. */
  List<Integer> prompt() {
    return prompt;
  }

  /** The prompt's are told. */
  void promptTold() {
    prompt = List.of();
  }

  /** Takes out what is not told yet; empty where nobody asked. */
  Optional<TokenIds> take() {
    if (!wanted) {
      return Optional.empty();
    }
    TokenIds told = new TokenIds(prompt, said);
    promptTold();
    said = new ArrayList<>();
    return Optional.of(told);
  }
}
