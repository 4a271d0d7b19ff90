package dev.plumbline.torch.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model's chat template: a Jinja text that turns messages into the one text the model was trained
 * on.
 *
 * <p>Rendering is bounded and reads no files. The result holds begin-of-text itself where the model
 * wants it, so it is encoded without adding special tokens; {@link ChatEncoder} does that.
 * Immutable.
 *
 * @param source the Jinja text
 * @param bosToken what it calls {@code bos_token}, empty if the model has none
 * @param eosToken what it calls {@code eos_token}, empty if the model has none
 */
public record ChatTemplate(String source, String bosToken, String eosToken) {
  public ChatTemplate {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(bosToken, "bosToken");
    Objects.requireNonNull(eosToken, "eosToken");
  }

  /**
   * The conversation as text.
   *
   * @param addGenerationPrompt whether the header of an assistant's turn follows, for the model to
   *     go on from
   * @throws IllegalArgumentException if the template refuses the messages, with its reason
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    return render(messages, addGenerationPrompt, Map.of());
  }

  /** The same with further variables, such as {@code enable_thinking}. */
  public String render(
      List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    Map<String, Object> values = new HashMap<>(variables);
    values.put("messages", messages.stream().map(ChatTemplate::map).toList());
    values.put("add_generation_prompt", addGenerationPrompt);
    values.put("bos_token", bosToken);
    values.put("eos_token", eosToken);
    return TemplateEngine.render(source, values);
  }

  private static Map<String, Object> map(ChatMessage message) {
    return Map.of("role", message.role(), "content", message.content());
  }

  /** SHA-256 of the source, as lower-case hex: what an artefact pins. */
  public String sha256() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(source.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
