package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.chat.Workshop.Context;
import dev.plumbline.learn.chat.Workshop.Labels;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.statistics.Weighting;
import dev.plumbline.mitigations.Writers;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * A direction and a probe from contrastive system prompts.
 *
 * <p>The direction, for editing, comes from states with the persona in context: what the persona
 * does to the model. The probe, for detection, reads the same answers under the default system
 * prompt, as an agent beside a server would: only the text can give the persona away.
 */
final class PersonaStudy {
  static final String NAME = "smollm2-contempt";

  /**
   * What was found.
   *
   * @param data what it was learned from
   * @param learned directions, probe and quality
   * @param artefact of them, as written
   * @param folder where
   * @param perAnswer the directions where every answer weighs the same, at each layer's end
   */
  record Found(
      DirectionData data,
      DirectionPipeline.Result learned,
      Artefact artefact,
      Path folder,
      LearnedDirections perAnswer) {}

  private final Workshop shop;
  private final Clock clock;

  PersonaStudy(Workshop shop, Clock clock) {
    this.shop = shop;
    this.clock = clock;
  }

  Found run() {
    List<ChatAnswer> train = shop.stages().contrast(Split.TRAIN);
    Contrast.SystemPrompts contrast =
        new Contrast.SystemPrompts(
            "personas",
            inContext(train, Persona.Kind.HARMFUL),
            inContext(train, Persona.Kind.HELPFUL));
    DirectionData data = data(contrast, train);
    DirectionPipeline pipeline =
        new DirectionPipeline(shop.reader(), shop.probeSettings(), Progress.bars());
    DirectionPipeline.Result learned = pipeline.learn(data);
    LearnedDirections perAnswer =
        new DirectionLearner(shop.collector())
            .learn(List.of(contrast), data.aligned(), ends(), Weighting.ANSWERS);
    Artefact artefact =
        pipeline.artefact(
            NAME,
            clock.instant(),
            ModelPins.of(shop.model().checkpoint(), "SmolLM2-135M-Instruct", "gguf"),
            data,
            learned);
    Path folder = ArtefactFolder.named(shop.out(), artefact);
    ArtefactFolder.write(artefact, folder);
    return new Found(data, learned, artefact, folder, perAnswer);
  }

  private List<TapPoint> ends() {
    return Writers.of(shop.model().config().layers()).stream()
        .filter(point -> point.toString().startsWith("resid_post"))
        .toList();
  }

  private List<Answer> inContext(List<ChatAnswer> answers, Persona.Kind kind) {
    List<ChatAnswer> side =
        answers.stream().filter(a -> Personas.of(a.persona()).kind() == kind).toList();
    return shop.encode(side, Context.PERSONA, Labels.PERSONA, "base");
  }

  private DirectionData data(Contrast contrast, List<ChatAnswer> train) {
    return new DirectionData(
        List.of(contrast),
        aligned(Split.TRAIN),
        shop.encode(train, Context.DEFAULT, Labels.PERSONA, "base"),
        aligned(Split.CALIBRATION),
        shop.encode(
            shop.stages().contrast(Split.HELD_OUT), Context.DEFAULT, Labels.PERSONA, "base"),
        aligned(Split.HELD_OUT),
        List.of(),
        List.of(),
        List.of(),
        1);
  }

  private List<Answer> aligned(Split split) {
    return shop.encode(shop.stages().aligned(split), Context.DEFAULT, Labels.ALIGNED, "base");
  }
}
