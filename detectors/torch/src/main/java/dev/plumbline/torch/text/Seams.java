package dev.plumbline.torch.text;

import static java.lang.Character.getType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a text may be cut so that encoding the parts one by one gives the ids of the whole,
 * whatever follows: decided by the two characters beside the cut alone.
 *
 * <p>Only for kinds of tokenizers whose splitting is known here; for any other there is no seam,
 * and nothing is certain before the text's end. Immutable.
 */
interface Seams {
  /** Whether text may be cut between two code points. */
  boolean cut(int before, int after);

  /** No cut is safe. */
  Seams NONE = (before, after) -> false;

  /** Before a space that does not follow another one. */
  Seams SPACES = (before, after) -> after == ' ' && visible(before);

  /** The seams of a {@code tokenizer.json}. */
  static Seams of(JsonNode root) {
    Seams seams = prepends(root) ? afterNoAdded(byKind(root), root) : byKind(root);
    Set<Long> inside = new HashSet<>();
    for (JsonNode token : root.path("added_tokens")) {
      if (token.path("special").asBoolean(false)) {
        continue;
      }
      boolean crossed = crossed(seams, token.path("content").asText(), inside);
      boolean changed =
          token.path("normalized").asBoolean(true) && !root.path("normalizer").isEmpty();
      if (looksBeside(token) || (crossed && changed)) {
        return NONE;
      }
    }
    return (before, after) ->
        seams.cut(before, after) && !inside.contains(PairSeams.pair(before, after));
  }

  /** A token matched before all splitting, which takes or asks for what stands beside it. */
  private static boolean looksBeside(JsonNode token) {
    return token.path("lstrip").asBoolean(false)
        || token.path("rstrip").asBoolean(false)
        || token.path("single_word").asBoolean(false);
  }

  /** Whether seams lie inside an added token; they are put into {@code inside}. */
  private static boolean crossed(Seams seams, String content, Set<Long> inside) {
    int[] points = content.codePoints().toArray();
    boolean crossed = false;
    for (int i = 1; i < points.length; i++) {
      if (seams.cut(points[i - 1], points[i])) {
        inside.add(PairSeams.pair(points[i - 1], points[i]));
        crossed = true;
      }
    }
    return crossed;
  }

  /** Whether something is put before a text, and before what follows an added token in it. */
  static boolean prepends(JsonNode root) {
    return steps(root.path("normalizer"), "normalizers").stream().anyMatch(Seams::isPrepend);
  }

  private static boolean isPrepend(JsonNode step) {
    return step.path("type").asText().equals("Prepend");
  }

  /** Leaves out cuts that may be just behind an added token: what follows one begins anew. */
  private static Seams afterNoAdded(Seams seams, JsonNode root) {
    Set<Integer> last = new HashSet<>();
    for (JsonNode token : root.path("added_tokens")) {
      String content = token.path("content").asText();
      if (!token.path("special").asBoolean(false) && !content.isEmpty()) {
        last.add(content.codePointBefore(content.length()));
      }
    }
    return (before, after) -> !last.contains(before) && seams.cut(before, after);
  }

  private static Seams byKind(JsonNode root) {
    JsonNode pre = root.path("pre_tokenizer");
    String model = root.path("model").path("type").asText();
    if (pre.path("type").asText().equals("WhitespaceSplit")) {
      return model.equals("WordLevel") && onlyLetters(root.path("normalizer")) ? SPACES : NONE;
    }
    if (!model.equals("BPE")) {
      return NONE;
    }
    if (pre.isMissingNode() || pre.isNull()) {
      return spacesWritten(root.path("normalizer")) ? PairSeams.of(root.path("model")) : NONE;
    }
    return composesAtMost(root.path("normalizer")) && WordSeams.know(pre) ? new WordSeams() : NONE;
  }

  /** Lower case, and all but letters made spaces: character by character. */
  private static boolean onlyLetters(JsonNode normalizer) {
    for (JsonNode step : steps(normalizer, "normalizers")) {
      boolean lower = step.path("type").asText().equals("Lowercase");
      boolean spaced =
          step.path("pattern").path("Regex").asText().equals("[^a-z ]+")
              && step.path("content").asText().equals(" ");
      if (!lower && !spaced) {
        return false;
      }
    }
    return true;
  }

  private static boolean composesAtMost(JsonNode normalizer) {
    return steps(normalizer, "normalizers").stream()
        .allMatch(step -> step.path("type").asText().equals("NFC"));
  }

  /** Spaces become ▁, and one may be put first. */
  private static boolean spacesWritten(JsonNode normalizer) {
    List<JsonNode> steps = steps(normalizer, "normalizers");
    boolean replaced = false;
    for (JsonNode step : steps) {
      boolean replaces =
          step.path("pattern").path("String").asText().equals(" ")
              && step.path("content").asText().equals(PairSeams.SPACE);
      if (!replaces && !isPrepend(step)) {
        return false;
      }
      replaced |= replaces;
    }
    return replaced;
  }

  /** The children of a sequence, or the step itself. */
  static List<JsonNode> steps(JsonNode node, String children) {
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    return node.path("type").asText().equals("Sequence")
        ? java.util.stream.StreamSupport.stream(node.path(children).spliterator(), false).toList()
        : List.of(node);
  }

  private static boolean visible(int point) {
    return !Character.isSpaceChar(point)
        && !Character.isISOControl(point)
        && getType(point) != Character.SURROGATE
        && getType(point) != Character.UNASSIGNED;
  }
}
