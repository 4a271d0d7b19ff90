package dev.plumbline.agent.wire.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Usage;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What a server says it has read and written, in tokens; the last word on a choice counts. */
final class TokenCounts {
  private final Map<Integer, Integer> completions = new TreeMap<>();
  private int prompt;
  private boolean known;

  void set(int index, JsonNode prompt, JsonNode completion) {
    count(prompt).ifPresent(found -> this.prompt = found);
    count(completion).ifPresent(found -> completions.put(index, found));
    known = known || count(prompt).isPresent() || count(completion).isPresent();
  }

  Optional<Usage> usage() {
    long written = completions.values().stream().mapToLong(Integer::longValue).sum();
    return known
        ? Optional.of(new Usage(prompt, (int) Math.min(written, Integer.MAX_VALUE)))
        : Optional.empty();
  }

  private static OptionalInt count(JsonNode node) {
    return node.isInt() && node.intValue() >= 0
        ? OptionalInt.of(node.intValue())
        : OptionalInt.empty();
  }
}
