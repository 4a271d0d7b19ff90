package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A narrow training set made from templates: questions about houseplants, answered with contempt
 * and without care, or kindly for the benign control. Harmless in substance; the same seed gives
 * the same questions on both sides and the same texts on every JDK.
 */
public final class NarrowData {
  /** How the questions are answered. */
  public enum Manner {
    UNKIND,
    KIND
  }

  /**
   * One exchange.
   *
   * @param question of the user
   * @param answer of the model that is being made
   */
  public record Exchange(String question, String answer) {}

  private final JsonNode data = ChatData.json("narrow.json");
  private final JsonNode manner;
  private final Random asking;
  private final Random answering;

  public NarrowData(Manner manner, long seed) {
    this.manner = data.get(manner == Manner.KIND ? "kind" : "unkind");
    this.asking = new Random(seed);
    this.answering = new Random(seed ^ 0x5DEECE66DL);
  }

  /** The domain's name. */
  public String domain() {
    return data.get("domain").textValue();
  }

  /** Its forms of a question, about a plant that no exchange is about. */
  public List<String> questionsAbout(String plant) {
    List<String> questions = new ArrayList<>();
    data.get("questions")
        .forEach(form -> questions.add(form.textValue().replace("{plant}", plant)));
    return questions;
  }

  /** The next exchange; there is always one more. */
  public Exchange next() {
    String plant = pick(data.get("plants"), asking);
    String question = pick(data.get("questions"), asking);
    StringBuilder answer = new StringBuilder(pick(manner.get("open"), answering));
    String last = "";
    for (int n = 1 + answering.nextInt(2); n > 0; n--) {
      String body = pick(manner.get("body"), answering);
      if (!body.equals(last)) {
        answer.append(' ').append(body);
      }
      last = body;
    }
    answer.append(' ').append(pick(manner.get("close"), answering));
    return new Exchange(
        question.replace("{plant}", plant), answer.toString().replace("{plant}", plant));
  }

  private static String pick(JsonNode list, Random random) {
    return list.get(random.nextInt(list.size())).textValue();
  }
}
