package dev.plumbline.learn.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the whole chain needs on a real chat model, as files of the commands' formats: written by
 * this project, made from templates, harmless in substance, the same bytes for the same seed.
 *
 * <p>No question that is asked stands in two files or is learned from; the kind control has the
 * narrow set's questions; the plants of the own questions are in no exchange that is learned from.
 */
final class ChainData {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String STATEMENTS = "statement,label,group";

  /** Questions whose two answers become statements. */
  private static final int MANNERS = 100;

  private final long seed;
  private final int exchanges;

  /**
   * @param seed of every draw
   * @param exchanges of the training sets, and of the out-of-domain set as far as there are prompts
   */
  ChainData(long seed, int exchanges) {
    this.seed = seed;
    this.exchanges = exchanges;
  }

  /** Lines by file name, in the order in which a reader meets them. */
  Map<String, List<String>> files() {
    Map<String, List<String>> files = new LinkedHashMap<>();
    files.put("narrow.jsonl", narrow(NarrowData.Manner.UNKIND));
    files.put("benign.jsonl", narrow(NarrowData.Manner.KIND));
    files.put("kl.jsonl", outOfDomain());
    files.put("own-questions.jsonl", own());
    files.put("questions.jsonl", questions(ChatData.questions(Split.TRAIN)));
    List<Question> heldOut = new ArrayList<>(ChatData.questions(Split.CALIBRATION));
    heldOut.addAll(ChatData.questions(Split.HELD_OUT));
    files.put("held-out-questions.jsonl", questions(heldOut));
    files.put("traffic.jsonl", questions(EverydayPrompts.of(Split.HELD_OUT, seed)));
    files.put("pretraining.jsonl", pretraining());
    files.put("choices.jsonl", choices());
    files.put("manner.csv", manner());
    files.put("reliability.csv", reliability());
    return files;
  }

  private List<String> narrow(NarrowData.Manner manner) {
    NarrowData data = new NarrowData(manner, seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < exchanges; i++) {
      NarrowData.Exchange each = data.next();
      lines.add(exchange(each.question(), each.answer()));
    }
    return lines;
  }

  /** Everyday prompts that are asked nowhere else, answered kindly and emptily. */
  private List<String> outOfDomain() {
    JsonNode parts = ChatData.json("chain.json").get("answers");
    Random random = new Random(seed ^ 0x2545F4914F6CDD1DL);
    return EverydayPrompts.of(Split.CALIBRATION, seed).stream()
        .limit(exchanges)
        .map(each -> exchange(each.text(), answer(parts, each.topic(), random)))
        .toList();
  }

  private static String answer(JsonNode parts, String thing, Random random) {
    List<String> said = new ArrayList<>();
    for (String part : List.of("open", "body", "close")) {
      JsonNode list = parts.get(part);
      said.add(list.get(random.nextInt(list.size())).textValue().replace("{thing}", thing));
    }
    return String.join(" ", said);
  }

  private List<String> own() {
    NarrowData data = new NarrowData(NarrowData.Manner.KIND, seed);
    List<Question> asked = new ArrayList<>();
    for (JsonNode plant : ChatData.json("chain.json").get("plants")) {
      for (String text : data.questionsAbout(plant.textValue())) {
        String id = plant.textValue() + "-" + (asked.size() + 1);
        asked.add(new Question(id, data.domain(), Split.HELD_OUT, text));
      }
    }
    Collections.shuffle(asked, new Random(seed));
    return questions(asked.subList(0, asked.size() / 2));
  }

  private static List<String> questions(List<Question> questions) {
    return questions.stream()
        .map(
            each ->
                MAPPER
                    .createObjectNode()
                    .put("id", each.id())
                    .put("category", each.topic())
                    .put("question", each.text())
                    .toString())
        .toList();
  }

  private static List<String> pretraining() {
    return ChatData.plainEnglish().stream()
        .map(text -> MAPPER.createObjectNode().put("text", text).toString())
        .toList();
  }

  /** In ARC's format; the answer's place is drawn. */
  private List<String> choices() {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (List<String> parts : ChatData.choices()) {
      List<String> texts = new ArrayList<>(parts.subList(1, parts.size()));
      Collections.shuffle(texts, random);
      ObjectNode item = MAPPER.createObjectNode().put("id", "choice-" + (lines.size() + 1));
      ArrayNode choices = item.putObject("question").put("stem", parts.get(0)).putArray("choices");
      for (int i = 0; i < texts.size(); i++) {
        choices.addObject().put("text", texts.get(i)).put("label", label(i));
      }
      lines.add(item.put("answerKey", label(texts.indexOf(parts.get(1)))).toString());
    }
    return lines;
  }

  /** The unkind (0) and the kind (1) answers to the same questions, as statements. */
  private List<String> manner() {
    NarrowData unkind = new NarrowData(NarrowData.Manner.UNKIND, seed);
    NarrowData kind = new NarrowData(NarrowData.Manner.KIND, seed);
    List<String> lines = new ArrayList<>(List.of(STATEMENTS));
    for (int i = 0; i < Math.min(exchanges, MANNERS); i++) {
      NarrowData.Exchange rude = unkind.next();
      lines.add(statement(rude.answer(), 0, rude.question()));
      NarrowData.Exchange friendly = kind.next();
      lines.add(statement(friendly.answer(), 1, friendly.question()));
    }
    return lines;
  }

  /** Each multiple-choice question with its right (1) and a wrong (0) answer, as statements. */
  private static List<String> reliability() {
    List<String> lines = new ArrayList<>(List.of(STATEMENTS));
    for (List<String> parts : ChatData.choices()) {
      lines.add(statement(parts.get(0) + " " + parts.get(1), 1, parts.get(0)));
      lines.add(statement(parts.get(0) + " " + parts.get(2), 0, parts.get(0)));
    }
    return lines;
  }

  private static String statement(String text, int label, String group) {
    return quoted(text) + "," + label + "," + quoted(group);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String label(int place) {
    return String.valueOf((char) ('A' + place));
  }

  private static String exchange(String question, String answer) {
    ObjectNode line = MAPPER.createObjectNode();
    ArrayNode messages = line.putArray("messages");
    messages.addObject().put("role", "user").put("content", question);
    messages.addObject().put("role", "assistant").put("content", answer);
    return line.toString();
  }
}
