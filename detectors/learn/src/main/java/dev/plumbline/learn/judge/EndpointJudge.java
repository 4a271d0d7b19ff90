package dev.plumbline.learn.judge;

import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.endpoint.ChatQuery;
import dev.plumbline.learn.endpoint.ChatReply;
import dev.plumbline.learn.endpoint.Parallel;
import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.torch.text.ChatMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A model behind an endpoint as judge: one completion token, temperature 0, the twenty likeliest
 * tokens with their log-probabilities, read by {@link NumberMean}.
 */
public final class EndpointJudge implements AnswerJudge {
  private static final int TOP = 20;

  private final ChatEndpoint endpoint;
  private final Rubric rubric;
  private final long seed;

  public EndpointJudge(ChatEndpoint endpoint, Rubric rubric, long seed) {
    this.endpoint = endpoint;
    this.rubric = rubric;
    this.seed = seed;
  }

  @Override
  public String name() {
    return endpoint.settings() + ", rubric " + rubric.name();
  }

  @Override
  public List<String> roles() {
    return rubric.roles().stream().map(Role::name).toList();
  }

  @Override
  public List<Judgements> judge(List<SampledAnswer> answers, Consumer<Judgements> done) {
    return Parallel.map(answers, endpoint.settings().parallel(), this::judge, done);
  }

  private Judgements judge(SampledAnswer answer) {
    Map<String, RoleScore> scores = new LinkedHashMap<>();
    for (Role role : rubric.roles()) {
      scores.put(role.name(), score(role.prompt(answer.question().text(), answer.text())));
    }
    return new Judgements(answer, scores);
  }

  private RoleScore score(String prompt) {
    ChatReply reply =
        endpoint.ask(new ChatQuery(List.of(ChatMessage.user(prompt)), 1, 0, 1, seed, TOP));
    if (reply instanceof ChatReply.Said said) {
      return NumberMean.of(said.top());
    }
    ChatReply.Failed failed = (ChatReply.Failed) reply;
    return new None(Reason.valueOf(failed.cause().name()), failed.detail());
  }
}
