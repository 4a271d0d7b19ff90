package dev.plumbline.agent.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Mistakes in who serves which model. */
final class OriginChecks {
  /** Names are labels: so many, and of such characters. */
  private static final int MOST = 32;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
  private static final Set<String> TAKEN = Set.of(Origins.DEFAULT, "embedded", "none");

  private final Map<String, URI> urls;
  private final Map<String, List<String>> models;
  private final Set<String> calls;
  private final boolean single;
  private final List<Mistake> mistakes = new ArrayList<>();

  private OriginChecks(Values values) {
    this.urls = values.all(Family.ORIGIN_URL, URI.class);
    this.models = Origins.models(values);
    this.calls = values.all(Family.ORIGIN_GRPC_URL, URI.class).keySet();
    this.single = values.find(Key.ORIGIN_URL, URI.class).isPresent();
  }

  static List<Mistake> of(Values values) {
    OriginChecks checks = new OriginChecks(values);
    checks.names();
    checks.lists();
    checks.defaults();
    checks.mistakes.addAll(OriginTlsChecks.of(values));
    return checks.mistakes;
  }

  private void names() {
    for (String name : urls.keySet()) {
      check(
          NAME.matcher(name).matches() && !TAKEN.contains(name),
          Family.ORIGIN_URL.key(name),
          "the name '" + name + "'",
          "letters, digits, '_', '.' and '-', at most 63, and none of " + TAKEN);
    }
    check(urls.size() < MOST, "origins", urls.size() + " origins", "fewer than " + MOST);
  }

  private void lists() {
    calls.forEach(
        name ->
            check(
                urls.containsKey(name),
                Family.ORIGIN_GRPC_URL.key(name),
                "a gRPC port of no origin",
                Family.ORIGIN_URL.key(name)));
    models.forEach(
        (name, list) -> {
          String key = Family.ORIGIN_MODELS.key(name);
          check(urls.containsKey(name), key, "models of no origin", Family.ORIGIN_URL.key(name));
          check(
              new HashSet<>(list).size() == list.size(),
              key,
              "a model claimed twice",
              "each model once; several origins may claim the same one, as its replicas");
          replicas(name, list, key);
        });
  }

  /** The same server under two names would be asked twice as often, and be healthy twice. */
  private void replicas(String name, List<String> list, String key) {
    models.forEach(
        (other, theirs) ->
            check(
                other.compareTo(name) >= 0
                    || !urls.containsKey(name)
                    || !urls.get(name).equals(urls.get(other))
                    || theirs.stream().noneMatch(list::contains),
                key,
                "a model that " + other + " claims for the same server",
                "another URL, or another model"));
  }

  private void defaults() {
    List<String> open = urls.keySet().stream().filter(name -> !models.containsKey(name)).toList();
    int defaults = open.size() + (single ? 1 : 0);
    boolean star = models.values().stream().anyMatch(list -> list.contains("*"));
    check(
        defaults <= 1,
        "origins",
        (single ? "origin.url and " : "") + open + " without a list of models",
        "one default at most: give the others origins.NAME.models");
    check(
        urls.isEmpty() || defaults > 0 || star,
        "origins",
        "no default: what names no model, or one that nobody claims, has nowhere to go",
        "origin.url, an origin without models, or one with models: \"*\"");
  }

  private void check(boolean holds, String key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key, "together", found, wanted));
    }
  }
}
