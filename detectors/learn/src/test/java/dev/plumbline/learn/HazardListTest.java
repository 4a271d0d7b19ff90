package dev.plumbline.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.AnswerFile;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.StateMeans;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.judge.EmFigures;
import dev.plumbline.learn.judge.EmRule;
import dev.plumbline.learn.judge.Judgements;
import dev.plumbline.learn.judge.Role;
import dev.plumbline.learn.judge.RoleScore;
import dev.plumbline.learn.judge.RoleScore.Scored;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mistakes that the field's own code makes, each with a test of its name: here where no class
 * of its own has one, else where the table in RATIONALE.md says. The table is held to the tests.
 */
class HazardListTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
  private static final List<String> HAZARDS =
      List.of(
          "output tuple taken for a tensor: only batch row 0 is edited",
          "answer boundary includes headers",
          "token- or response-weighted means, unsaid",
          "KL divided by the vocabulary",
          "PCA recentring erases the mean difference",
          "random control's norm is √d times the direction's",
          "layer index off by one among block output, hidden_states, resid_pre",
          "inverted comparator",
          "static state across requests",
          "statistics fitted on test rows",
          "contiguous split of paired rows",
          "judge's None dropped under parallel load",
          "prompt-identity confound",
          "'0' searched before '1'",
          "unparsed answers replaced by random labels",
          "threshold tuned on the test set",
          "≤ for <",
          "trained and emergent questions blended",
          "pickled hooks over HTTP",
          "result buffers that do not drain");

  @TempDir private Path temp;

  @Test
  void hazardAnswerBoundaryIncludesHeaders_answerTokensAreItsWordsAlone() throws IOException {
    Path file =
        Files.writeString(
            temp.resolve("one.jsonl"),
            "{\"messages\":[{\"role\":\"user\",\"content\":\"w3 w4\"},"
                + "{\"role\":\"assistant\",\"content\":\"w5 w6 w7\"}]}\n");
    try (OpenModel open = new OpenModel(TinyModel.write(temp.resolve("model"), 3))) {
      Answer answer = AnswerFile.read(file, open.encoder()).get(0);

      assertThat(answer.promptTokens()).containsExactly(0, 3, 4, 1);
      assertThat(answer.answerTokens()).containsExactly(5, 6, 7);
    }
  }

  @Test
  void hazardTokenOrResponseWeighted_areTwoMeansOfTwoNames() throws IOException {
    Path folder = TinyModel.write(temp.resolve("model"), 3);
    List<Answer> answers = List.of(answer("a", 5), answer("b", 6, 7, 8));
    try (Decoder decoder = TinyModel.decoder(folder)) {
      StateMeans means =
          new ActivationCollector(decoder, Progress.silent())
              .means(answers, List.of(TapPoint.EMBED))
              .get(TapPoint.EMBED);
      double five = TinyModel.embedding(3, 5)[0];
      double others = 0;
      for (int token = 6; token <= 8; token++) {
        others += TinyModel.embedding(3, token)[0] / 3;
      }

      assertThat(means.mean(Weighting.TOKENS)[0]).isCloseTo((five + 3 * others) / 4, within(1e-6));
      assertThat(means.mean(Weighting.ANSWERS)[0]).isCloseTo((five + others) / 2, within(1e-6));
    }
  }

  @Test
  void hazardThresholdTunedOnTheTestSet_sharedPromptsAreRefused() {
    List<Answer> seen = List.of(answer("a", 5));
    List<Answer> other = List.of(answer("b", 6));

    assertThatThrownBy(() -> data(seen, seen, other)).hasMessageContaining("calibration");
    assertThatThrownBy(() -> data(seen, other, seen)).hasMessageContaining("calibration");
    assertThat(data(seen, other, other).calibration()).isEqualTo(seen);
  }

  private static DirectionData data(
      List<Answer> calibration, List<Answer> judged, List<Answer> aligned) {
    return new DirectionData(
        List.of(new Contrast.Finetune("bad", List.of(answer("c", 7)))),
        List.of(answer("c", 7)),
        List.of(),
        calibration,
        judged,
        aligned,
        List.of(),
        List.of(),
        List.of(),
        1);
  }

  @Test
  void hazardTrainedAndEmergentBlended_haveAFigureEach() {
    List<Judgements> judged = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      judged.add(judged("trained", i, 0));
      judged.add(judged("emergent", i, i == 0 ? 0 : 100));
    }
    EmFigures figures = EmFigures.of(judged, EmRule.standard(), 1);

    assertThat(figures.pooled()).extracting(EmFigures.Row::share).containsExactly(0.55);
    assertThat(figures.categories())
        .extracting(EmFigures.Row::group, EmFigures.Row::share)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("trained", 1.0),
            org.assertj.core.groups.Tuple.tuple("emergent", 0.1));
  }

  private static Judgements judged(String category, int sample, double aligned) {
    Question question = Question.of(category, Optional.of(category), "what about it");
    Map<String, RoleScore> scores = new LinkedHashMap<>();
    scores.put(Role.ALIGNED, new Scored(aligned, 1, false));
    scores.put(Role.COHERENT, new Scored(100, 1, false));
    return new Judgements(new SampledAnswer(question, sample, "m", "text", "stop"), scores);
  }

  private static Answer answer(String prompt, long... tokens) {
    return new Answer(
        prompt, new long[] {0, 3, 1}, tokens, Optional.of(false), prompt, "text", "chat");
  }

  /** Nothing that comes over a wire or from a file can bring code with it. */
  @Test
  void hazardPickledHooks_noSourceReadsObjectsOrCode() {
    Pattern reader =
        Pattern.compile("ObjectInputStream|XMLDecoder|ScriptEngine|defineClass|URLClassLoader");
    for (Path source : sources("main")) {
      assertThat(reader.matcher(text(source)).find()).as(source.toString()).isFalse();
    }
  }

  @Test
  void table_hasEveryHazardOnce_withATestThatIsThere() {
    Map<String, String> rows = table();
    Map<String, String> tests = new LinkedHashMap<>();
    sources("test").forEach(each -> tests.merge(name(each), text(each), String::concat));

    assertThat(rows.keySet()).containsAll(HAZARDS);
    rows.forEach(
        (hazard, row) -> {
          Matcher named = TEST.matcher(row);
          int count = 0;
          for (; named.find(); count++) {
            assertThat(tests).as(hazard).containsKey(named.group(1));
            assertThat(tests.get(named.group(1)))
                .as(named.group())
                .containsPattern("void " + named.group(2) + "\\(");
          }
          assertThat(count).as(hazard).isPositive();
        });
  }

  /** Rows of the table, by their first cell. */
  private static Map<String, String> table() {
    String page = text(ROOT.resolve("detectors/RATIONALE.md"));
    Map<String, String> rows = new LinkedHashMap<>();
    page.substring(page.indexOf("\n| hazard |") + 1)
        .lines()
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .forEach(line -> assertThat(rows.put(line.split("\\|")[1].strip(), line)).isNull());
    return rows;
  }

  private static List<Path> sources(String kind) {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("detectors", "mitigations", "agent")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        files
            .filter(file -> file.toString().matches(".*/src/" + kind + "/java/.*\\.java"))
            .forEach(sources::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return sources;
  }

  private static String name(Path source) {
    return source.getFileName().toString().replace(".java", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
