package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Fit;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real model, reduced as far as the claims still hold. */
class SmolLm2ReproductionTest {
  private static final PrintStream SILENT = new PrintStream(new ByteArrayOutputStream());
  private static final Plan REDUCED = new Plan(6, 3, 1, 1, 99, 12, 12, 0.8, 1000, 1);

  @TempDir Path out;

  @Test
  void personas_onSmolLm2_giveAnArtefactThatFitsBeatsShufflingAndEdits() {
    try (ChatModel model = ChatModel.open(gguf());
        Workshop shop = new Workshop(model, REDUCED, out, SILENT)) {
      PersonaStudy.Found found = new PersonaStudy(shop, Clock.systemUTC()).run();

      Artefact artefact = ArtefactFolder.read(found.folder());
      assertThat(artefact.fit(ModelPins.of(model.checkpoint(), "SmolLM2", "gguf")))
          .isInstanceOf(Fit.Exact.class);
      assertThat(auroc(artefact, Figure.GROUPED_AUROC))
          .isGreaterThan(auroc(artefact, Figure.SHUFFLED_LABELS));
      requireEdits(shop, artefact);
    }
  }

  private static double auroc(Artefact artefact, Figure figure) {
    return artefact.quality().figure(figure).orElseThrow().value();
  }

  private static void requireEdits(Workshop shop, Artefact artefact) {
    Persona bully = ChatData.personas(Persona.Kind.HARMFUL).get(0);
    List<Ask> asks =
        shop.stages().questions(Split.HELD_OUT).stream().map(q -> Ask.plain(q, bully, 0)).toList();
    Map<String, InterventionPlan> plans =
        Map.of("ablated", InterventionPlan.perTapPointAffine(artefact));

    List<Outcomes> outcomes =
        new AblationStudy(shop, artefact, plans, Map.of()).run("persona", asks);

    assertThat(outcomes.get(0).edited()).isZero();
    assertThat(outcomes.get(1).edited()).isPositive();
    assertThat(outcomes.get(1).removed()).isPositive();
  }

  private static Path gguf() {
    String name =
        System.getProperty("plumbline.smollm2.gguf", System.getenv("PLUMBLINE_SMOLLM2_GGUF"));
    if (name != null && Files.isRegularFile(Path.of(name))) {
      return Path.of(name);
    }
    String reason =
        "needs SmolLM2-135M-Instruct as GGUF: set plumbline.smollm2.gguf or PLUMBLINE_SMOLLM2_GGUF";
    if (Boolean.getBoolean("plumbline.require")) {
      fail(reason + ", found " + name);
    }
    return abort(reason);
  }
}
