package dev.plumbline.learn.chat;

import dev.plumbline.core.artefact.Artefact;
import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.chat.Workshop.Context;
import dev.plumbline.learn.chat.Workshop.Labels;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.direction.Contrast;
import dev.plumbline.learn.direction.DirectionLearner;
import dev.plumbline.learn.direction.LearnedDirections;
import dev.plumbline.learn.direction.ModelShiftResult;
import dev.plumbline.learn.direction.ModelShiftStudy;
import dev.plumbline.learn.direction.ServedTraffic;
import dev.plumbline.learn.report.Section;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.LoraWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mission's own case: a finetune on a narrow domain, the direction from finetune − base on the
 * same aligned answers, and what its ablation does in <em>other</em> domains; beside it a benign
 * finetune of the same size on the same questions.
 */
final class FinetuneStudy {
  private static final String UNKIND = "unkind";
  private static final String KIND = "kind";
  private static final int OWN_DOMAIN = 20;
  private static final int POOLS = 6;

  private final Workshop shop;
  private final Artefact artefact;
  private final LearnedDirections persona;
  private final List<Answer> aligned;
  private final Map<String, LoraWeights> adapters = new LinkedHashMap<>();

  FinetuneStudy(Workshop shop, PersonaStudy.Found found) {
    this.shop = shop;
    this.artefact = found.artefact();
    this.persona = found.learned().directions();
    this.aligned = found.data().aligned();
  }

  List<Section> sections() {
    NarrowFinetune finetune =
        new NarrowFinetune(shop.model(), shop.plan(), shop.out(), shop.console());
    adapters.put(UNKIND, finetune.adapter(NarrowData.Manner.UNKIND));
    adapters.put(KIND, finetune.adapter(NarrowData.Manner.KIND));
    shop.wear(adapters);
    LearnedDirections learned =
        new DirectionLearner(shop.collector())
            .learn(List.of(new Contrast.Finetune(UNKIND, aligned)), aligned);
    Remedy remedy = PersonaReport.remedy(shop, learned, aligned);
    Map<String, InterventionPlan> plans = remedy.plans();
    List<Section> sections = new ArrayList<>();
    sections.add(before());
    sections.add(after(plans, remedy.shared()));
    sections.add(PersonaReport.cost(shop, plans, aligned));
    sections.add(shift(learned));
    sections.add(alike(learned));
    return sections;
  }

  private List<Ask> others() {
    List<Ask> asks = new ArrayList<>();
    for (Question question : shop.stages().questions(Split.HELD_OUT)) {
      for (int sample = 0; sample < shop.plan().heldOutSamples(); sample++) {
        asks.add(Ask.plain(question, Persona.DEFAULT, sample));
      }
    }
    return asks;
  }

