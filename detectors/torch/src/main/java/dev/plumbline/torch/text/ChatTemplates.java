package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.Gguf;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;
import dev.plumbline.torch.checkpoint.file.StrictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds a model's chat template in its folder or GGUF file. */
public final class ChatTemplates {
  private static final String JINJA = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String DEFAULT = "default";

  private ChatTemplates() {}

  /**
   * {@code chat_template.jinja} if the folder has one, else {@code chat_template} in {@code
   * tokenizer_config.json} (of several, the one named {@code default}); empty if there is neither.
   */
  public static Optional<ChatTemplate> inFolder(Path folder) {
    Path file = folder.resolve(CONFIG);
    JsonNode config =
        Files.exists(file)
            ? StrictJson.object(file, StrictJson.CONFIG_BYTES)
            : JsonNodeFactory.instance.objectNode();
    Path jinja = folder.resolve(JINJA);
    Optional<String> source =
        Files.exists(jinja)
            ? Optional.of(StrictJson.text(jinja, StrictJson.CONFIG_BYTES))
            : source(file, config.path("chat_template"));
    return source.map(
        text ->
            new ChatTemplate(
                text, token(config.path("bos_token")), token(config.path("eos_token"))));
  }

  /** {@code tokenizer.chat_template} of a GGUF file; empty if it has none. */
  public static Optional<ChatTemplate> inGguf(Gguf file) {
    GgufMetadata metadata = file.metadata();
    List<String> tokens = metadata.texts("tokenizer.ggml.tokens").orElse(List.of());
    return metadata
        .text("tokenizer.chat_template")
        .map(
            text ->
                new ChatTemplate(
                    text,
                    token(metadata, tokens, "bos_token_id"),
                    token(metadata, tokens, "eos_token_id")));
  }

  private static Optional<String> source(Path file, JsonNode template) {
    if (template.isTextual()) {
      return Optional.of(template.textValue());
    }
    if (template.isMissingNode() || template.isNull()) {
      return Optional.empty();
    }
    for (JsonNode named : template) {
      if (named.path("name").asText().equals(DEFAULT) && named.path("template").isTextual()) {
        return Optional.of(named.get("template").textValue());
      }
    }
    throw new BadFileException(
        file,
        "chat_template",
        "a text, or a list with one named default",
        template.toString(),
        "Name one of them default.");
  }

  /** A special token is written as its text or as an object with its {@code content}. */
  private static String token(JsonNode token) {
    return token.isTextual() ? token.textValue() : token.path("content").asText("");
  }

  private static String token(GgufMetadata metadata, List<String> tokens, String key) {
    OptionalInt id = metadata.integer("tokenizer.ggml." + key);
    boolean known = id.isPresent() && id.getAsInt() >= 0 && id.getAsInt() < tokens.size();
    return known ? tokens.get(id.getAsInt()) : "";
  }
}
