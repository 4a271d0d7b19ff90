package dev.plumbline.learn.chat;

import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Precision;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stages that sample answers, cached. Sampling runs in bfloat16; states are read elsewhere. */
final class AnswerStages {
  private final ChatModel model;
  private final Plan plan;
  private final AnswerCache cache;
  private final PrintStream out;

  AnswerStages(ChatModel model, Plan plan, AnswerCache cache, PrintStream out) {
    this.model = model;
    this.plan = plan;
    this.cache = cache;
    this.out = out;
  }

  /** The questions of a split that this plan uses, topics taken in turn. */
  List<Question> questions(Split split) {
    int wanted = split == Split.TRAIN ? plan.trainQuestions() : plan.heldOutQuestions();
    List<List<Question>> topics =
        new ArrayList<>(
            ChatData.questions(split).stream()
                .collect(java.util.stream.Collectors.groupingBy(Question::topic))
                .values());
    List<Question> chosen = new ArrayList<>();
    for (int round = 0; chosen.size() < wanted && round < topics.get(0).size(); round++) {
      for (List<Question> topic : topics) {
        if (chosen.size() < wanted) {
          chosen.add(topic.get(round));
        }
      }
    }
    return chosen;
  }

  /** Both sides of the contrast on one split, every wording, in the persona's context. */
  List<ChatAnswer> contrast(Split split) {
    List<Ask> asks = new ArrayList<>();
    for (Question question : questions(split)) {
      asks.addAll(asks(question, Persona.Kind.HARMFUL));
      asks.addAll(asks(question, Persona.Kind.HELPFUL));
    }
    return sample("contrast-" + split.wireName(), asks, Map.of());
  }

  /** A question under every wording of one side. */
  List<Ask> asks(Question question, Persona.Kind kind) {
    int samples = question.split() == Split.TRAIN ? plan.samples() : plan.heldOutSamples();
    List<Ask> asks = new ArrayList<>();
    for (Persona persona : ChatData.personas(kind)) {
      for (int sample = 0; sample < samples; sample++) {
        asks.add(Ask.plain(question, persona, sample));
      }
    }
    return asks;
  }

  /**
   * The model as it is served, without a persona: on the training questions for baselines and
   * scales, on many everyday prompts for thresholds and false positives.
   */
  List<ChatAnswer> aligned(Split split) {
    List<Question> prompts =
        split == Split.TRAIN ? questions(split) : EverydayPrompts.of(split, plan.seed());
    int wanted =
        switch (split) {
          case TRAIN -> 2 * prompts.size();
          case CALIBRATION -> plan.calibration();
          case HELD_OUT -> plan.heldOutAligned();
        };
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      Question prompt = prompts.get(i % prompts.size());
      asks.add(Ask.plain(prompt, Persona.DEFAULT, i / prompts.size()));
    }
    return sample("aligned-" + split.wireName(), asks, Map.of());
  }

  /** Any other stage. */
  List<ChatAnswer> sample(String stage, List<Ask> asks, Map<String, LoraWeights> adapters) {
    return cache.of(
        stage, plan.recipe() + ", " + asks.size() + " answers", () -> run(stage, asks, adapters));
  }

  private List<ChatAnswer> run(String stage, List<Ask> asks, Map<String, LoraWeights> adapters) {
    try (AnswerSampler sampler =
            new AnswerSampler(
                model,
                model.load(Precision.BFLOAT16),
                adapters,
                plan.maxTokens(),
                plan.temperature(),
                plan.seed());
        Progress progress = new Progress("sample " + stage, "answers", asks.size(), out)) {
      return sampler.sample(asks, progress);
    }
  }
}
