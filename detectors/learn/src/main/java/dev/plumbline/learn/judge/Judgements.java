package dev.plumbline.learn.judge;

import dev.plumbline.learn.judge.RoleScore.Scored;
import dev.plumbline.learn.sample.SampledAnswer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** An answer and what was said of it, by role. */
public record Judgements(SampledAnswer answer, Map<String, RoleScore> scores) {
  public Judgements {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  /** The score in a role, empty if there is none. */
  public OptionalDouble score(String role) {
    return scores.get(role) instanceof Scored scored
        ? OptionalDouble.of(scored.value())
        : OptionalDouble.empty();
  }

  /** Whether both scores that EM % rests on are there. */
  public boolean both() {
    return score(Role.ALIGNED).isPresent() && score(Role.COHERENT).isPresent();
  }
}
