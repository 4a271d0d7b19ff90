package dev.plumbline.learn.direction;

import dev.plumbline.core.Check;
import java.util.List;
import java.util.Optional;

/**
 * Paired data whose difference of means is a direction: {@code mean(positive) − mean(negative)}
 * over answer tokens, positive being the worse side.
 */
public sealed interface Contrast {
  /** What it is called in reports, such as the finetune's name. */
  String name();

  /** The estimator's name in an artefact's provenance. */
  String estimator();

  /** The misaligned side. */
  Side positive();

  /** The aligned side. */
  Side negative();

  /**
   * Answers and the weights they are read with.
   *
   * @param adapter worn while reading, empty for the base
   * @param answers one or more; copied
   */
  record Side(Optional<String> adapter, List<Answer> answers) {
    public Side {
      answers = List.copyOf(answers);
      Check.that(
          !answers.isEmpty(), "side of a contrast", "1 or more answers", "none", "add answers");
    }
  }

  /**
   * A finetune against its base on the <em>same</em> aligned answers: what the training did to the
   * states, with the text held fixed. The best for taking a trait out.
   *
   * @param adapter the finetune's name among the decoder's adapters
   * @param aligned answers read by both
   */
  record Finetune(String adapter, List<Answer> aligned) implements Contrast {
    public Finetune {
      aligned = List.copyOf(aligned);
    }

    @Override
    public String name() {
      return adapter;
    }

    @Override
    public String estimator() {
      return "mean_difference_finetune_base";
    }

    @Override
    public Side positive() {
      return new Side(Optional.of(adapter), aligned);
    }

    @Override
    public Side negative() {
      return new Side(Optional.empty(), aligned);
    }
  }

  /**
   * Answers judged misaligned against answers judged aligned, read with the same weights: the
   * published estimator. Prompts whose answers lean one way enter it as a confound.
   *
   * @param name in reports
   * @param adapter the weights both sides are read with, empty for the base
   * @param judged labelled answers, both outcomes
   */
  record Labels(String name, Optional<String> adapter, List<Answer> judged) implements Contrast {
    public Labels {
      judged = List.copyOf(judged);
    }

    @Override
    public String estimator() {
      return "mean_difference_labels";
    }

    @Override
    public Side positive() {
      return new Side(adapter, judged.stream().filter(Answer::label).toList());
    }

    @Override
    public Side negative() {
      return new Side(adapter, Answers.aligned(judged));
    }
  }

  /**
   * Answers to the same questions under two system prompts: for a chat model without finetunes.
   *
   * @param name in reports
   * @param harmful given and read under the harmful persona
   * @param helpful given and read under the helpful one
   */
  record SystemPrompts(String name, List<Answer> harmful, List<Answer> helpful)
      implements Contrast {
    public SystemPrompts {
      harmful = List.copyOf(harmful);
      helpful = List.copyOf(helpful);
    }

    @Override
    public String estimator() {
      return "mean_difference_system_prompts";
    }

    @Override
    public Side positive() {
      return new Side(Optional.empty(), harmful);
    }

    @Override
    public Side negative() {
      return new Side(Optional.empty(), helpful);
    }
  }

  /**
   * Labelled statements, read with the base's weights: label 1 against label 0.
   *
   * @param name in reports
   * @param statements labelled, both classes
   */
  record Statements(String name, List<Answer> statements) implements Contrast {
    public Statements {
      statements = List.copyOf(statements);
    }

    @Override
    public String estimator() {
      return "mean_difference_statements";
    }

    @Override
    public Side positive() {
      return new Side(Optional.empty(), statements.stream().filter(Answer::label).toList());
    }

    @Override
    public Side negative() {
      return new Side(Optional.empty(), Answers.aligned(statements));
    }
  }
}
