package dev.plumbline.learn.ability;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.endpoint.Parallel;
import dev.plumbline.learn.endpoint.Poster;
import dev.plumbline.learn.endpoint.Poster.Posted;
import dev.plumbline.learn.judge.RoleScore;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A text classifier over HTTP: {@code POST {"inputs": TEXT}} answered by {@code [{"label",
 * "score"}, …]}, or that in one more list, scores from 0 to 1 (the form of text-classification
 * pipelines).
 */
public final class HttpClassifier implements TextJudge {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double PERCENT = 100;

  private final URI url;
  private final Poster poster;
  private final String role;
  private final String label;
  private final int parallel;

  /**
   * @param role what the label means
   * @param label the classifier's name for it, such as {@code LABEL_1}
   */
  public HttpClassifier(URI url, Poster poster, String role, String label, int parallel) {
    this.url = url;
    this.poster = poster;
    this.role = role;
    this.label = label;
    this.parallel = parallel;
  }

  @Override
  public String name() {
    return "classifier at " + url + ", label " + label;
  }

  @Override
  public List<Map<String, RoleScore>> judge(List<String> prompts, List<String> texts) {
    return Parallel.map(texts, parallel, text -> Map.of(role, score(text)), done -> {});
  }

  private RoleScore score(String text) {
    Posted posted = poster.post(MAPPER.createObjectNode().put("inputs", text).toString());
    if (posted instanceof Posted.Body body) {
      return read(body.text());
    }
    Posted.Lost lost = (Posted.Lost) posted;
    return new None(Reason.valueOf(lost.cause().name()), lost.detail());
  }

  private RoleScore read(String body) {
    try {
      JsonNode list = MAPPER.readTree(body);
      for (JsonNode each : list.path(0).isArray() ? list.get(0) : list) {
        double score = each.path("score").asDouble(-1);
        if (each.path("label").asText().equals(label) && score >= 0 && score <= 1) {
          return new Scored(PERCENT * score, 1, false);
        }
      }
    } catch (JsonProcessingException e) {
      return new None(Reason.MALFORMED, "no JSON");
    }
    return new None(Reason.MALFORMED, "no label " + label + " with a score from 0 to 1");
  }
}
