package dev.plumbline.learn.ability;

import dev.plumbline.learn.endpoint.ChatEndpoint;
import dev.plumbline.learn.judge.EndpointJudge;
import dev.plumbline.learn.judge.Judgements;
import dev.plumbline.learn.judge.RoleScore;
import dev.plumbline.learn.judge.Rubric;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model behind an OpenAI-compatible endpoint as judge of texts. */
public final class EndpointTextJudge implements TextJudge {
  private final EndpointJudge judge;

  public EndpointTextJudge(ChatEndpoint endpoint, Rubric rubric) {
    this.judge = new EndpointJudge(endpoint, rubric, 0);
  }

  @Override
  public String name() {
    return judge.name();
  }

  @Override
  public List<Map<String, RoleScore>> judge(List<String> prompts, List<String> texts) {
    List<SampledAnswer> answers = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Question question = Question.of("item", Optional.empty(), prompts.get(i));
      answers.add(new SampledAnswer(question, i, "examined", texts.get(i), "stop"));
    }
    return judge.judge(answers, each -> {}).stream().map(Judgements::scores).toList();
  }
}
