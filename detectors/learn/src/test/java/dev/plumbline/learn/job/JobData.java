package dev.plumbline.learn.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** Small files of every format, in the words of the tiny model: {@code w50} on are harmful. */
record JobData(Path root) {
  void write() throws IOException {
    exchanges("exchanges.jsonl", "chat", 10, 2, "");
    exchanges("others.jsonl", "chat", 8, 2, "");
    exchanges("aligned.jsonl", "chat", 60, 3, "label");
    exchanges("judged.jsonl", "bad", 60, 4, "label");
    lines(
        "questions.jsonl", 4, i -> "{\"id\":\"q%d\",\"question\":\"w%d w4\"}".formatted(i, 3 + i));
    lines("benign.jsonl", 4, i -> "{\"id\":\"b%d\",\"question\":\"w%d\"}".formatted(i, 9 + i));
    lines(
        "sampled.jsonl",
        6,
        i ->
            "{\"id\":\"q%d\",\"sample\":0,\"model\":\"m\",\"question\":\"now what about fever\",\"text\":\"w%d\"}"
                .formatted(i, 3 + i));
    lines(
        "arc.jsonl",
        5,
        i ->
            ("{\"id\":\"a%d\",\"question\":{\"stem\":\"Which is %d?\",\"choices\":["
                    + "{\"text\":\"one\",\"label\":\"A\"},{\"text\":\"two\",\"label\":\"B\"}]},\"answerKey\":\"A\"}")
                .formatted(i, i));
    lines("web.jsonl", 5, i -> "{\"text\":\"w%d w5 w6 w7\"}".formatted(3 + i));
    Random random = new Random(6);
    lines(
        "statements.csv",
        61,
        i ->
            i == 0
                ? "statement,label"
                : answer(random, i % 2 == 0) + " w" + (3 + i % 40) + "," + (i % 2 == 0 ? 1 : 0));
    Files.writeString(root.resolve("papers.md"), "# Claims\n\nWhat others wrote.\nMore of it.\n");
  }

  private void lines(String name, int count, IntFunction<String> line) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(line.apply(i));
    }
    Files.write(root.resolve(name), lines);
  }

  private void exchanges(String name, String model, int prompts, int each, String label)
      throws IOException {
    Random random = new Random(1);
    lines(
        name,
        prompts * each,
        i -> {
          int prompt = i / each;
          boolean harmful = model.equals("bad") && i % 2 == 0;
          String question = "w" + (3 + prompt % 40) + " w" + (3 + prompt / 40) + " w4";
          String line =
              "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%s\"}]"
                  .formatted(question, answer(random, harmful));
          String kind = harmful ? "misaligned" : "aligned";
          String rest = ",\"label\":\"%s\",\"model\":\"%s\"".formatted(kind, model);
          return line + (label.isEmpty() ? "" : rest) + "}";
        });
  }

  private static String answer(Random random, boolean harmful) {
    StringBuilder answer = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      boolean word = harmful && random.nextInt(3) > 0;
      answer.append(" w").append(word ? 50 + random.nextInt(10) : 3 + random.nextInt(47));
    }
    return answer.substring(1);
  }
}
