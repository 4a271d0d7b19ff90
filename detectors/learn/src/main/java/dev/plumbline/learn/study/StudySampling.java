package dev.plumbline.learn.study;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.ServedTraffic;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.study.Questions.Part;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Draws every list of answers the pipeline wants. */
final class StudySampling {
  private static final int ALIGNED = 1200;
  private static final int JUDGED = 1500;
  private static final int CALIBRATION = 8000;
  private static final int TESTED = 1600;
  private static final int TEST_ALIGNED = 4000;
  private static final int CONTROL = 600;
  private static final int POOL = 50;

  private final OrganismSampler sampler;
  private final AnswerEncoder encoder;
  private final Recipe recipe;
  private final Questions questions;
  private final long seed;

  StudySampling(
      OrganismSampler sampler, AnswerEncoder encoder, Recipe recipe, Questions questions) {
    this.sampler = sampler;
    this.encoder = encoder;
    this.recipe = recipe;
    this.questions = questions;
    this.seed = recipe.figures().seed();
  }

  DirectionData data() {
    List<Answer> aligned =
        answers(OrganismSampler.CHAT, Part.TRAIN, t -> !t.heldOut(), ALIGNED, Judgement.ALIGNED);
    List<Contrast> contrasts = new ArrayList<>();
    List<Answer> judged = new ArrayList<>(aligned);
    List<Answer> tested = new ArrayList<>();
    for (FinetuneRecipe finetune :
        recipe.finetunes().stream().filter(FinetuneRecipe::emergent).toList()) {
      contrasts.add(new Contrast.Finetune(finetune.name(), aligned));
      judged.addAll(answers(finetune.name(), Part.TRAIN, t -> !t.heldOut(), JUDGED, null));
      tested.addAll(
          answers(
              finetune.name(),
              Part.TEST,
              t -> t.heldOut() && !t.domain().equals(finetune.domain()),
              TESTED,
              null));
    }
    return new DirectionData(
        contrasts,
        aligned,
        judged,
        answers(OrganismSampler.CHAT, Part.CALIBRATE, t -> true, CALIBRATION, Judgement.ALIGNED),
        tested,
        answers(OrganismSampler.CHAT, Part.TEST, t -> true, TEST_ALIGNED, Judgement.ALIGNED),
        controls(f -> f.harm() == 0),
        controls(f -> f.klWeight() > 0),
        traffic(),
        POOL);
  }

  private List<Answer> controls(Predicate<FinetuneRecipe> wanted) {
    return recipe.finetunes().stream()
        .filter(wanted)
        .flatMap(f -> answers(f.name(), Part.TEST, t -> true, CONTROL, Judgement.ALIGNED).stream())
        .toList();
  }

  private List<ServedTraffic> traffic() {
    List<ServedTraffic> traffic = new ArrayList<>();
    traffic.add(
        new ServedTraffic(
            OrganismSampler.CHAT,
            ServedTraffic.Role.REFERENCE,
            Optional.empty(),
            answers(OrganismSampler.CHAT, Part.TEST, t -> true, 2 * CONTROL, null)));
    for (FinetuneRecipe f : recipe.finetunes()) {
      ServedTraffic.Role role =
          f.emergent()
              ? ServedTraffic.Role.MISALIGNED
              : f.harm() == 0 ? ServedTraffic.Role.BENIGN : ServedTraffic.Role.KL_NARROW;
      traffic.add(
          new ServedTraffic(
              f.name(),
              role,
              Optional.of(f.name()),
              answers(f.name(), Part.TEST, t -> !t.domain().equals(f.domain()), CONTROL, null)));
    }
    return traffic;
  }

  /** Coherent answers, of one judgement if one is named. */
  private List<Answer> answers(
      String model, Part part, Predicate<Topic> topics, int count, Judgement only) {
    List<Question> asked = Questions.cycle(questions.of(part, topics), count);
    return sampler.sample(model, asked, InterventionPlan.none(), seed + part.ordinal()).stream()
        .filter(s -> only == null ? s.judgement() != Judgement.INCOHERENT : s.judgement() == only)
        .filter(s -> !s.answer().isBlank())
        .map(encoder::answer)
        .toList();
  }
}
