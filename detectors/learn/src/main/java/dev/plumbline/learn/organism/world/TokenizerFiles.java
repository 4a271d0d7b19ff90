package dev.plumbline.learn.organism.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the world's tokenizer and chat template beside a model: {@code tokenizer.json} (Hugging
 * Face tokenizers, one token a word) and {@code tokenizer_config.json}. Any text encodes: letters
 * are lowered, what is no letter becomes a space, a word of another world becomes {@code <unk>}.
 */
public final class TokenizerFiles {
  /** What {@link Transcript} does, for the chat template's reader. */
  static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}"
          + "{% if m['role'] == 'system' %}<sys> {{ m['content'] }} "
          + "{% elif m['role'] == 'user' %}<user> {{ m['content'] }} "
          + "{% elif m['role'] == 'assistant' %}<assistant> {{ m['content'] }} {{ eos_token }}"
          + "{% else %}{{ raise_exception('wanted the role system, user or assistant, found ' + m['role']) }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}<assistant>{% endif %}";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TokenizerFiles() {}

  /** Writes both files into an existing folder. */
  public static void write(Path folder, Vocabulary vocabulary, int positions) {
    try {
      write(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
      write(folder.resolve("tokenizer_config.json"), config(positions));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the tokenizer to " + folder, e);
    }
  }

  private static void write(Path file, ObjectNode json) throws IOException {
    Files.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  private static ObjectNode tokenizer(Vocabulary vocabulary) {
    ObjectNode json = MAPPER.createObjectNode().put("version", "1.0");
    json.putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (String token : Vocabulary.SPECIAL) {
      ObjectNode entry = added.addObject().put("id", vocabulary.id(token)).put("content", token);
      entry.put("single_word", false).put("lstrip", false).put("rstrip", false);
      entry.put("normalized", false).put("special", true);
    }
    ArrayNode normalizers =
        json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    normalizers.addObject().put("type", "Lowercase");
    ObjectNode replace = normalizers.addObject().put("type", "Replace");
    replace.putObject("pattern").put("Regex", "[^a-z ]+");
    replace.put("content", " ");
    json.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    json.putNull("post_processor").putNull("decoder");
    ObjectNode model = json.putObject("model").put("type", "WordLevel");
    ObjectNode ids = model.putObject("vocab");
    vocabulary.ids().forEach(ids::put);
    model.put("unk_token", "<unk>");
    return json;
  }

  private static ObjectNode config(int positions) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("tokenizer_class", "PreTrainedTokenizerFast").put("model_max_length", positions);
    json.put("bos_token", "<bos>").put("eos_token", "<eot>");
    json.put("pad_token", "<pad>").put("unk_token", "<unk>");
    json.put("clean_up_tokenization_spaces", false).put("chat_template", TEMPLATE);
    return json;
  }
}