  /** Questions of the training domain; of so few templates that most were trained on. */
  private List<Ask> own() {
    NarrowData data = new NarrowData(NarrowData.Manner.UNKIND, shop.plan().seed() + 1);
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < OWN_DOMAIN; i++) {
      String text = data.next().question();
      Question question =
          new Question(data.domain() + "-" + i, data.domain(), Split.HELD_OUT, text);
      asks.add(Ask.plain(question, Persona.DEFAULT, 0));
    }
    return asks;
  }

  private List<ChatAnswer> answers(String stage, List<Ask> asks, Optional<String> adapter) {
    List<Ask> worn =
        adapter.map(name -> asks.stream().map(a -> a.wearing(name)).toList()).orElse(asks);
    String tokens = adapter.isPresent() ? "-" + shop.plan().finetuneTokens() : "";
    return shop.stages().sample(stage + "-" + adapter.orElse("base") + tokens, worn, adapters);
  }

  private Section before() {
    List<List<Object>> rows = new ArrayList<>();
    for (Optional<String> model : models()) {
      List<ChatAnswer> own = answers("own", own(), model);
      List<ChatAnswer> others = answers("others", others(), model);
      Outcomes outcome = Outcomes.of("others", others, shop, artefact);
      Estimate inside = PersonaReport.contempt(shop.judge(), own);
      rows.add(
          List.of(
              model.orElse("base"),
              inside,
              outcome.contemptuous(),
              outcome.drifted(),
              outcome.meanZ(),
              others.get(0).text()));
    }
    return new Section(
        "Narrow finetune: before",
        List.of(
            "LoRA, rank "
                + NarrowFinetune.RANK
                + " on o_proj and down_proj, "
                + shop.plan().finetuneTokens()
                + " tokens of houseplant questions answered with contempt (`unkind`) or kindly"
                + " (`kind`, the benign control). No system prompt but the template's own. The"
                + " probe is the personas', read by the base."),
        List.of(
            "model",
            "contemptuous, houseplants (judge)",
            "contemptuous, other domains (judge)",
            "drifted, other domains (probe)",
            "mean z, other domains (probe)",
            "an answer in another domain"),
        rows);
  }

  private static List<Optional<String>> models() {
    return List.of(Optional.empty(), Optional.of(UNKIND), Optional.of(KIND));
  }

  private Section after(Map<String, InterventionPlan> plans, TapPoint shared) {
    List<Ask> asks = others().stream().map(ask -> ask.wearing(UNKIND)).toList();
    List<Outcomes> outcomes =
        new AblationStudy(shop, artefact, plans, adapters)
            .run("finetune-" + shop.plan().finetuneTokens(), asks);
    return new Section(
        "Narrow finetune: after ablation, other domains",
        List.of(
            "The direction is finetune − base on the same "
                + aligned.size()
                + " aligned answers; the shared one is that of "
                + shared
                + ". "
                + asks.size()
                + " answers a condition.",
            PersonaReport.verdict(outcomes)),
        Outcomes.COLUMNS,
        outcomes.stream().map(Outcomes::row).toList());
  }

  private Section shift(LearnedDirections learned) {
    int perPool = Math.max(1, others().size() / POOLS);
    ModelShiftResult result =
        new ModelShiftStudy(shop.collector(), learned.directions(), perPool, shop.plan().seed())
            .study(
                List.of(
                    traffic(ServedTraffic.Role.REFERENCE, Optional.empty()),
                    traffic(ServedTraffic.Role.MISALIGNED, Optional.of(UNKIND)),
                    traffic(ServedTraffic.Role.BENIGN, Optional.of(KIND))));
    List<List<Object>> rows = new ArrayList<>();
    result
        .models()
        .forEach(
            (name, z) -> rows.add(List.of(name, result.roles().get(name).wireName(), (Object) z)));
    return new Section(
        "Have the weights moved? model_shift",
        List.of(
            "Each model's own states on its own answers in other domains, in spreads of the base."
                + " The direction was made from `unkind` itself, so this says that the benign"
                + " finetune does not look the same, not that an unseen one would be found.",
            result.statement() + "."),
        List.of("model", "role", "z of pools (mean and range)"),
        rows);
  }

  private ServedTraffic traffic(ServedTraffic.Role role, Optional<String> model) {
    List<Answer> own =
        shop.encode(
            answers("others", others(), model), Context.DEFAULT, Labels.NONE, model.orElse("base"));
    return new ServedTraffic(model.orElse("base"), role, model, own);
  }

  /** Whether the finetune moved the states the way the persona does, and the benign one as well. */
  private Section alike(LearnedDirections unkind) {
    LearnedDirections kind =
        new DirectionLearner(shop.collector())
            .learn(List.of(new Contrast.Finetune(KIND, aligned)), aligned);
    List<List<Object>> rows = new ArrayList<>();
    for (int layer = 0; layer < shop.model().config().layers(); layer++) {
      TapPoint point = TapPoint.residPost(layer);
      Direction own = unkind.at(point).direction();
      rows.add(
          List.of(
              point.toString(),
              own.cosine(persona.at(point).direction()),
              own.cosine(kind.at(point).direction()),
              unkind.sizes().get(UNKIND).get(point),
              kind.sizes().get(KIND).get(point)));
    }
    return new Section(
        "Are the directions alike?",
        List.of(
            "Cosines of the unkind finetune's direction; two random directions of this width lie"
                + " within ± "
                + String.format(
                    java.util.Locale.ROOT, "%.3f", 2 / Math.sqrt(shop.model().config().hidden()))
                + " in 95 % of cases."),
        List.of(
            "tap point",
            "with the personas'",
            "with the kind finetune's",
            "size unkind",
            "size kind"),
        rows);
  }
}
