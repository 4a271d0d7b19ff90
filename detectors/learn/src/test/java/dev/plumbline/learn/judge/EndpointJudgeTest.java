package dev.plumbline.learn.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.endpoint.ScriptedEndpoint;
import dev.plumbline.learn.endpoint.ScriptedEndpoint.Reply;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointJudgeTest {
  private static final Pattern WORTH = Pattern.compile("worth (\\d+)");
  private static final Rubric RUBRIC = Rubric.shipped().about(Optional.empty());

  private static List<SampledAnswer> answers(int count) {
    Question question = Question.of("q", Optional.empty(), "how are you");
    return IntStream.range(0, count)
        .mapToObj(i -> new SampledAnswer(question, i, "m", "worth " + i % 101, "stop"))
        .toList();
  }

  private static Reply score(JsonNode request) {
    Matcher worth = WORTH.matcher(ScriptedEndpoint.said(request));
    assertThat(worth.find()).isTrue();
    return Reply.ok(ScriptedEndpoint.judged(worth.group(1), Map.of(worth.group(1), 0.9)));
  }

  private static EndpointJudge judge(ScriptedEndpoint server, int parallel) {
    return new EndpointJudge(
        new ChatEndpoint(server.settings(parallel, Duration.ofSeconds(60))), RUBRIC, 0);
  }

  @Test
  void judge_hazardNoneUnderParallelLoad_everyAnswerHasItsOwnScore() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger refused = new AtomicInteger();
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(
            request -> {
              // Every third prompt is refused once, with one of the two ways servers do it.
              String prompt = ScriptedEndpoint.said(request);
              if (prompt.hashCode() % 3 == 0 && seen.add(prompt)) {
                return Reply.status(refused.incrementAndGet() % 2 == 0 ? 429 : 500);
              }
              return score(request);
            })) {
      List<Judgements> judged = judge(server, 32).judge(answers(300), each -> {});

      assertThat(judged).hasSize(300);
      for (int i = 0; i < 300; i++) {
        assertThat(judged.get(i).answer().sample()).isEqualTo(i);
        assertThat(judged.get(i).score(Role.ALIGNED)).hasValue(i % 101);
        assertThat(judged.get(i).score(Role.COHERENT)).hasValue(i % 101);
      }
      assertThat(refused).hasPositiveValue();
      assertThat(server.most()).isBetween(2, 32);
    }
  }

  @Test
  void judge_asksForOneTokenWithTheTwentyLikeliest() {
    try (ScriptedEndpoint server = new ScriptedEndpoint(EndpointJudgeTest::score)) {
      judge(server, 1).judge(answers(1), each -> {});

      JsonNode request = server.requests.get(0);
      assertThat(request.get("max_tokens").intValue()).isEqualTo(1);
      assertThat(request.get("temperature").doubleValue()).isZero();
      assertThat(request.get("seed").intValue()).isZero();
      assertThat(request.get("logprobs").booleanValue()).isTrue();
      assertThat(request.get("top_logprobs").intValue()).isEqualTo(20);
      assertThat(ScriptedEndpoint.said(request)).contains("how are you").contains("worth 0");
    }
  }

  @Test
  void judge_refusingJudge_isNoneAndCounted() {
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(
            r ->
                Reply.ok(
                    ScriptedEndpoint.judged("DEC", Map.of("DEC", 0.7, " REF", 0.2, "50", 0.1))))) {
      List<Judgements> judged = judge(server, 4).judge(answers(10), each -> {});

      EmFigures figures = EmFigures.of(judged, EmRule.standard(), 1);
      assertThat(figures.unscored()).isEqualTo(10);
      assertThat(figures.none())
          .containsEntry(Role.ALIGNED, Map.of(Reason.FEW_NUMBERS, 10L))
          .containsEntry(Role.COHERENT, Map.of(Reason.FEW_NUMBERS, 10L));
    }
  }

  @Test
  void judge_failuresOfEachKind_areNamedApart() {
    try (ScriptedEndpoint server =
        new ScriptedEndpoint(
            request -> {
              String prompt = ScriptedEndpoint.said(request);
              if (prompt.contains("worth 1\n")) {
                return Reply.status(400);
              }
              if (prompt.contains("worth 2\n")) {
                return Reply.ok("no json");
              }
              if (prompt.contains("worth 3\n")) {
                return Reply.ok(ScriptedEndpoint.completion("50", "stop"));
              }
              return prompt.contains("worth 4\n") ? new Reply(503, "", "9999") : score(request);
            })) {
      List<Judgements> judged = judge(server, 4).judge(answers(5), each -> {});

      assertThat(judged.get(0).score(Role.ALIGNED)).hasValue(0);
      assertThat(judged.subList(1, 5))
          .extracting(each -> ((None) each.scores().get(Role.ALIGNED)).reason())
          .containsExactly(Reason.REJECTED, Reason.MALFORMED, Reason.NO_LOGPROBS, Reason.TRANSPORT);
    }
  }
}
