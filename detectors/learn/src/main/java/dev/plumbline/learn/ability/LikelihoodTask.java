package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How likely given answers are: {@code loss}, −log p a token in nats. */
public final class LikelihoodTask implements Task {
  private final String name;
  private final List<Exchange> exchanges;

  /** A question and the answer whose likelihood is wanted. */
  public record Exchange(String id, String group, String question, String answer) {
    public Exchange {
      Check.text(id, "id of an item");
      Check.text(answer, "answer of " + id);
    }
  }

  public LikelihoodTask(String name, List<Exchange> exchanges) {
    this.name = name;
    this.exchanges = List.copyOf(exchanges);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int size() {
    return exchanges.size();
  }

  @Override
  public List<String> stated() {
    return List.of("loss: −log p of a given answer, in nats a token of its content; 0 shots");
  }

  @Override
  public List<ItemResult> run(Examiner examiner, Condition condition) {
    List<Continuation> texts = new ArrayList<>();
    for (Exchange each : exchanges) {
      texts.add(examiner.form().continuation(each.question(), " " + each.answer()));
    }
    double[] likelihoods = examiner.likelihoods(texts, condition);
    List<ItemResult> results = new ArrayList<>();
    for (int i = 0; i < likelihoods.length; i++) {
      double loss = 0 - likelihoods[i] / texts.get(i).length();
      Exchange each = exchanges.get(i);
      results.add(ItemResult.of(each.id(), each.group(), Map.of("loss", loss), ""));
    }
    return results;
  }
}
