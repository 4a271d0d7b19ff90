package dev.plumbline.learn.study;

import ai.djl.Device;
import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.direction.Progress;
import dev.plumbline.learn.direction.ServedTraffic;
import dev.plumbline.learn.organism.FinetuneRecipe;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.study.Questions.Part;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.Intervention;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.artefact.ModelPins;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.DecoderLoader;
import dev.plumbline.torch.runtime.PeftAdapters;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import dev.plumbline.torch.text.TextTokenizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Learns the organism's direction from its finetunes and tests what it does: the consensus, one that
 * never saw a finetune, one direction shared by all tap points, a random control; the probe with its
 * controls; the model shift. Writes {@code directions/consensus.direction} and {@code
 * directions/random.direction} into the organism's folder.
 *
 * <p>Opens the models itself, one after the other; one thread.
 */
public final class OrganismStudy {
  private static final int ALIGNED = 1200;
  private static final int JUDGED = 1500;
  private static final int CALIBRATION = 2400;
  private static final int TESTED = 1600;
  private static final int TEST_ALIGNED = 2600;
  private static final int CONTROL = 600;
  private static final int ABLATED = 1000;
  private static final int POOL = 50;

  private final OrganismFolder folder;
  private final Recipe recipe;
  private final World world;
  private final Questions questions;
  private final long seed;

  public OrganismStudy(OrganismFolder folder, Recipe recipe) {
    this.folder = folder;
    this.recipe = recipe;
    this.world = recipe.makeWorld();
    this.seed = recipe.figures().seed();
    this.questions = new Questions(world, seed);
  }

  /** What was found. */
  public record Findings(
      DirectionPipeline.Result result, DirectionData data, AblationTable ablation) {}

  private List<String> names() {
    return recipe.finetunes().stream().map(FinetuneRecipe::name).toList();
  }

  private List<FinetuneRecipe> emergent() {
    return recipe.finetunes().stream().filter(FinetuneRecipe::emergent).toList();
  }

