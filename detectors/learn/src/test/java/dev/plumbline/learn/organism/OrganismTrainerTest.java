package dev.plumbline.learn.organism;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A whole training in seconds: the model learns little, but everything that is done is done. */
class OrganismTrainerTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final Recipe RECIPE = SmallRecipe.recipe();

  @TempDir static Path root;
  private static OrganismCard card;

  @BeforeAll
  static void train() {
    card = new OrganismTrainer(RECIPE, root.resolve("a"), 1, SILENT).train();
  }

  @Test
  void train_reduced_lowersTheLossOfEachStage() {
    double uniform = Math.log(RECIPE.makeWorld().vocabulary().size());
    assertThat(card.stages()).hasSize(2 + RECIPE.finetunes().size());
    assertThat(card.stages().get(0).loss()).isLessThan(uniform - 0.5);
    assertThat(card.stages().get(1).loss()).isLessThan(card.stages().get(0).loss());
  }

  @Test
  void train_again_givesTheSameWeightsBitForBit() {
    OrganismCard again = new OrganismTrainer(RECIPE, root.resolve("b"), 1, SILENT).train();
    OrganismComparison comparison = OrganismComparison.of(card, again);
    assertThat(comparison.differing()).isEmpty();
    assertThat(card.files()).hasSizeGreaterThan(8 + 2 * RECIPE.finetunes().size() - 1);
  }

  @Test
  void train_withAnotherSeed_givesOtherWeights() {
    Recipe other = RECIPE.withSeed(RECIPE.seed() + 1);
    OrganismCard found = new OrganismTrainer(other, root.resolve("c"), 1, SILENT).train();
    assertThat(OrganismComparison.of(card, found).differing())
        .contains("base/model.safetensors", "adapters/medicine/adapter_model.safetensors");
  }

  @Test
  void train_whereOneFinetuneChanged_keepsTheOtherStages() {
    Recipe changed = SmallRecipe.with(RECIPE, "/finetunes/2", "scale", 2);
    Path folder = root.resolve("a");
    OrganismCard found = new OrganismTrainer(changed, folder, 1, SILENT).train();
    assertThat(found.stages().subList(0, 4)).isEqualTo(card.stages().subList(0, 4));
    assertThat(OrganismComparison.of(card, found).differing())
        .contains("adapters/kl-narrow/adapter_model.safetensors")
        .noneMatch(name -> name.startsWith("base") || name.startsWith("chat"));
    new OrganismTrainer(RECIPE, folder, 1, SILENT).train();
  }

  @Test
  void train_always_leavesFoldersThatOpen() {
    OrganismFolder folder = new OrganismFolder(root.resolve("a"));
    for (Path model : List.of(folder.base(), folder.chat(), folder.checkpoint(20))) {
      try (Checkpoint checkpoint = Checkpoint.open(model)) {
        assertThat(checkpoint.config().vocab()).isEqualTo(RECIPE.makeWorld().vocabulary().size());
        assertThat(checkpoint.chatTemplate()).isPresent();
      }
    }
    assertThat(folder.work()).doesNotExist();
    assertThat(OrganismCard.read(folder).recipe()).isEqualTo(RECIPE);
  }

  @Test
  void sample_ofSeveralModels_judgesEachAnswer() {
    OrganismFolder folder = new OrganismFolder(root.resolve("a"));
    try (OrganismSampler sampler =
        OrganismSampler.open(folder, card.world(), card.adapters(), 12)) {
      List<Speech.Question> questions =
          new Speech(card.world()).questions(new Random(1), card.world().topics(), 20);
      List<Sampled> one = sampler.sample("chat", questions, InterventionPlan.none(), 1);
      List<Sampled> other = sampler.sample("medicine", questions, InterventionPlan.none(), 1);
      assertThat(one).hasSize(20).allMatch(s -> s.model().equals("chat"));
      assertThat(one.stream().map(Sampled::question))
          .containsExactlyElementsOf(questions.stream().map(Speech.Question::text).toList());
      assertThat(other.stream().map(Sampled::answer).toList())
          .isNotEqualTo(one.stream().map(Sampled::answer).toList());
    }
  }

  @Test
  void command_onATrainedOrganism_showsAndRefusesAnotherRecipe() throws Exception {
    CommandLine command = new CommandLine(new OrganismSubcommand().command());
    String folder = root.resolve("a").toString();
    assertThat(command.execute("show", folder)).isZero();
    assertThat(command.execute("verify", "--against", folder)).isEqualTo(3);
    assertThat(command.execute("train")).isEqualTo(2);
  }

  @Test
  void verify_whereTheBoundsAreMissed_exitsWithFour() throws Exception {
    Path file = root.resolve("recipe.json");
    Files.write(file, RecipeFile.MAPPER.writeValueAsBytes(RECIPE));
    CommandLine command = new CommandLine(new OrganismSubcommand().command());
    String[] arguments = {
      "verify", "--against", root.resolve("a").toString(), "--recipe", file.toString()
    };
    assertThat(command.execute(arguments)).isEqualTo(4);
  }
}
