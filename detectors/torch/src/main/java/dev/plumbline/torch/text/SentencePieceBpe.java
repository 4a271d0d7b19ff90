package dev.plumbline.torch.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.file.GgufMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * GGUF's tokenizer model {@code llama}: SentencePiece BPE, whose merges follow from the pieces'
 * scores. Spaces are written {@code ▁}, characters that the vocabulary lacks are spelled in bytes.
 */
final class SentencePieceBpe {
  private static final String SPACE = "\u2581";
  private static final String SCORES = GgufTokenizer.PREFIX + "scores";
  private static final int LONGEST_PIECE = 256;

  /**
   * A pair that makes a piece; better pieces merge first, among a piece's pairs the one with the
   * earlier parts.
   */
  private record Merge(String left, String right, double score, int leftId, int rightId) {}

  private final GgufTokenizer source;
  private final GgufMetadata metadata;

  SentencePieceBpe(GgufTokenizer source) {
    this.source = source;
    this.metadata = source.metadata();
  }

  void fill(ObjectNode root) {
    boolean prefixed = metadata.flag(GgufTokenizer.PREFIX + "add_space_prefix").orElse(true);
    normalizer(root.putObject("normalizer").put("type", "Sequence"), prefixed);
    root.putNull("pre_tokenizer");
    source.beginWithBos(root, true);
    decoder(root.putObject("decoder").put("type", "Sequence"), prefixed);
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
    int unknown = metadata.integer(GgufTokenizer.PREFIX + "unknown_token_id").orElse(0);
    if (unknown < 0 || unknown >= source.tokens().size()) {
      throw metadata.bad(GgufTokenizer.PREFIX + "unknown_token_id", "a token", "" + unknown);
    }
    model.put("unk_token", source.tokens().get(unknown));
    source.vocab(model);
    ArrayNode pairs = model.putArray("merges");
    merges().forEach(m -> pairs.addArray().add(m.left).add(m.right));
  }

  private static void normalizer(ObjectNode sequence, boolean prefixed) {
    ArrayNode steps = sequence.putArray("normalizers");
    if (prefixed) {
      steps.addObject().put("type", "Prepend").put("prepend", SPACE);
    }
    replace(steps, " ", SPACE);
  }

  private static void decoder(ObjectNode sequence, boolean prefixed) {
    ArrayNode steps = sequence.putArray("decoders");
    replace(steps, SPACE, " ");
    steps.addObject().put("type", "ByteFallback");
    steps.addObject().put("type", "Fuse");
    if (prefixed) {
      steps.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
  }

  private static void replace(ArrayNode steps, String from, String to) {
    ObjectNode step = steps.addObject().put("type", "Replace").put("content", to);
    step.putObject("pattern").put("String", from);
  }

  private List<Merge> merges() {
    double[] scores =
        metadata.numbers(SCORES).orElseThrow(() -> metadata.missing(SCORES, "an array of numbers"));
    if (scores.length != source.tokens().size()) {
      throw metadata.bad(
          SCORES, source.tokens().size() + " scores", Integer.toString(scores.length));
    }
    List<Merge> merges = new ArrayList<>();
    for (int id = 0; id < scores.length; id++) {
      String piece = source.tokens().get(id);
      if (source.isNormal(id) && piece.length() <= LONGEST_PIECE) {
        pairs(piece, scores[id], merges);
      }
    }
    merges.sort(
        Comparator.comparingDouble((Merge m) -> -m.score)
            .thenComparingInt(Merge::leftId)
            .thenComparingInt(Merge::rightId));
    return merges;
  }

  private void pairs(String piece, double score, List<Merge> merges) {
    Map<String, Integer> ids = source.ids();
    for (int cut = 1; cut < piece.length(); cut++) {
      Integer left = ids.get(piece.substring(0, cut));
      Integer right = ids.get(piece.substring(cut));
      if (left != null && right != null) {
        merges.add(new Merge(piece.substring(0, cut), piece.substring(cut), score, left, right));
      }
    }
  }
}
