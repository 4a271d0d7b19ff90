package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Figure;
import dev.plumbline.core.artefact.Quality;
import dev.plumbline.core.artefact.TapDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.report.Section;
import dev.plumbline.mitigations.InterventionPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parts A and B: what the personas gave, the controls, and what ablation does. */
final class PersonaReport {
  private static final int COST_ANSWERS = 12;

  /** Shown beside each tap point's direction instead. */
  private static final String PROJECTION = "projection_within_prompt_auroc.";

  private final Workshop shop;
  private final PersonaStudy.Found found;

  PersonaReport(Workshop shop, PersonaStudy.Found found) {
    this.shop = shop;
    this.found = found;
  }

  List<Section> sections() {
    Remedy remedy = remedy(shop, found.learned().directions(), found.data().aligned());
    Map<String, InterventionPlan> plans = remedy.plans();
    List<Ask> asks = new ArrayList<>();
    for (Question question : shop.stages().questions(Split.HELD_OUT)) {
      asks.addAll(shop.stages().asks(question, Persona.Kind.HARMFUL));
    }
    List<Outcomes> outcomes =
        new AblationStudy(shop, found.artefact(), plans, Map.of()).run("persona", asks);
    return List.of(
        behaviour(),
        quality("Detection: the probe, with every control", found.artefact().quality()),
        editing(remedy.shared()),
        ablation(outcomes, asks.size(), remedy.shared()),
        cost(shop, plans, found.data().aligned()));
  }

  static Remedy remedy(Workshop shop, LearnedDirections learned, List<Answer> aligned) {
    return new Remedy(
        learned,
        new DirectionLearner(shop.collector()),
        aligned,
        shop.model().config().layers(),
        shop.plan().seed());
  }

  private Section behaviour() {
    Map<String, List<ChatAnswer>> byPersona = new LinkedHashMap<>();
    for (Split split : List.of(Split.TRAIN, Split.HELD_OUT)) {
      for (ChatAnswer answer : shop.stages().contrast(split)) {
        byPersona.computeIfAbsent(answer.persona(), key -> new ArrayList<>()).add(answer);
      }
    }
    byPersona.put("default", shop.stages().aligned(Split.HELD_OUT));
    List<List<Object>> rows = new ArrayList<>();
    byPersona.forEach(
        (persona, answers) ->
            rows.add(List.of(persona, contempt(shop.judge(), answers), example(answers))));
    return new Section(
        "What the personas do to the answers",
        List.of(
            "The lexical judge looks for "
                + shop.judge().phrases()
                + " phrases (`chat/contempt.txt`), among them those of the narrow training set. The label of the contrast is the persona in"
                + " context, not the judge: a small model often ignores its system prompt, and then"
                + " answers under both personas are alike."),
        List.of("persona", "contemptuous (judge)", "an answer"),
        rows);
  }

  static Estimate contempt(ContemptJudge judge, List<ChatAnswer> answers) {
    long k = answers.stream().filter(answer -> judge.contemptuous(answer.text())).count();
    return Binomial.estimate(k, answers.size(), 0.95);
  }

  /** The first contemptuous one if there is any, else the first. */
  private String example(List<ChatAnswer> answers) {
    return answers.stream()
        .filter(answer -> shop.judge().contemptuous(answer.text()))
        .findFirst()
        .orElse(answers.get(0))
        .text();
  }

