package dev.plumbline.agent.triggers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.mitigations.trigger.ThresholdTuning.Labelled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Labelled exchanges from JSON lines: a recording with text, or lines with {@code prompt, score,
 * directions}; {@code misaligned} in the line or, by {@code id}, in a second file.
 *
 * @param exchanges usable ones
 * @param unlabelled lines without {@code misaligned}
 * @param unscored lines without a score in [0, 1]
 * @param promptless lines that nothing keeps together with others
 */
record LabelledFile(List<Labelled> exchanges, int unlabelled, int unscored, int promptless) {

  static LabelledFile read(Path file, Optional<Path> labels) throws IOException {
    Map<String, Boolean> told = new HashMap<>();
    if (labels.isPresent()) {
      for (JsonNode line : lines(labels.get())) {
        label(line).ifPresent(bad -> told.put(line.path("id").asText(), bad));
      }
    }
    List<Labelled> exchanges = new ArrayList<>();
    int[] lost = new int[3];
    for (JsonNode line : lines(file)) {
      Optional<Boolean> bad =
          label(line).or(() -> Optional.ofNullable(told.get(line.path("id").asText())));
      String prompt = prompt(line);
      double score = line.path("score").asDouble(-1);
      int why = bad.isEmpty() ? 0 : !(score >= 0 && score <= 1) ? 1 : prompt.isEmpty() ? 2 : -1;
      if (why >= 0) {
        lost[why]++;
      } else {
        exchanges.add(new Labelled(prompt, score, directions(line), bad.get()));
      }
    }
    return new LabelledFile(exchanges, lost[0], lost[1], lost[2]);
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(Json::look).flatMap(Optional::stream).toList();
    }
  }

  private static Optional<Boolean> label(JsonNode line) {
    JsonNode label = line.path("misaligned");
    return label.isBoolean() ? Optional.of(label.asBoolean()) : Optional.empty();
  }

  private static String prompt(JsonNode line) {
    if (line.path("prompt").isTextual()) {
      return line.path("prompt").asText();
    }
    return line.path("messages").isArray() ? line.path("messages").toString() : "";
  }

  private static Map<String, Double> directions(JsonNode line) {
    Map<String, Double> scores = new TreeMap<>();
    line.path("directions")
        .fields()
        .forEachRemaining(
            each -> {
              if (each.getValue().isNumber()) {
                scores.put(each.getKey(), each.getValue().asDouble());
              }
            });
    return scores;
  }
}
