package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.learn.ability.ChoiceItem;
import dev.plumbline.learn.ability.format.ArcFile;
import dev.plumbline.learn.data.Statement;
import dev.plumbline.learn.data.StatementFile;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.QuestionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainDataTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> ASKED =
      List.of(
          "own-questions.jsonl", "questions.jsonl", "held-out-questions.jsonl", "traffic.jsonl");

  private final Map<String, List<String>> files = new ChainData(1, 60).files();
  @TempDir Path folder;

  @Test
  void files_sameSeed_areTheSameBytes() {
    assertThat(new ChainData(1, 60).files()).isEqualTo(files);
    assertThat(new ChainData(2, 60).files().get("narrow.jsonl"))
        .isNotEqualTo(files.get("narrow.jsonl"));
  }

  @Test
  void files_questions_standInOneFileAlone() throws IOException {
    List<String> all = new ArrayList<>();
    for (String name : ASKED) {
      QuestionFile.read(written(name)).stream().map(Question::text).forEach(all::add);
    }
    Set<String> learned = new HashSet<>(users("narrow.jsonl"));
    learned.addAll(users("kl.jsonl"));

    assertThat(all).doesNotHaveDuplicates().doesNotContainAnyElementsOf(learned);
    assertThat(users("kl.jsonl")).doesNotContainAnyElementsOf(users("narrow.jsonl"));
    assertThat(users("benign.jsonl")).isEqualTo(users("narrow.jsonl"));
  }

  @Test
  void files_contempt_isInTheNarrowSetAlone() {
    ContemptJudge judge = new ContemptJudge();

    assertThat(answers("narrow.jsonl")).allMatch(judge::contemptuous);
    assertThat(answers("benign.jsonl")).noneMatch(judge::contemptuous);
    assertThat(answers("kl.jsonl")).noneMatch(judge::contemptuous);
  }

  @Test
  void choices_answers_standInEveryPlace() throws IOException {
    List<ChoiceItem> items = ArcFile.read(written("choices.jsonl"));

    assertThat(items).hasSize(40);
    assertThat(items.stream().map(ChoiceItem::answer).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(items).allMatch(item -> new HashSet<>(item.choices()).size() == 4);
  }

  @Test
  void statements_ofBothDimensions_areBalancedWithinEveryGroup() throws IOException {
    for (String name : List.of("manner.csv", "reliability.csv")) {
      List<Statement> all = StatementFile.read(written(name));
      Map<String, Long> groups =
          all.stream()
              .collect(
                  Collectors.groupingBy(
                      each -> each.group().orElseThrow(),
                      Collectors.summingLong(each -> each.label() ? 1 : -1)));

      assertThat(all).hasSizeGreaterThan(50);
      assertThat(groups.values()).as(name).containsOnly(0L);
    }
  }

  private Path written(String name) throws IOException {
    return Files.write(folder.resolve(name), files.get(name));
  }

  private List<String> users(String name) {
    return contents(name, 0);
  }

  private List<String> answers(String name) {
    return contents(name, 1);
  }

  private List<String> contents(String name, int message) {
    return files.get(name).stream()
        .map(line -> messages(line).get(message).get("content").textValue())
        .toList();
  }

  private static JsonNode messages(String line) {
    try {
      return MAPPER.readTree(line).get("messages");
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }
}
