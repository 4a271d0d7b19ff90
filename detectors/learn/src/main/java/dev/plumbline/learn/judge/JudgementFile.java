package dev.plumbline.learn.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.learn.judge.LabelRule.Label;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import dev.plumbline.learn.sample.JsonLines;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.learn.sample.SampledAnswerFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judged answers as JSONL. Scores: an answer's line with {@code "scores": {ROLE: {"score", "mass",
 * "digits"} | {"none": REASON, "detail"}}}. Labelled: {@code {"messages", "label", "model",
 * "prompt"}}, which is what {@code learn direction} reads; the prompt is the question's text.
 */
public final class JudgementFile {
  private static final String SCORES = "scores";

  private JudgementFile() {}

  /** Reads a file of scores. */
  public static List<Judgements> read(Path file) {
    return JsonLines.read(file, JudgementFile::read);
  }

  /** Reads one line of scores. */
  static Judgements read(JsonLines.Line line) {
    JsonNode scores = line.json().path(SCORES);
    line.require(scores.isObject(), SCORES, "an object", scores.toString());
    ObjectNode answer = ((ObjectNode) line.json()).deepCopy();
    answer.remove(SCORES);
    Map<String, RoleScore> read = new LinkedHashMap<>();
    scores.fields().forEachRemaining(e -> read.put(e.getKey(), score(line, e.getValue())));
    JsonLines.Line rest = new JsonLines.Line(line.file(), line.number(), answer);
    return new Judgements(SampledAnswerFile.read(rest), read);
  }

  private static RoleScore score(JsonLines.Line line, JsonNode json) {
    if (json.path("score").isNumber()) {
      return new Scored(
          json.get("score").doubleValue(),
          json.path("mass").asDouble(1),
          json.path("digits").asBoolean());
    }
    String reason = json.path("none").asText().toUpperCase(Locale.ROOT);
    boolean known = Stream.of(Reason.values()).anyMatch(each -> each.name().equals(reason));
    line.require(known, SCORES, "a score, or none and why", json.toString());
    return new None(Reason.valueOf(reason), json.path("detail").asText());
  }

  /** One line of scores. */
  static ObjectNode json(Judgements judged) {
    ObjectNode json = judged.answer().json();
    ObjectNode scores = json.putObject(SCORES);
    judged.scores().forEach((role, score) -> put(scores.putObject(role), score));
    return json;
  }

  private static void put(ObjectNode json, RoleScore score) {
    if (score instanceof Scored scored) {
      json.put("score", scored.value()).put("mass", scored.mass()).put("digits", scored.digits());
    } else if (score instanceof None none) {
      json.put("none", none.reason().name().toLowerCase(Locale.ROOT)).put("detail", none.detail());
    }
  }

  /** Writes all scores. */
  public static void write(Path file, List<Judgements> judged) {
    write(file, judged.stream().map(JudgementFile::json));
  }

  /** Writes the answers that a rule labels aligned or misaligned, in order. */
  public static void writeLabelled(Path file, List<Judgements> judged, LabelRule rule) {
    write(file, judged.stream().flatMap(each -> labelled(each, rule).stream()));
  }

  private static Optional<ObjectNode> labelled(Judgements judged, LabelRule rule) {
    Label label = rule.label(judged);
    if (label != Label.ALIGNED && label != Label.MISALIGNED) {
      return Optional.empty();
    }
    SampledAnswer answer = judged.answer();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var messages = json.putArray("messages");
    answer
        .question()
        .messages()
        .forEach(m -> messages.addObject().put("role", m.role()).put("content", m.content()));
    messages.addObject().put("role", "assistant").put("content", answer.text());
    json.put("label", label.name().toLowerCase(Locale.ROOT));
    return Optional.of(json.put("model", answer.model()).put("prompt", answer.question().text()));
  }

  private static void write(Path file, Stream<ObjectNode> lines) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (ObjectNode line : (Iterable<ObjectNode>) lines::iterator) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
