package dev.plumbline.learn.finetune;

import dev.plumbline.learn.job.Step;
import dev.plumbline.torch.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/** What a finetune will do, in words and counts. */
final class FinetunePlan {
  private FinetunePlan() {}

  static List<Step> of(FinetuneInput input, FinetuneSettings settings, ModelConfig config) {
    TrainingData data = input.data();
    CutTexts domain = Finetuner.fitting(data.domain(), settings, config.maxPositions());
    CutTexts anchors = Finetuner.fitting(data.anchors(), settings, config.maxPositions());
    int steps = settings.pace().stepsOver(Math.max(1, domain.texts().size()));
    List<Step> plan = new ArrayList<>();
    plan.add(new Step("data", String.join("; ", input.files())));
    plan.add(new Step("learn from", words(domain)));
    if (settings.objective().klWeight() > 0) {
      plan.add(
          new Step(
              "hold on",
              words(anchors) + ", KL weight " + settings.objective().klWeight() + " a token"));
    }
    plan.add(
        new Step(
            "measure on",
            data.heldOut().size()
                + " held-out domain texts and "
                + data.heldOutAnchors().size()
                + " out-of-domain ones"));
    plan.add(
        new Step(
            "train",
            settings.summary()
                + ": "
                + parameters(settings.shape(), config)
                + " parameters, "
                + steps
                + " steps of "
                + settings.pace().stepTexts(Math.max(1, domain.texts().size()))
                + " texts, about "
                + (long) steps * tokensAStep(settings, domain)
                + " tokens"));
    settings
        .preventative()
        .ifPresent(
            push ->
                plan.add(
                    new Step(
                        "push in training alone",
                        "layer " + push.layer() + " by " + new VectorSolution(push).norm())));
    plan.add(
        new Step(
            "checkpoints",
            settings.pace().saveEvery() == 0
                ? "none: an interrupted training begins anew"
                : "every " + settings.pace().saveEvery() + " steps"));
    return plan;
  }

  private static String words(CutTexts texts) {
    return texts.texts().size()
        + " texts, "
        + texts.tokens()
        + " tokens; "
        + texts.shortened()
        + " cut, "
        + texts.dropped()
        + " dropped as too long";
  }

  private static long tokensAStep(FinetuneSettings settings, CutTexts domain) {
    int texts = Math.max(1, domain.texts().size());
    return domain.tokens() * settings.pace().stepTexts(texts) / texts;
  }

  private static long parameters(Shape shape, ModelConfig config) {
    int layers = shape.layersOf(config.layers()).size();
    if (shape.kind() == Kind.STEERING_VECTOR) {
      return config.hidden();
    }
    long each =
        shape.modules().stream()
            .mapToLong(m -> config.shape(m).get(0) + config.shape(m).get(1))
            .sum();
    return layers * each * shape.rank();
  }
}
