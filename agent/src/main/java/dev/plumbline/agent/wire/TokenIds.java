package dev.plumbline.agent.wire;

import java.util.List;

/**
 * Token ids as an answer tells them to who asked with {@code return_token_ids}, in vLLM's members
 * {@code prompt_token_ids} and {@code token_ids}.
 *
 * @param prompt of the prompt; empty where they were told before
 * @param said of the answer, or of this piece of it; the token that ends it is not among them
 */
public record TokenIds(List<Integer> prompt, List<Integer> said) {
  public TokenIds {
    prompt = List.copyOf(prompt);
    said = List.copyOf(said);
  }
}
