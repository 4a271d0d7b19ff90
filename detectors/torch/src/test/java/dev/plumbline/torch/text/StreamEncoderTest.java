package dev.plumbline.torch.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.file.Gguf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the chunks, the ids are those of the whole text, and most come before its end. */
class StreamEncoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String[] PIECES = {
    "a",
    "b",
    "A",
    "B",
    "the",
    " the",
    "don't",
    "'S",
    "'r",
    "e",
    " ",
    "  ",
    "   ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "!",
    "...",
    "/",
    "!\n/",
    "1",
    "12345",
    " 7",
    "é",
    "e\u0301",
    "\u0301",
    "日本",
    "語",
    "。",
    "，",
    "😀",
    "👩\u200d🚀",
    "\u00a0",
    "\u3000",
    "\u0085",
    "\u2028",
    "<tool>",
    "<|s|>",
    "<|e|>",
    "\ufdd0",
    "ﬁ",
    "½",
    "Ǆ",
    "ſ",
    "\u1100\u1161\u11a8",
    "가",
    "\u11a8",
    "\ud800",
    "\udc00",
    "\u2581",
    "_",
    "$",
    "+",
    "\0",
    "ж",
    "ا",
    "\u0e33",
    "if (x) {",
    "}\n\n  return",
    "https://a.b/c?d=e",
    "naïve",
    "<0x41>",
    "\u200b"
  };

  @ParameterizedTest
  @EnumSource(PreTokenizer.class)
  void next_byteLevel_anyChunks_equalsTheWhole(PreTokenizer pre) {
    try (TextTokenizer tokenizer = byteLevel(pre)) {
      agree(tokenizer, 400, pre.ordinal());
      assertThat(share(tokenizer, "The cat, it seems, sat.\nOn 12 mats: all of them were red."))
          .isGreaterThan(0.8);
      assertThat(share(tokenizer, "日本語、日本。中国語、英語。")).isGreaterThan(0.5);
    }
  }

  @Test
  void next_sentencePiece_anyChunks_equalsTheWhole() {
    try (Gguf file = Gguf.open(Path.of("src/test/resources/text/tiny-spm.gguf"));
        TextTokenizer tokenizer = GgufTokenizer.open(file)) {
      agree(tokenizer, 400, 11);
      assertThat(share(tokenizer, "ab cab ab  c ab")).isGreaterThan(0.7);
    }
  }

  @Test
  void next_piecesThatHoldSpaces_cutsOnlyWhereNoneDoes() {
    for (long seed = 0; seed < 10; seed++) {
      try (TextTokenizer tokenizer = pieces(new Random(seed))) {
        agree(tokenizer, 100, seed);
      }
    }
  }

  @Test
  void next_words_anyChunks_equalsTheWhole() {
    try (TextTokenizer tokenizer = TextTokenizer.of(Path.of("words"), words())) {
      agree(tokenizer, 400, 13);
      assertThat(share(tokenizer, "the cat sat on the mat")).isGreaterThan(0.5);
    }
  }

  @Test
  void next_unknownSplitting_holdsAllBackAndIsStillRight() throws Exception {
    ObjectNode root = (ObjectNode) JSON.readTree(json(PreTokenizer.GPT2, List.of()));
    root.putObject("normalizer").put("type", "NFKC");
    try (TextTokenizer tokenizer = TextTokenizer.of(Path.of("t"), root.toString())) {
      agree(tokenizer, 50, 17);
      assertThat(share(tokenizer, "the cat sat on the mat")).isZero();
    }
  }

  @Test
  void next_addedTokenThatTakesSpaces_holdsAllBackAndIsStillRight() throws Exception {
    ObjectNode root = (ObjectNode) JSON.readTree(json(PreTokenizer.GPT2, List.of()));
    ((ArrayNode) root.get("added_tokens")).add(added(900, "the", false).put("rstrip", true));
    try (TextTokenizer tokenizer = TextTokenizer.of(Path.of("t"), root.toString())) {
      agree(tokenizer, 100, 19);
      assertThat(share(tokenizer, "b the cat sat on the mat")).isZero();
    }
  }

  @Test
  void next_addedTokenWithASpaceInside_isNeverCut() throws Exception {
    ObjectNode root = (ObjectNode) JSON.readTree(json(PreTokenizer.GPT2, merges(5)));
    ((ArrayNode) root.get("added_tokens")).add(added(900, "a the", false));
    try (TextTokenizer tokenizer = TextTokenizer.of(Path.of("t"), root.toString())) {
      agree(tokenizer, 200, 29);
      assertThat(share(tokenizer, "a the a the")).isPositive().isLessThan(1);
    }
  }

  @Test
  void next_ofSmolLm2_anyChunks_equalsTheWhole() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolLm2.gguf());
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      agree(tokenizer, 400, 23);
      assertThat(share(tokenizer, "<|im_end|> It's 12 o'clock, and all is well.\n\n- So?"))
          .isGreaterThan(0.7);
    }
  }

  /** Random texts in random chunks. */
  private static void agree(TextTokenizer tokenizer, int texts, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < texts; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(25); n >= 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      String whole = text.toString();
      StreamEncoder encoder = tokenizer.streamEncoder();
      LongStream ids = LongStream.empty();
      for (int at = 0; at < whole.length(); ) {
        int end = Math.min(whole.length(), at + random.nextInt(1 + random.nextInt(9)));
        ids = LongStream.concat(ids, LongStream.of(encoder.next(whole.substring(at, end))));
        at = end;
      }
      ids = LongStream.concat(ids, LongStream.of(encoder.finish()));
      assertThat(ids.toArray()).as(escaped(whole)).isEqualTo(tokenizer.encode(whole, false));
      assertThat(encoder.held()).isZero();
    }
  }

  /** How many of a text's ids were certain before its end. */
  private static double share(TextTokenizer tokenizer, String text) {
    StreamEncoder encoder = tokenizer.streamEncoder();
    double early = 0;
    for (char c : text.toCharArray()) {
      early += encoder.next(String.valueOf(c)).length;
    }
    return early / (early + encoder.finish().length);
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(c -> out.append(c > 31 && c < 127 ? "" + (char) c : "\\u%04x".formatted(c)));
    return out.toString();
  }

  /** Bytes, and merges learned without regard to words, so that a wrong cut shows. */
  private static TextTokenizer byteLevel(PreTokenizer pre) {
    return TextTokenizer.of(Path.of(pre.name()), json(pre, merges(pre.ordinal())));
  }

  private static String json(PreTokenizer pre, List<String[]> merges) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    ArrayNode added = root.putArray("added_tokens");
    added.add(added(0, "<|s|>", true)).add(added(1, "<|e|>", true)).add(added(2, "<tool>", false));
    if (pre.composes()) {
      root.putObject("normalizer").put("type", "NFC");
    }
    root.set("pre_tokenizer", pre.json());
    root.set("decoder", PreTokenizer.byteLevel(true));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.put("ignore_merges", pre.wholeWordsFirst());
    ObjectNode vocab = model.putObject("vocab");
    vocab.put("<|s|>", 0).put("<|e|>", 1).put("<tool>", 2);
    for (int b = 0; b < 256; b++) {
      vocab.put(spelled(b), vocab.size());
    }
    ArrayNode pairs = model.putArray("merges");
    for (String[] merge : merges) {
      vocab.put(merge[0] + merge[1], vocab.size());
      pairs.addArray().add(merge[0]).add(merge[1]);
    }
    return root.toString();
  }

  private static ObjectNode added(int id, String content, boolean special) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", special);
  }

  private static String spelled(int b) {
    boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
    int nth = 0;
    for (int other = 0; !printable && other < b; other++) {
      nth +=
          other >= '!' && other <= '~' || other >= 0xa1 && other <= 0xac || other >= 0xae ? 0 : 1;
    }
    return String.valueOf((char) (printable ? b : 256 + nth));
  }

  /** The most frequent pairs of a random text, again and again. */
  private static List<String[]> merges(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      text.append(piece.startsWith("<") ? "" : piece);
    }
    List<String> symbols = new ArrayList<>();
    for (byte b : text.toString().getBytes(StandardCharsets.UTF_8)) {
      symbols.add(spelled(b & 0xff));
    }
    List<String[]> merges = new ArrayList<>();
    java.util.Set<String> made = new java.util.HashSet<>();
    while (merges.size() < 200) {
      String[] best = mostFrequent(symbols);
      symbols = merged(symbols, best);
      if (made.add(best[0] + best[1])) {
        merges.add(best);
      }
    }
    return merges;
  }

  private static String[] mostFrequent(List<String> symbols) {
    Map<String, Integer> counts = new HashMap<>();
    String best = null;
    for (int i = 1; i < symbols.size(); i++) {
      String pair = symbols.get(i - 1) + "\n" + symbols.get(i);
      counts.merge(pair, 1, Integer::sum);
      best = best == null || counts.get(pair) > counts.get(best) ? pair : best;
    }
    return best.split("\n");
  }

  private static List<String> merged(List<String> symbols, String[] pair) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i++) {
      boolean here =
          i + 1 < symbols.size()
              && symbols.get(i).equals(pair[0])
              && symbols.get(i + 1).equals(pair[1]);
      out.add(here ? pair[0] + pair[1] : symbols.get(i));
      i += here ? 1 : 0;
    }
    return out;
  }

  /** Random pieces over a few characters and ▁, some with ▁ inside, no byte fallback. */
  private static TextTokenizer pieces(Random random) {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putArray("added_tokens").add(added(1, "<|s|>", true));
    ArrayNode steps = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    if (random.nextBoolean()) {
      steps.addObject().put("type", "Prepend").put("prepend", "▁");
    }
    steps
        .addObject()
        .put("type", "Replace")
        .put("content", "▁")
        .putObject("pattern")
        .put("String", " ");
    root.putNull("pre_tokenizer");
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.put("unk_token", "<unk>").put("fuse_unk", true).put("byte_fallback", false);
    ObjectNode vocab = model.putObject("vocab").put("<unk>", 0).put("<|s|>", 1);
    List<String> known = new ArrayList<>(List.of("▁", "a", "b", "e", "t", "h", "日", "本", "!"));
    known.forEach(piece -> vocab.put(piece, vocab.size()));
    ArrayNode merges = model.putArray("merges");
    while (known.size() < 30) {
      String left = known.get(random.nextInt(known.size()));
      String right = known.get(random.nextInt(known.size()));
      if (!vocab.has(left + right)) {
        vocab.put(left + right, vocab.size());
        merges.addArray().add(left).add(right);
        known.add(left + right);
      }
    }
    return TextTokenizer.of(Path.of("pieces"), root.toString());
  }

  private static String words() {
    ObjectNode root = JSON.createObjectNode().put("version", "1.0");
    root.putArray("added_tokens").add(added(1, "<|s|>", true));
    ArrayNode steps = root.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    steps.addObject().put("type", "Lowercase");
    steps
        .addObject()
        .put("type", "Replace")
        .put("content", " ")
        .putObject("pattern")
        .put("Regex", "[^a-z ]+");
    root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    ObjectNode model = root.putObject("model").put("type", "WordLevel").put("unk_token", "<unk>");
    ObjectNode vocab = model.putObject("vocab").put("<unk>", 0).put("<|s|>", 1);
    for (String word : List.of("the", "cat", "sat", "on", "a", "b", "don", "t", "return")) {
      vocab.put(word, vocab.size());
    }
    return root.toString();
  }
}
