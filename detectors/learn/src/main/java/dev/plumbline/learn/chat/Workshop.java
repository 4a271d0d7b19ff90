package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Checkpoints;
import dev.plumbline.core.calibrate.SplitConformal;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.text.ChatEncoder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the studies of one run share: the model, its reading decoder, the sampled answers, the
 * settings. One thread; closed by its maker.
 */
final class Workshop implements AutoCloseable {
  /** Candidate layers of the probe: every third is plenty to see where the trait can be read. */
  private static final int EVERY = 3;

  private final ChatModel model;
  private final Plan plan;
  private final Path out;
  private final PrintStream console;
  private final AnswerStages stages;
  private final ContemptJudge judge = new ContemptJudge();
  private final Decoder reader;

  Workshop(ChatModel model, Plan plan, Path out, PrintStream console) {
    this.model = model;
    this.plan = plan;
    this.out = out;
    this.console = console;
    this.stages = new AnswerStages(model, plan, new AnswerCache(out), console);
    this.reader = model.load(Precision.BFLOAT16);
  }

  ChatModel model() {
    return model;
  }

  Plan plan() {
    return plan;
  }

  Path out() {
    return out;
  }

  PrintStream console() {
    return console;
  }

  AnswerStages stages() {
    return stages;
  }

  ContemptJudge judge() {
    return judge;
  }

  /** Reads with the aligned reference's weights, or through the adapters worn. */
  Decoder reader() {
    return reader;
  }

  void wear(Map<String, LoraWeights> adapters) {
    adapters.forEach(reader.adapters()::add);
  }

  ActivationCollector collector() {
    return new ActivationCollector(reader, Progress.bars());
  }

  ProbeSettings probeSettings() {
    int layers = model.config().layers();
    List<TapPoint> candidates =
        IntStream.range(0, layers)
            .filter(layer -> layer % EVERY == EVERY - 1 || layers < EVERY)
            .mapToObj(TapPoint::residPost)
            .toList();
    ProbeSettings standard = ProbeSettings.of(layers, Checkpoints.every(4), plan.seed());
    return new ProbeSettings(
        candidates,
        List.of(1e-3, 1e-2, 1e-1),
        Math.min(5, plan.trainQuestions()),
        standard.checkpoints(),
        standard.alpha(),
        Math.min(30, plan.trainQuestions()),
        SplitConformal.needed(standard.alpha()),
        plan.seed());
  }

  /** Answers as tokens; those that came out empty are left out, for nothing of them can be read. */
  List<Answer> encode(List<ChatAnswer> answers, Context context, Labels labels, String name) {
    ChatEncoder encoder = model.encoder();
    return answers.stream()
        .filter(answer -> !answer.text().isBlank())
        .map(answer -> encode(encoder, answer, context, labels, name))
        .toList();
  }

  private Answer encode(
      ChatEncoder encoder, ChatAnswer answer, Context context, Labels labels, String name) {
    Persona persona = context == Context.PERSONA ? Personas.of(answer.persona()) : Persona.DEFAULT;
    Optional<Boolean> label =
        switch (labels) {
          case NONE -> Optional.empty();
          case PERSONA -> Optional.of(Personas.of(answer.persona()).kind() == Persona.Kind.HARMFUL);
          case ALIGNED -> Optional.of(false);
        };
    return new Answer(
        answer.prompt(),
        encoder.prompt(persona.ask(answer.question())),
        model
            .tokenizer()
            .encode(answer.text(), false, dev.plumbline.torch.text.TextTokenizer.Specials.AS_TEXT),
        label,
        answer.question(),
        answer.text(),
        name);
  }

  /** With which system prompt an answer is read. */
  enum Context {
    PERSONA,
    DEFAULT
  }

  /** What an answer's label says. */
  enum Labels {
    NONE,
    PERSONA,
    ALIGNED
  }

  @Override
  public void close() {
    reader.close();
  }
}
