package dev.plumbline.learn.mitigate;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.learn.ability.Condition;
import dev.plumbline.learn.ability.Continuation;
import dev.plumbline.learn.ability.Examiner;
import dev.plumbline.learn.ability.ItemResult;
import dev.plumbline.learn.ability.Task;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.RandomCounterpart;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.sample.LocalJob;
import dev.plumbline.learn.sample.LocalOptions;
import dev.plumbline.learn.sample.LocalSource;
import dev.plumbline.learn.sample.Question;
import dev.plumbline.learn.sample.SampledAnswer;
import dev.plumbline.learn.sample.Wanted;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The models under test: asked, and read, under interventions. Weights are loaded when they are
 * first needed, so that a finished stage costs nothing. Uses the open model, does not own it; one
 * thread.
 */
final class Bench {
  private final OpenModel open;
  private final LocalJob models;
  private final LocalOptions local;
  private final LocalSource.Drawing drawing;
  private final Map<Long, Artefact> random = new LinkedHashMap<>();
  private Decoder decoder;

  Bench(OpenModel open, LocalJob models, LocalOptions local, LocalSource.Drawing drawing) {
    this.open = open;
    this.models = models;
    this.local = local;
    this.drawing = drawing;
  }

  private Decoder decoder() {
    if (decoder == null) {
      decoder = open.load(local.precision(), local.device());
      models.adapters().forEach(open::wear);
      decoder.freeze();
    }
    return decoder;
  }

  /** Whether the models wear adapters, so that there is a reference beside them. */
  boolean adapted() {
    return models.models().values().stream().anyMatch(Optional::isPresent);
  }

  /** Answers of every model under a plan; their model is named {@code NAME+CONDITION}. */
  List<SampledAnswer> answers(
      String condition, InterventionPlan plan, List<Question> questions, int samples) {
    Map<String, LocalSource.Model> named = new LinkedHashMap<>();
    models
        .models()
        .forEach(
            (name, adapter) ->
                named.put(name + "+" + condition, new LocalSource.Model(adapter, plan)));
    List<SampledAnswer> answers = new ArrayList<>();
    new LocalSource(decoder(), open.encoder(), open.tokenizer(), open.stopIds(), named, drawing)
        .sample(
            Wanted.all(List.copyOf(named.keySet()), questions, samples), Set.of(), answers::addAll);
    return answers;
  }

  /** KL(plain ‖ edited) of the model without any adapter. */
  List<Measured> reference(List<Answer> aligned, InterventionPlan plan) {
    return new TokenCosts(decoder()).divergences("reference", aligned, Optional.empty(), plan);
  }

  /** KL(plain ‖ edited) of each model, as it is served. */
  List<Measured> mitigated(List<Answer> aligned, InterventionPlan plan) {
    List<Measured> all = new ArrayList<>();
    models
        .models()
        .forEach(
            (name, adapter) ->
                all.addAll(new TokenCosts(decoder()).divergences(name, aligned, adapter, plan)));
    return all;
  }

  /** −log p of texts, of each model. */
  List<Measured> losses(List<Continuation> texts, List<String> groups, InterventionPlan plan) {
    List<Measured> all = new ArrayList<>();
    models
        .models()
        .forEach(
            (name, adapter) ->
                all.addAll(
                    new TokenCosts(decoder())
                        .losses(name, texts, groups, new Condition(name, adapter, plan))));
    return all;
  }

  /** Which items each model has right. */
  List<Measured> correct(List<Task> tasks, boolean chat, InterventionPlan plan) {
    Examiner examiner = chat ? Examiner.chat(open, decoder()) : Examiner.plain(open, decoder());
    List<Measured> all = new ArrayList<>();
    for (Task task : tasks) {
      models
          .models()
          .forEach(
              (name, adapter) -> {
                for (ItemResult item : task.run(examiner, new Condition(name, adapter, plan))) {
                  String id = task.name() + "/" + item.id();
                  all.add(Measured.of(id, id + "/" + name, item.values().get("correct") == 1));
                }
              });
    }
    return all;
  }

  /** A random direction wherever the artefact has one; the same for the same number. */
  Artefact random(Artefact artefact, List<Answer> aligned, int number, long seed) {
    long own = Seeds.of(seed, "mitigation/random/" + number);
    return random.computeIfAbsent(
        own,
        drawn ->
            RandomCounterpart.of(
                artefact, new ActivationCollector(decoder(), Progress.silent()), aligned, drawn));
  }

  /** What a text belongs to, where it stands alone. */
  static List<String> alone(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + (i + 1)).toList();
  }
}
