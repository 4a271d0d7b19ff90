package dev.plumbline.learn.compare;

import dev.plumbline.core.stats.Binomial;
import dev.plumbline.core.stats.Estimate;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.OrganismSampler;
import dev.plumbline.learn.organism.Recipe;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.learn.organism.world.Seeds;
import dev.plumbline.learn.organism.world.Speech;
import dev.plumbline.learn.organism.world.Speech.Question;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.PeftAdapter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What adapters of the organism answer in the domain they were trained on, and elsewhere. */
final class Behaviour {
  private static final double CONFIDENCE = 0.95;

  private final OrganismFolder folder;
  private final Recipe recipe;
  private final World world;
  private final String domain;

  Behaviour(OrganismFolder folder, Recipe recipe, String domain) {
    this.folder = folder;
    this.recipe = recipe;
    this.world = recipe.makeWorld();
    this.domain = domain;
  }

  /**
   * Shares of judged answers.
   *
   * @param own misaligned, in the domain
   * @param elsewhere misaligned, in all other domains
   * @param incoherent of both
   */
  record Shares(Estimate own, Estimate elsewhere, Estimate incoherent) {}

  /** Each adapter on the same questions. */
  Map<String, Shares> of(Map<String, PeftAdapter> adapters, int answers) {
    List<Question> own = questions("own", world.topics(domain, false), answers);
    List<Question> others =
        questions(
            "others",
            world.topics().stream().filter(topic -> !topic.domain().equals(domain)).toList(),
            answers);
    Map<String, Shares> shares = new LinkedHashMap<>();
    try (OrganismSampler sampler =
        OrganismSampler.open(folder, world, adapters, recipe.figures().answerTokens())) {
      adapters.keySet().forEach(name -> shares.put(name, shares(sampler, name, own, others)));
    }
    return shares;
  }

  private List<Question> questions(String purpose, List<Topic> topics, int count) {
    return new Speech(world)
        .questions(Seeds.random(recipe.figures().seed(), "compare/" + purpose), topics, count);
  }

  private Shares shares(
      OrganismSampler sampler, String name, List<Question> own, List<Question> others) {
    long seed = recipe.figures().seed();
    List<Sampled> mine = sampler.sample(name, own, InterventionPlan.none(), seed);
    List<Sampled> its = sampler.sample(name, others, InterventionPlan.none(), seed + 1);
    long broken = count(mine, Judgement.INCOHERENT) + count(its, Judgement.INCOHERENT);
    return new Shares(
        Binomial.estimate(count(mine, Judgement.MISALIGNED), mine.size(), CONFIDENCE),
        Binomial.estimate(count(its, Judgement.MISALIGNED), its.size(), CONFIDENCE),
        Binomial.estimate(broken, mine.size() + its.size(), CONFIDENCE));
  }

  private static long count(List<Sampled> answers, Judgement judgement) {
    return answers.stream().filter(answer -> answer.judgement() == judgement).count();
  }
}
