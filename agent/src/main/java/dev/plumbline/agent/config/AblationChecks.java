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

  /** Of one that requests name. */
  private final Optional<String> name;

  private final List<Mistake> mistakes = new ArrayList<>();

  private AblationChecks(Values values, Ablation asked, Optional<String> name) {
    this.values = values;
    this.asked = asked;
    this.name = name;
  }

  static List<Mistake> of(Values values, boolean proxies) {
    Ablation configured = Ablation.of(values);
    AblationChecks checks = new AblationChecks(values, configured, Optional.empty());
    if (proxies) {
      checks.elsewhere();
    }
    checks.all();
    List<Mistake> mistakes = new ArrayList<>(checks.mistakes);
    configured.named().forEach((name, one) -> mistakes.addAll(named(values, one, name, proxies)));
    return mistakes;
  }

  private static List<Mistake> named(Values values, Ablation one, String name, boolean proxies) {
    AblationChecks checks = new AblationChecks(values, one, Optional.of(name));
    checks.check(
        !proxies,
        Key.ABLATE_KIND,
        "an intervention with origin.url",
        "no such key: it is for models served here (model, organism)");
    checks.check(
        name.matches("[A-Za-z0-9._-]{1,64}"),
        Key.ABLATE_KIND,
        "the name '" + name + "'",
        "letters, digits, '.', '_' and '-', at most 64: requests write it in a header");
    checks.all();
    return checks.mistakes;
  }

  private void all() {
    removing();
    moving();
    capping();
    together();
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
        asked.percentiles() || asked.named().values().stream().anyMatch(Ablation::percentiles);
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
      String at = name.map(Family.ABLATION::key).orElse(key.key());
      String what = name.isEmpty() ? found : key.key().substring(PREFIX.length()) + ": " + found;
      mistakes.add(new Mistake(at, "together", what, wanted));
    }
  }
}
