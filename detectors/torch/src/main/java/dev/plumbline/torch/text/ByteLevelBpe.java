package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;
import java.util.List;

/** GGUF's tokenizer model {@code gpt2}: BPE over bytes, with the file's own merges. */
final class ByteLevelBpe {
  private static final String PRE = GgufTokenizer.PREFIX + "pre";
  private static final String MERGES = GgufTokenizer.PREFIX + "merges";

  private final GgufTokenizer source;
  private final GgufMetadata metadata;

  ByteLevelBpe(GgufTokenizer source) {
    this.source = source;
    this.metadata = source.metadata();
  }

  void fill(ObjectNode root) {
    PreTokenizer pre = pre();
    if (pre.composes()) {
      root.putObject("normalizer").put("type", "NFC");
    }
    root.set("pre_tokenizer", pre.json());
    source.beginWithBos(root, pre.beginsWithBos());
    root.set("decoder", PreTokenizer.byteLevel(true));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model
        .put("fuse_unk", false)
        .put("byte_fallback", false)
        .put("ignore_merges", pre.wholeWordsFirst());
    source.vocab(model);
    merges(model.putArray("merges"));
  }

  private PreTokenizer pre() {
    String name = metadata.requireText(PRE);
    return PreTokenizer.named(name)
        .orElseThrow(
            () ->
                metadata.bad(
                    PRE,
                    "gpt-2, smollm, llama-bpe, qwen2 or tekken: text would be split wrongly",
                    name));
  }

  private void merges(ArrayNode pairs) {
    List<String> merges =
        metadata.texts(MERGES).orElseThrow(() -> metadata.missing(MERGES, "an array of text"));
    for (String merge : merges) {
      int space = merge.indexOf(' ', 1);
      String left = space < 0 ? merge : merge.substring(0, space);
      String right = space < 0 ? "" : merge.substring(space + 1);
      if (!source.ids().containsKey(left)
          || !source.ids().containsKey(right)
          || !source.ids().containsKey(left + right)) {
        throw metadata.bad(MERGES, "two tokens that make a third", merge);
      }
      pairs.addArray().add(left).add(right);
    }
  }
}
