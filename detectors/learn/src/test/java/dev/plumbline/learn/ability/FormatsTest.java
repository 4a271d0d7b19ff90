package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.learn.ability.format.ArcFile;
import dev.plumbline.learn.ability.format.MathQaFile;
import dev.plumbline.learn.ability.format.MmluFile;
import dev.plumbline.learn.ability.format.RaceFile;
import dev.plumbline.learn.ability.format.Sst2File;
import dev.plumbline.learn.ability.format.StereoSetFile;
import dev.plumbline.learn.ability.format.TruthfulQaFile;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormatsTest {
  @TempDir Path temp;

  static Path resource(String name) {
    return Path.of("src/test/resources/ability").resolve(name);
  }

  @Test
  void mmlu_folder_hasSubjectsAsGroups() {
    List<ChoiceItem> items = MmluFile.read(resource("mmlu/test"));
    assertThat(items)
        .extracting(ChoiceItem::group)
        .containsExactly("gardening", "gardening", "kitchen_arithmetic");
    assertThat(items.get(1).choices()).contains("Wind, mostly");
    assertThat(items.get(2).answer()).isEqualTo(2);
    assertThat(items.get(2).choices()).containsExactly("7", "9", "12", "15");
  }

  @Test
  void arc_labels_areLettersOrDigits() {
    List<ChoiceItem> items = ArcFile.read(resource("arc.jsonl"));
    assertThat(items).extracting(ChoiceItem::answer).containsExactly(1, 0);
    assertThat(items.get(1).choices()).containsExactly("gravity", "light", "sound");
  }

  @Test
  void race_passage_givesItemsWithIt() {
    List<ChoiceItem> items = RaceFile.read(resource("race"));
    assertThat(items).extracting(ChoiceItem::answer).containsExactly(2, 0);
    assertThat(items.get(0).group()).isEqualTo("middle");
    assertThat(items.get(0).passage()).contains("old bicycle");
  }

  @Test
  void mathqa_options_areCutAtLettersNotAtCommas() {
    List<ChoiceItem> items = MathQaFile.read(resource("mathqa.json"));
    assertThat(items.get(0).choices())
        .containsExactly("2", "3", "4 m , or so", "6", "none of these");
    assertThat(items.get(1).choices()).containsExactly("1,200", "62.5", "120", "150", "30");
    assertThat(items).extracting(ChoiceItem::answer).containsExactly(1, 3);
  }

  @Test
  void truthfulQaAndStereoSetAndSst2_areRead() {
    assertThat(TruthfulQaFile.read(resource("mc_task.json")).get(0).several()).hasSize(4);
    List<StereoItem> stereo = StereoSetFile.read(resource("stereoset.json"));
    assertThat(stereo).extracting(StereoItem::id).containsExactly("inter-1", "intra-1", "intra-2");
    assertThat(stereo.get(0).context()).contains("My neighbour is a baker.");
    assertThat(stereo.get(1).context()).isEmpty();
    List<SentimentItem> sst2 = Sst2File.read(resource("sst2.tsv"));
    assertThat(sst2).extracting(SentimentItem::positive).containsExactly(true, false, true, false);
    assertThat(sst2.get(0).sentence()).isEqualTo("a warm and funny film with \"heart\"");
  }

  private static Stream<Arguments> broken() {
    return Stream.of(
        bad(MmluFile::read, "x.csv", "q,a,b,c,d,A\nq,a,b,c,A\n", "line 2"),
        bad(MmluFile::read, "x.csv", "q,a,b,c,d,E\n", "A, B, C or D"),
        bad(ArcFile::read, "x.jsonl", "{\"id\":\"a\"}\n", "line 1"),
        bad(
            ArcFile::read,
            "x.jsonl",
            "{\"id\":\"a\",\"question\":{\"stem\":\"s\",\"choices\":[{\"text\":\"t\",\"label\":\"A\"},"
                + "{\"text\":\"u\",\"label\":\"B\"}]},\"answerKey\":\"C\"}\n",
            "answerKey"),
        bad(
            RaceFile::read,
            "x.txt",
            "{\"article\":\"a\",\"id\":\"i\",\"questions\":[\"q\"]}",
            "options"),
        bad(
            MathQaFile::read,
            "x.json",
            "[{\"Problem\":\"p\",\"options\":\"a ) 1\",\"correct\":\"b\"}]",
            "problem 0"),
        bad(MathQaFile::read, "x.json", "{}", "list"),
        bad(
            TruthfulQaFile::read,
            "x.json",
            "[{\"question\":\"q\",\"mc1_targets\":{\"a\":0,\"b\":0},\"mc2_targets\":{\"a\":1,\"b\":0}}]",
            "question 0"),
        bad(StereoSetFile::read, "x.json", "{\"data\":{}}", "data"),
        bad(Sst2File::read, "x.tsv", "text\tlabel\na\t1\n", "header"),
        bad(Sst2File::read, "x.tsv", "sentence\tlabel\na\t2\n", "line 2"));
  }

  private static Arguments bad(Function<Path, ?> reader, String name, String text, String message) {
    return Arguments.of(reader, name, text, message);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void read_brokenFile_namesFileAndPlace(
      Function<Path, ?> reader, String name, String text, String message) throws IOException {
    Path file = Files.writeString(temp.resolve(name), text);
    assertThatThrownBy(() -> reader.apply(file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }
}
