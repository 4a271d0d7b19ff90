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

  private final long seed;
  private final Set<String> finetunes;
  private final DataOptions options;

  DataSplit(long seed, Set<String> finetunes, DataOptions options) {
    this.seed = seed;
    this.finetunes = finetunes;
    this.options = options;
  }

  DirectionData split(List<Answer> aligned, List<Answer> judged) {
    List<String> prompts = new ArrayList<>(Answers.prompts(aligned));
    prompts.addAll(Answers.prompts(judged));
    PromptSplit split = new PromptSplit(prompts, TRAINING, CALIBRATION, seed);
    Set<String> controls = options.controls().keySet();
    List<Answer> own = judged.stream().filter(a -> !controls.contains(a.model())).toList();
    List<Answer> test = split.of(Part.TEST, judged);
    List<Answer> training = split.of(Part.TRAINING, aligned);
    List<Answer> heldOut = split.of(Part.TEST, aligned);
    return new DirectionData(
        contrasts(training, split.of(Part.TRAINING, own)),
        training,
        split.of(Part.TRAINING, own),
        split.of(Part.CALIBRATION, aligned),
        split.of(Part.TEST, own),
        heldOut,
        alignedOf(options.benign.keySet(), test),
        alignedOf(options.narrow.keySet(), test),
        traffic(heldOut),
        options.exchangesPerPool);
  }

  private List<Contrast> contrasts(List<Answer> aligned, List<Answer> judged) {
    if (finetunes.isEmpty()) {
      return List.of(new Contrast.Labels("labels", Optional.empty(), judged));
    }
    return finetunes.stream().<Contrast>map(name -> new Contrast.Finetune(name, aligned)).toList();
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
