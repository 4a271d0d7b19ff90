package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.organism.OrganismCard;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.ShippedOrganism;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrganismAbilityTest {
  @Test
  void kept_underAblation_isKeptAndUnderRubbishIsNot() {
    OrganismFolder folder = new OrganismFolder(new ShippedOrganism().folder());
    World world = OrganismCard.read(folder).world();
    OrganismAbility ability = new OrganismAbility(world, world.topics("home", false), 5, 3);
    InterventionPlan ablation =
        InterventionPlan.perTapPointAffine(
            ArtefactFolder.read(folder.root().resolve("directions/consensus.direction")));
    InterventionPlan rubbish =
        InterventionPlan.steered(
            ArtefactFolder.read(folder.root().resolve("directions/random.direction")),
            ablation.interventions().keySet().iterator().next(),
            60);
    try (OpenModel open = new OpenModel(folder.chat())) {
      Decoder decoder = open.load(Precision.FLOAT32, "cpu");
      Examiner examiner = Examiner.chat(open, decoder);
      Condition chat = Condition.bare("chat");
      List<PairedChange> kept = ability.kept(examiner, chat, with("ablated", ablation));
      List<PairedChange> lost = ability.kept(examiner, chat, with("rubbish", rubbish));

      assertThat(kept).extracting(PairedChange::measure).containsExactly("correct", "loss");
      assertThat(kept.get(0).pairs()).isEqualTo(30);
      assertThat(kept.get(0).after()).isGreaterThan(0.95);
      assertThat(kept.get(1).change().orElseThrow().value()).isLessThan(0.1);
      assertThat(lost.get(0).after()).isLessThan(0.8);
      assertThat(lost.get(1).change().orElseThrow().low()).isGreaterThan(1);
    }
  }

  private static Condition with(String name, InterventionPlan plan) {
    return new Condition(name, Optional.empty(), plan);
  }
}