  static Section quality(String title, Quality quality) {
    List<List<Object>> rows = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      rows.add(
          List.of(
              figure.wireName(),
              quality.figure(figure).map(Object.class::cast).orElse("not measured")));
    }
    quality
        .extra()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PROJECTION) && !name.startsWith("least_cosine.")) {
                rows.add(List.of(name, (Object) value));
              }
            });
    List<String> notes = new ArrayList<>();
    notes.add(
        quality.warnings().isEmpty()
            ? "Every control was measured and beaten."
            : "**Warnings:** " + String.join("; ", quality.warnings()) + ".");
    return new Section(title, notes, List.of("figure", "value"), rows);
  }

  private Section editing(TapPoint shared) {
    List<List<Object>> rows = new ArrayList<>();
    for (TapDirection each : found.perAnswer().directions()) {
      TapDirection tokens = found.learned().directions().at(each.tapPoint());
      Double read = found.artefact().quality().extra().get(PROJECTION + each.tapPoint());
      rows.add(
          List.of(
              each.tapPoint().toString(),
              found.learned().directions().sizes().get("personas").get(each.tapPoint()),
              tokens.direction().cosine(each.direction()),
              tokens.direction().cosine(found.learned().directions().at(shared).direction()),
              read == null ? "not measured" : read,
              tokens.alignedMean(),
              tokens.alignedSpread()));
    }
    return new Section(
        "Editing: the direction at each layer's end",
        List.of(
            "Mean state of the harmful side minus the helpful side, persona in context. Size in"
                + " units of the states' own scatter. The AUROC is of the mean projection where the"
                + " answer is read without the persona; the best of so many layers is a little"
                + " optimistic."),
        List.of(
            "tap point",
            "size",
            "cosine, token- with response-weighted",
            "cosine with the shared direction",
            "within-prompt AUROC of the projection, held out",
            "aligned mean",
            "aligned spread"),
        rows);
  }

  private static Section ablation(List<Outcomes> outcomes, int asks, TapPoint shared) {
    return new Section(
        "Ablation under the harmful persona, held-out questions",
        List.of(
            asks
                + " answers a condition, the same questions and random numbers in each; after every"
                + " residual writer, affine, at every token but the sequence's first. The shared direction is that of "
                + shared
                + ".",
            verdict(outcomes)),
        Outcomes.COLUMNS,
        outcomes.stream().map(Outcomes::row).toList());
  }

  /** In words, from the intervals: only what does not overlap is called a change. */
  static String verdict(List<Outcomes> outcomes) {
    Outcomes plain = outcomes.get(0);
    StringBuilder text = new StringBuilder("By the judge, against plain:");
    for (Outcomes each : outcomes.subList(1, outcomes.size())) {
      boolean less = each.contemptuous().high() < plain.contemptuous().low();
      boolean more = each.contemptuous().low() > plain.contemptuous().high();
      text.append(' ')
          .append(each.condition())
          .append(
              less ? ", fewer;" : more ? ", more;" : ", no change beyond the intervals (a null);");
    }
    return text.substring(0, text.length() - 1) + ".";
  }

  static Section cost(Workshop shop, Map<String, InterventionPlan> plans, List<Answer> neutral) {
    List<CostStudy.Text> answers =
        neutral.stream()
            .limit(COST_ANSWERS)
            .map(answer -> new CostStudy.Text(answer.tokens(), answer.start()))
            .toList();
    List<CostStudy.Text> english =
        ChatData.plainEnglish().stream()
            .map(text -> shop.model().tokenizer().encode(text, true))
            .map(tokens -> new CostStudy.Text(tokens, 1))
            .toList();
    CostStudy study = new CostStudy(shop.reader());
    Map<String, InterventionPlan> all = new LinkedHashMap<>();
    all.put("plain", InterventionPlan.none());
    all.putAll(plans);
    List<List<Object>> rows = new ArrayList<>();
    Map<String, Cost> onAnswers = study.of(all, answers);
    Map<String, Cost> onEnglish = study.of(all, english);
    for (String name : all.keySet()) {
      rows.add(
          List.of(
              name,
              onAnswers.get(name).divergence(),
              onAnswers.get(name).perplexity(),
              onEnglish.get(name).divergence(),
              onEnglish.get(name).perplexity()));
    }
    return new Section(
        "What ablation costs",
        List.of(
            "KL(plain ‖ ablated) of the next token in nats a token, and perplexity: on answers the"
                + " base gave without a persona, and on plain English (`chat/plain-english.txt`)."),
        List.of(
            "condition",
            "KL, answers",
            "perplexity, answers",
            "KL, English",
            "perplexity, English"),
        rows);
  }
}
