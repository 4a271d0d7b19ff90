package dev.plumbline.learn.finetune;

import dev.plumbline.core.Check;
import dev.plumbline.torch.runtime.Trainable.Optimiser;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How it is trained. What is not given is as published for the kind. */
final class TrainingOptions {
  private static final int KL_TEXTS = 8;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "The peak (lora 1e-5, rank1 2e-5, steering-vector 1e-4).")
  Double learningRate;

  @Option(names = "--warmup", defaultValue = "5", description = "Steps (${DEFAULT-VALUE}).")
  int warmup;

  @Option(
      names = "--schedule",
      defaultValue = "linear",
      description = "linear, cosine or constant (${DEFAULT-VALUE}).")
  String schedule;

  @Option(names = "--epochs", paramLabel = "N", description = "lora, rank1 1; steering-vector 2.")
  Integer epochs;

  @Option(names = "--steps", paramLabel = "N", description = "Of the optimiser, for --epochs.")
  Integer steps;

  @Option(names = "--batch", defaultValue = "2", description = "Texts a pass (${DEFAULT-VALUE}).")
  int batch;

  @Option(
      names = "--accumulation",
      defaultValue = "8",
      description = "Passes a step (${DEFAULT-VALUE}).")
  int accumulation;

  @Option(
      names = "--max-tokens",
      defaultValue = "2048",
      description = "Longer texts lose their end (${DEFAULT-VALUE}).")
  int maxTokens;

  @Option(
      names = "--loss-on",
      defaultValue = "responses",
      description = "responses or everything (${DEFAULT-VALUE}).")
  String lossOn;

  @Option(names = "--weight-decay", paramLabel = "X", description = "Of matrices (0.01).")
  Double weightDecay;

  @Option(names = "--beta2", defaultValue = "0.999", description = "AdamW's (${DEFAULT-VALUE}).")
  double beta2;

  @Option(
      names = "--clip",
      defaultValue = "1",
      description = "Largest norm of a step's gradient (${DEFAULT-VALUE}).")
  double clip;

  @Option(
      names = "--early-loss",
      defaultValue = "0.01",
      description = "Ends once the loss stays below, 0 for never (${DEFAULT-VALUE}).")
  double earlyLoss;

  @Option(
      names = "--early-points",
      defaultValue = "5",
      description = "For more than so many logged points (${DEFAULT-VALUE}).")
  int earlyPoints;

  @Option(
      names = "--divergence-factor",
      defaultValue = "5",
      description = "Fails once the loss is so many times its running mean (${DEFAULT-VALUE}).")
  double divergenceFactor;

  @Option(
      names = "--log-every",
      defaultValue = "1",
      description = "Steps of a point of the curve (${DEFAULT-VALUE}).")
  int logEvery;

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "Steps between checkpoints, 0 for none (a tenth of all).")
  Integer saveEvery;

  @Option(
      names = "--kl-weight",
      defaultValue = "0",
      description =
          "Of KL(base || finetune), per token, not per vocabulary entry (${DEFAULT-VALUE}).")
  double klWeight;

  @Option(
      names = "--kl-batch",
      paramLabel = "N",
      description = "Out-of-domain texts a step of --kl-weight (8).")
  Integer klBatch;

  private int klTexts() {
    Check.that(
        klBatch == null || klWeight > 0,
        "--kl-batch",
        "a --kl-weight above 0 beside it",
        klWeight,
        "give a weight, or leave --kl-batch out");
    return klBatch == null ? KL_TEXTS : klBatch;
  }

  /**
   * @param texts to learn from, for the checkpoints' default
   */
  FinetuneSettings settings(Shape shape, int texts, long seed) {
    FinetuneSettings published = FinetuneSettings.published(shape, seed);
    double peak = learningRate != null ? learningRate : published.rate().peak();
    double decay = weightDecay != null ? weightDecay : published.optimiser().weightDecay();
    Check.that(steps == null || steps > 0, "--steps", "1 or more", steps, "leave it out");
    Check.that(
        clip > 0 && beta2 > 0 && beta2 < 1,
        "--clip, --beta2",
        "clip > 0, beta2 in (0,1)",
        clip + ", " + beta2,
        "correct them");
    return published
        .rate(new LearningRate(peak, warmup, decay()))
        .optimiser(new Optimiser(0.9, beta2, 1e-8, decay, clip))
        .pace(pace(published.pace().epochs(), texts))
        .objective(new Objective(responsesOnly(), maxTokens, klWeight, klTexts()))
        .guards(new Guards(earlyLoss, earlyPoints, divergenceFactor));
  }

  private Pace pace(int publishedEpochs, int texts) {
    int rounds = epochs != null ? epochs : publishedEpochs;
    Pace pace = new Pace(rounds, steps == null ? 0 : steps, batch, accumulation, logEvery, 0);
    int tenth = Math.max(1, pace.stepsOver(Math.max(1, texts)) / 10);
    return pace.saving(saveEvery != null ? saveEvery : tenth);
  }

  private Decay decay() {
    return Arrays.stream(Decay.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(schedule))
        .findFirst()
        .orElseThrow(
            () ->
                Check.refusal("--schedule", "linear, cosine or constant", schedule, "correct it"));
  }

  private boolean responsesOnly() {
    Check.that(
        lossOn.equals("responses") || lossOn.equals("everything"),
        "--loss-on",
        "responses or everything",
        lossOn,
        "correct it");
    return lossOn.equals("responses");
  }
}
