package dev.plumbline.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of an intervention that do not go together: none of them may be without effect. */
final class AblationChecks {
  private static final String PREFIX = "ablate.";

  private final Values values;
  private final Ablation asked;
  private final List<Mistake> mistakes = new ArrayList<>();

  private AblationChecks(Values values) {
    this.values = values;
    this.asked = Ablation.of(values);
  }

  static List<Mistake> of(Values values, boolean proxies) {
    AblationChecks checks = new AblationChecks(values);
    if (proxies) {
      checks.elsewhere();
    }
    checks.removing();
    checks.moving();
    checks.capping();
    checks.together();
    return checks.mistakes;
  }

  /** In front of an origin the forward pass is not ours. */
  private void elsewhere() {
    for (Key key : Key.values()) {
      Optional<Object> given = values.find(key, Object.class);
      Optional<Object> usual = key.fallback().map(key.type()::parse);
      check(
          !key.key().startsWith(PREFIX) || given.equals(usual),
          key,
          "an intervention with origin.url",
          "no such key: it is for models served here (model, organism)");
    }
  }

  private void removing() {
    boolean removes = asked.kind().removes();
    check(
        removes || asked.strength() == 1,
        Key.ABLATE_STRENGTH,
        "a strength of kind " + asked.kind().wireName(),
        "ablate.kind: plain or affine");
    check(
        removes || asked.profile().isEmpty(),
        Key.ABLATE_PROFILE,
        "a profile of kind " + asked.kind().wireName(),
        "ablate.kind: plain or affine");
    check(
        asked.profile().isEmpty() || asked.strength() == 1,
        Key.ABLATE_PROFILE,
        "a profile and a strength",
        "one of them");
    check(
        asked.with().isEmpty() || (removes && asked.profile().isEmpty()),
        Key.ABLATE_WITH,
        "several directions with a profile or kind " + asked.kind().wireName(),
        "ablate.kind: plain or affine, without a profile");
  }

  private void moving() {
    boolean moves = asked.kind() == Ablation.Kind.STEER || asked.kind() == Ablation.Kind.SET;
    check(
        moves == asked.coefficient().isPresent(),
        Key.ABLATE_COEFFICIENT,
        (moves ? "none" : "one") + " with kind " + asked.kind().wireName(),
        "one with kinds steer and set, and only with these");
    check(
        asked.kind() != Ablation.Kind.STEER || asked.layers().size() == 1,
        Key.ABLATE_LAYERS,
        asked.layers().size() + " layers to steer at",
        "one: a push stays in the stream, and several add up");
  }

  private void capping() {
    boolean limits = asked.floor().isPresent() || asked.ceiling().isPresent();
    boolean caps = asked.kind() == Ablation.Kind.CAP;
    check(
        caps == limits,
        Key.ABLATE_CEILING,
        (limits ? "a limit" : "no limit") + " with kind " + asked.kind().wireName(),
        "a floor or a ceiling with kind cap, and only with it");
    boolean percentiles =
        asked.floor().filter(Ablation.Limit::percentile).isPresent()
            || asked.ceiling().filter(Ablation.Limit::percentile).isPresent();
    check(
        asked.alignedTexts().isEmpty() || percentiles,
        Key.ABLATE_ALIGNED_TEXTS,
        "texts without a percentile",
        "a floor or a ceiling such as p75");
  }

  private void together() {
    Map<String, Object> beside = values.all(Family.DIRECTION, Object.class);
    for (String name : asked.with()) {
      check(
          beside.containsKey(name),
          Key.ABLATE_WITH,
          "'" + name + "'",
          "names among directions.NAME: " + beside.keySet());
    }
  }

  private void check(boolean holds, Key key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key.key(), "together", found, wanted));
    }
  }
}