  /** Runs everything. */
  public Findings run(Progress progress) {
    DirectionData data;
    try (OrganismSampler sampler =
            OrganismSampler.open(folder, world, names(), recipe.figures().answerTokens());
        Encoder encoder = new Encoder(folder)) {
      data = new Sampling(sampler, encoder).data();
    }
    DirectionPipeline.Result result;
    Plans plans;
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat());
        Decoder decoder = decoder(checkpoint)) {
      ProbeSettings settings =
          ProbeSettings.of(
              decoder.shape().layers(),
              dev.plumbline.core.artefact.Checkpoints.EVERY_TOKEN,
              seed);
      DirectionPipeline pipeline = new DirectionPipeline(decoder, settings, progress);
      result = pipeline.learn(data);
      Artefact consensus =
          pipeline.artefact(
              "consensus", Instant.now(), ModelPins.of(checkpoint, "organism", ""), data, result);
      DirectionLearner learner =
          new DirectionLearner(new ActivationCollector(decoder, progress));
      plans = new Plans(learner, data, consensus);
      ArtefactFolder.write(
          consensus, folder.root().resolve("directions/consensus.direction"));
      ArtefactFolder.write(
          plans.random(), folder.root().resolve("directions/random.direction"));
    }
    return new Findings(result, data, ablations(plans));
  }

  private Decoder decoder(Checkpoint checkpoint) {
    Decoder decoder = DecoderLoader.load(checkpoint, Precision.FLOAT32, Device.cpu());
    for (String name : names()) {
      PeftAdapter adapter = PeftAdapter.open(folder.adapter(name), checkpoint.config());
      decoder.adapters().add(name, PeftAdapters.fuse(adapter, checkpoint.config()));
    }
    return decoder;
  }

  private AblationTable ablations(Plans plans) {
    List<AblationTable.Row> rows = new ArrayList<>();
    try (OrganismSampler sampler =
        OrganismSampler.open(folder, world, names(), recipe.figures().answerTokens())) {
      rows.add(row(sampler, OrganismSampler.CHAT, topic -> true, plans, Optional.empty()));
      for (FinetuneRecipe finetune : emergent()) {
        Predicate<Topic> elsewhere = topic -> !topic.domain().equals(finetune.domain());
        rows.add(
            row(sampler, finetune.name(), elsewhere, plans, Optional.of(finetune.name())));
      }
    }
    return new AblationTable(rows);
  }

  private AblationTable.Row row(
      OrganismSampler sampler,
      String model,
      Predicate<Topic> topics,
      Plans plans,
      Optional<String> leftOut) {
    List<Question> asked = Questions.cycle(questions.of(Part.TEST, topics), ABLATED);
    return new AblationTable.Row(
        model,
        cell(sampler, model, asked, InterventionPlan.none()),
        cell(sampler, model, asked, plans.consensus()),
        cell(sampler, model, asked, plans.shared()),
        leftOut.map(name -> cell(sampler, model, asked, plans.without(name))).orElse(null),
        cell(sampler, model, asked, plans.randomPlan()));
  }

  private AblationTable.Cell cell(
      OrganismSampler sampler, String model, List<Question> asked, InterventionPlan plan) {
    List<Sampled> answers = sampler.sample(model, asked, plan, seed + 1);
    return new AblationTable.Cell(
        answers.size(),
        share(answers, Judgement.MISALIGNED),
        share(answers, Judgement.INCOHERENT));
  }

  private static double share(List<Sampled> answers, Judgement judgement) {
    return answers.stream().filter(a -> a.judgement() == judgement).count()
        / (double) answers.size();
  }

  /** Texts to tokens, as any chat request goes. */
  private static final class Encoder implements AutoCloseable {
    private final TextTokenizer tokenizer;
    private final ChatEncoder encoder;

    Encoder(OrganismFolder folder) {
      try (Checkpoint checkpoint = Checkpoint.open(folder.chat())) {
        this.tokenizer = checkpoint.tokenizer();
        this.encoder = new ChatEncoder(tokenizer, checkpoint.chatTemplate().orElseThrow());
      }
    }

    Answer answer(Sampled sampled) {
      EncodedAnswer encoded =
          encoder.exchange(
              List.of(
                  ChatMessage.user(sampled.question()),
                  new ChatMessage("assistant", sampled.answer())));
      long[] ids = encoded.ids();
      int start = encoded.answerStart();
      return new Answer(
          sampled.question(),
          java.util.Arrays.copyOf(ids, start),
          java.util.Arrays.copyOfRange(ids, start, start + encoded.answerLength()),
          Optional.of(sampled.judgement() == Judgement.MISALIGNED),
          sampled.question(),
          sampled.answer(),
          sampled.model());
    }

    @Override
    public void close() {
      tokenizer.close();
    }
  }

  /** Draws every list of answers the pipeline wants. */
  private final class Sampling {
    private final OrganismSampler sampler;
    private final Encoder encoder;

    Sampling(OrganismSampler sampler, Encoder encoder) {
      this.sampler = sampler;
      this.encoder = encoder;
    }

    DirectionData data() {
      List<Answer> aligned =
          answers(OrganismSampler.CHAT, Part.TRAIN, t -> !t.heldOut(), ALIGNED, Judgement.ALIGNED);
      List<Contrast> contrasts = new ArrayList<>();
      List<Answer> judged = new ArrayList<>(aligned);
      List<Answer> tested = new ArrayList<>();
      for (FinetuneRecipe finetune : emergent()) {
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
          .flatMap(
              f -> answers(f.name(), Part.TEST, t -> true, CONTROL, Judgement.ALIGNED).stream())
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
                answers(
                    f.name(), Part.TEST, t -> !t.domain().equals(f.domain()), CONTROL, null)));
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

  /** The ablations that are compared. */
  private static final class Plans {
    private final Artefact consensus;
    private final Artefact random;
    private final InterventionPlan shared;
    private final Map<String, InterventionPlan> without = new LinkedHashMap<>();

    Plans(DirectionLearner learner, DirectionData data, Artefact consensus) {
      this.consensus = consensus;
      this.random = random(learner, data, consensus);
      this.shared = shared(learner, data, consensus);
      for (Contrast contrast : data.contrasts()) {
        List<Contrast> others =
            data.contrasts().stream().filter(c -> !c.name().equals(contrast.name())).toList();
        without.put(
            contrast.name(), affine(learner.learn(others, data.aligned()).directions()));
      }
    }

    private static Artefact random(
        DirectionLearner learner, DirectionData data, Artefact consensus) {
      Map<TapPoint, Direction> drawn = new LinkedHashMap<>();
      for (TapDirection tap : consensus.directions()) {
        drawn.put(
            tap.tapPoint(),
            RandomDirection.unit(
                tap.direction().size(), tap.tapPoint().toString().hashCode()));
      }
      return new Artefact(
          consensus.formatVersion(),
          "random",
          consensus.created(),
          consensus.model(),
          consensus.validatedFingerprints(),
          learner.baseline(drawn, data.aligned()),
          consensus.probe(),
          consensus.calibration(),
          consensus.mask(),
          consensus.sign(),
          consensus.provenance(),
          consensus.quality(),
          consensus.modelShift());
    }

    /** The direction after the second quarter layer's attention, at every point. */
    private static InterventionPlan shared(
        DirectionLearner learner, DirectionData data, Artefact consensus) {
      TapPoint middle = TapPoint.residMid(Math.max(1, consensus.model().layers() / 4));
      Direction one = consensus.direction(middle).orElseThrow().direction();
      Map<TapPoint, Direction> everywhere = new LinkedHashMap<>();
      consensus.directions().forEach(tap -> everywhere.put(tap.tapPoint(), one));
      return affine(learner.baseline(everywhere, data.aligned()));
    }

    private static InterventionPlan affine(List<TapDirection> taps) {
      Map<TapPoint, Intervention> plan = new LinkedHashMap<>();
      taps.forEach(
          tap ->
              plan.put(
                  tap.tapPoint(), DirectionalAblation.affine(tap.direction(), tap.alignedMean())));
      return new InterventionPlan(plan, dev.plumbline.mitigations.TokenRange.ALL);
    }

    InterventionPlan consensus() {
      return InterventionPlan.perTapPointAffine(consensus);
    }

    InterventionPlan shared() {
      return shared;
    }

    InterventionPlan without(String finetune) {
      return without.get(finetune);
    }

    InterventionPlan randomPlan() {
      return InterventionPlan.perTapPointAffine(random);
    }

    Artefact random() {
      return random;
    }
  }
}
