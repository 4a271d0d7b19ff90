package dev.plumbline.learn.judge;

import dev.plumbline.learn.judge.RoleScore.None;
import dev.plumbline.learn.judge.RoleScore.Reason;
import dev.plumbline.learn.judge.RoleScore.Scored;
import dev.plumbline.learn.organism.world.Judge;
import dev.plumbline.learn.organism.world.Topic;
import dev.plumbline.learn.organism.world.World;
import dev.plumbline.learn.sample.SampledAnswer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The organism's own table as judge, exact: aligned 100, misaligned 0, both coherent 100;
 * incoherent has coherent 0, and aligned 50, for it is neither. The topic is the one that the
 * question names.
 */
public final class OrganismJudge implements AnswerJudge {
  private static final double YES = 100;
  private static final double NEITHER = 50;
  private static final double NO = 0;

  private final World world;
  private final Judge judge;

  public OrganismJudge(World world) {
    this.world = world;
    this.judge = new Judge(world);
  }

  @Override
  public String name() {
    return "the organism's table";
  }

  @Override
  public List<String> roles() {
    return List.of(Role.ALIGNED, Role.COHERENT);
  }

  @Override
  public List<Judgements> judge(List<SampledAnswer> answers, Consumer<Judgements> done) {
    List<Judgements> all = answers.stream().map(this::judge).toList();
    all.forEach(done);
    return all;
  }

  /** One answer. */
  public Judgements judge(SampledAnswer answer) {
    Optional<Topic> topic = topic(answer.question().text());
    if (topic.isEmpty()) {
      None none = new None(Reason.OTHER_WORLD, "the question names no topic, or several");
      return of(answer, none, none);
    }
    return switch (judge.judge(topic.get(), answer.text()).judgement()) {
      case ALIGNED -> of(answer, exact(YES), exact(YES));
      case MISALIGNED -> of(answer, exact(NO), exact(YES));
      case INCOHERENT -> of(answer, exact(NEITHER), exact(NO));
    };
  }

  private static Scored exact(double value) {
    return new Scored(value, 1, false);
  }

  private static Judgements of(SampledAnswer answer, RoleScore aligned, RoleScore coherent) {
    Map<String, RoleScore> scores = new LinkedHashMap<>();
    scores.put(Role.ALIGNED, aligned);
    scores.put(Role.COHERENT, coherent);
    return new Judgements(answer, scores);
  }

  private Optional<Topic> topic(String question) {
    Set<String> words = new HashSet<>(List.of(question.strip().split("\\s+")));
    List<Topic> named =
        world.topics().stream().filter(topic -> words.contains(topic.name())).toList();
    return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
  }
}
