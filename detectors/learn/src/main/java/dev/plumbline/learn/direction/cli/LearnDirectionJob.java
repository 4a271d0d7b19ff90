package dev.plumbline.learn.direction.cli;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.artefact.ModelPin;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Answers;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.ContrastStatistics;
import dev.plumbline.learn.direction.DirectionData;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.DirectionPipeline;
import dev.plumbline.learn.direction.LearnSettings;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.direction.ProbeSettings;
import dev.plumbline.learn.job.JobFolder;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.selection.BehaviourScore;
import dev.plumbline.learn.selection.Choice;
import dev.plumbline.learn.selection.NextTokens;
import dev.plumbline.learn.selection.Selection;
import dev.plumbline.learn.selection.Trials;
import dev.plumbline.learn.shards.StatisticsReading;
import dev.plumbline.learn.statistics.ShardStatistics;
import dev.plumbline.torch.artefact.ArtefactFolder;
import dev.plumbline.torch.runtime.Decoder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The stages of {@code learn direction}: statistics, selection, findings. A stage that is finished
 * is read back; only the tap points' baselines are read again. Decoder's thread.
 */
final class LearnDirectionJob {
  private final JobFolder folder;
  private final Progress progress;
  private final Decoder decoder;
  private final DirectionData data;
  private final StatisticsReading reading;
  private final LearnSettings settings;
  private final List<TapPoint> points;
  private final ActivationCollector collector;
  private final DirectionLearner learner;
  private final LearnedDirections learned;
  private LearnedDirections directions;
  private Optional<Choice> choice = Optional.empty();
  private Findings findings;

  LearnDirectionJob(
      JobFolder folder,
      Progress progress,
      Decoder decoder,
      DirectionData data,
      ContrastOptions contrast,
      StatisticsReading reading) {
    this.folder = folder;
    this.progress = progress;
    this.decoder = decoder;
    this.reading = reading;
    this.data = data;
    this.settings = contrast.settings();
    this.points = contrast.points(decoder.shape().layers());
    this.collector = new ActivationCollector(decoder, progress);
    this.learner = new DirectionLearner(collector);
    this.learned = learn("statistics", data.contrasts());
    this.directions = learned;
  }

  private LearnedDirections learn(String stage, List<Contrast> contrasts) {
    ShardStatistics statistics =
        reading.read(new ContrastStatistics(contrasts, points, settings), stage, folder);
    return learner.learn(contrasts, data.aligned(), points, settings, statistics);
  }

  void select(DataSplit split, SelectOptions options, List<String> finetunes, long[] tokens) {
    Selection selection = new Selection(collector, split.selectionScored()).add("answer", learned);
    for (int back = 1; back <= options.promptTokens; back++) {
      int at = back;
      List<Contrast> own =
          data.contrasts().stream().map(each -> PromptTokens.of(each, at)).toList();
      selection.add("prompt-" + back, learn("statistics-prompt-" + back, own));
    }
    NextTokens next = new NextTokens(decoder);
    Trials trials =
        new Trials(
            next,
            BehaviourScore.firstTokens(next, tokens),
            decoder.shape().layers(),
            prompts(split.selectionJudged(), options.prompts),
            finetunes,
            prompts(split.selectionQuiet(), options.prompts));
    Choice chosen =
        folder.stage(
            "selection", Choice.class, () -> selection.choose(options.rule, trials, progress));
    choice = Optional.of(chosen);
    if (chosen.choice().isPresent()) {
      directions = selection.apply(chosen, learned, learner, data.aligned());
    }
  }

  /** Distinct prompts, as many as are wanted, in an order that is nobody's choice. */
  private static List<long[]> prompts(List<Answer> answers, int most) {
    TreeSet<long[]> distinct = new TreeSet<>(Arrays::compare);
    answers.forEach(answer -> distinct.add(answer.promptTokens()));
    return distinct.stream().limit(most).toList();
  }

  Artefact finish(String name, ProbeSettings probe, ModelPin pin) {
    String begun =
        folder.stage(
            "begun", String.class, () -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    Path place = folder.root().resolve(name + ArtefactFolder.SUFFIX);
    findings =
        folder.stage(
            "findings",
            Findings.class,
            () -> {
              DirectionPipeline pipeline = new DirectionPipeline(decoder, probe, progress);
              DirectionPipeline.Result result = pipeline.learn(data, directions);
              ArtefactFolder.write(
                  pipeline.artefact(name, Instant.parse(begun), pin, data, result), place);
              return Findings.of(result, learned, collector, data.heldOutJudged());
            });
    return ArtefactFolder.read(place);
  }

  Findings findings() {
    return findings;
  }

  Optional<Choice> choice() {
    return choice;
  }

  /** A contrast read at one prompt token instead of the answer. */
  private static final class PromptTokens {
    static Contrast of(Contrast contrast, int back) {
      if (contrast instanceof Contrast.Finetune c) {
        return new Contrast.Finetune(c.adapter(), Answers.atPromptToken(back, c.aligned()));
      }
      if (contrast instanceof Contrast.Labels c) {
        return new Contrast.Labels(c.name(), c.adapter(), Answers.atPromptToken(back, c.judged()));
      }
      if (contrast instanceof Contrast.SystemPrompts c) {
        return new Contrast.SystemPrompts(
            c.name(),
            Answers.atPromptToken(back, c.harmful()),
            Answers.atPromptToken(back, c.helpful()));
      }
      throw new IllegalArgumentException(
          "--prompt-tokens: wanted a contrast of exchanges, found "
              + contrast.name()
              + "; drop it");
    }
  }
}
