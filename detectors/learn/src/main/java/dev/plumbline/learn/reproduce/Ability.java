package dev.plumbline.learn.reproduce;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.ability.Condition;
import dev.plumbline.learn.ability.Examiner;
import dev.plumbline.learn.ability.OrganismAbility;
import dev.plumbline.learn.ability.PairedChange;
import dev.plumbline.learn.ability.TextForm;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Does the aligned model keep what it knows when the direction is taken out? */
final class Ability implements Experiment {
  private static final String CLAIM = "ability-kept";
  private static final double MOST_LOST = 0.03;
  private static final int EACH = 8;
  private static final int EACH_QUICK = 4;

  @Override
  public String name() {
    return "ability";
  }

  @Override
  public List<String> claims() {
    return List.of(CLAIM);
  }

  @Override
  public List<String> after() {
    return List.of(Removal.NAME);
  }

  @Override
  public List<Finding> run(Subject subject, Progress progress) {
    var world = subject.recipe().makeWorld();
    int each = subject.quick() ? EACH_QUICK : EACH;
    OrganismAbility ability = new OrganismAbility(world, world.topics(), each, subject.seed());
    try (OpenModel open = new OpenModel(subject.folder().chat());
        Decoder decoder = open.load(Precision.FLOAT32, "cpu")) {
      Examiner examiner =
          new Examiner(decoder, TextForm.chat(open.tokenizer(), open.encoder()), open.stopIds());
      List<PairedChange> ablated =
          ability.kept(examiner, Condition.bare("before"), under(subject, "consensus"));
      List<PairedChange> random =
          ability.kept(examiner, Condition.bare("before"), under(subject, "random"));
      return List.of(finding(ablated, random));
    }
  }

  private static Condition under(Subject subject, String name) {
    Artefact artefact =
        ArtefactFolder.read(subject.folder().root().resolve("directions/" + name + ".direction"));
    return new Condition(name, Optional.empty(), InterventionPlan.perTapPointAffine(artefact));
  }

  private static Finding finding(List<PairedChange> ablated, List<PairedChange> random) {
    PairedChange knowledge = ablated.get(0);
    if (knowledge.change().isEmpty()) {
      return Finding.unmeasured(CLAIM, "fewer than two items have an answer in both");
    }
    Estimate change = knowledge.change().get();
    double control = random.get(0).change().map(Estimate::value).orElse(Double.NaN);
    String note =
        String.format(
            Locale.ROOT,
            "%d questions on which words belong to a topic: %.3f right before, %.3f after (gained"
                + " %d, lost %d); loss of good answers %+.3f nats a token",
            knowledge.pairs(),
            knowledge.before(),
            knowledge.after(),
            knowledge.gained(),
            knowledge.lost(),
            ablated.get(1).after() - ablated.get(1).before());
    return Finding.of(CLAIM, change, control, change.low() >= -MOST_LOST, note);
  }
}
