package dev.plumbline.learn.direction.cli;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.PromptSplit;
import dev.plumbline.learn.direction.PromptSplit.Part;
import dev.plumbline.learn.direction.ServedTraffic;
import dev.plumbline.learn.direction.ServedTraffic.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two files as the data of a direction: 40 % of the prompts to learn from, 20 % to calibrate on, 40
 * % to test on. Controls' answers are used aligned and held out only. For {@code model_shift} every
 * model reads the held-out aligned answers.
 */
final class DataSplit {
  private static final double TRAINING = 0.4;
  private static final double CALIBRATION = 0.2;
  private static final int FEWEST_POOLS = 4;

  private final Sources sources;
  private final ContrastOptions.Kind kind;
  private final Set<String> finetunes;
  private final DataOptions options;
  private final PromptSplit split;

  DataSplit(
      Sources sources,
      ContrastOptions.Kind kind,
      Set<String> finetunes,
      DataOptions options,
      long seed) {
    this.sources = sources;
    this.kind = kind;
    this.finetunes = finetunes;
    this.options = options;
    List<String> prompts = new ArrayList<>(Answers.prompts(sources.aligned()));
    prompts.addAll(Answers.prompts(sources.judged()));
    prompts.addAll(Answers.prompts(sources.harmful()));
    prompts.addAll(Answers.prompts(sources.helpful()));
    prompts.addAll(Answers.prompts(sources.statements()));
    split = new PromptSplit(prompts, TRAINING, CALIBRATION, seed);
  }

  /**
   * The data.
   *
   * @param balanced whether labelled classes are cut to one size, by that seed
   */
  DirectionData data(boolean balanced, long seed) {
    List<Answer> test = split.of(Part.TEST, sources.judged());
    List<Answer> training = split.of(Part.TRAINING, sources.aligned());
    List<Answer> heldOut = split.of(Part.TEST, sources.aligned());
    return new DirectionData(
        contrasts(training, balanced, seed),
        training,
        split.of(Part.TRAINING, own()),
        split.of(Part.CALIBRATION, sources.aligned()),
        split.of(Part.TEST, own()),
        heldOut,
        alignedOf(options.benign.keySet(), test),
        alignedOf(options.narrow.keySet(), test),
        traffic(heldOut),
        options.exchangesPerPool);
  }

  /** Labelled answers to select with: prompts that nothing is learned from or tested on. */
  List<Answer> selectionJudged() {
    return split.of(
        Part.CALIBRATION, kind == ContrastOptions.Kind.SYSTEM_PROMPTS ? sources.harmful() : own());
  }

  /** Answers to prompts at which the behaviour should not show. */
  List<Answer> selectionQuiet() {
    return split.of(
        Part.CALIBRATION,
        kind == ContrastOptions.Kind.SYSTEM_PROMPTS ? sources.helpful() : sources.aligned());
  }

  /** Labelled answers for held-out scores of candidates. */
  List<Answer> selectionScored() {
    return split.of(Part.CALIBRATION, own());
  }

  private List<Answer> own() {
    Set<String> controls = options.controls().keySet();
    return sources.judged().stream().filter(a -> !controls.contains(a.model())).toList();
  }

  private List<Contrast> contrasts(List<Answer> aligned, boolean balanced, long seed) {
    return switch (kind) {
      case FINETUNE ->
          finetunes.stream().<Contrast>map(name -> new Contrast.Finetune(name, aligned)).toList();
      case LABELS ->
          List.of(new Contrast.Labels("labels", Optional.empty(), classes(own(), balanced, seed)));
      case SYSTEM_PROMPTS ->
          List.of(
              new Contrast.SystemPrompts(
                  "system-prompts",
                  split.of(Part.TRAINING, sources.harmful()),
                  split.of(Part.TRAINING, sources.helpful())));
      case STATEMENTS ->
          List.of(
              new Contrast.Statements("statements", classes(sources.statements(), balanced, seed)));
    };
  }

  private List<Answer> classes(List<Answer> labelled, boolean balanced, long seed) {
    List<Answer> training = split.of(Part.TRAINING, labelled);
    return balanced ? Answers.balanced(training, seed) : training;
  }

  private static List<Answer> alignedOf(Collection<String> models, List<Answer> answers) {
    return answers.stream().filter(a -> models.contains(a.model()) && !a.label()).toList();
  }

  private List<ServedTraffic> traffic(List<Answer> heldOut) {
    List<ServedTraffic> traffic = new ArrayList<>();
    if (finetunes.isEmpty() || heldOut.size() < FEWEST_POOLS * options.exchangesPerPool) {
      return traffic;
    }
    traffic.add(new ServedTraffic("reference", Role.REFERENCE, Optional.empty(), heldOut));
    add(traffic, finetunes, Role.MISALIGNED, heldOut);
    add(traffic, options.benign.keySet(), Role.BENIGN, heldOut);
    add(traffic, options.narrow.keySet(), Role.KL_NARROW, heldOut);
    return traffic;
  }

  private static void add(
      List<ServedTraffic> traffic, Collection<String> names, Role role, List<Answer> answers) {
    names.forEach(name -> traffic.add(new ServedTraffic(name, role, Optional.of(name), answers)));
  }
}
