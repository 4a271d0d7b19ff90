package dev.plumbline.agent.config;

import dev.plumbline.agent.config.SecuritySettings.OriginTls;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The servers behind the proxy.
 *
 * @param all by name; empty when the agent serves a model itself
 * @param healthPath asked of each; absent where only the traffic tells of their health
 * @param healthInterval between two questions to a healthy one
 */
public record Origins(List<Named> all, Optional<String> healthPath, Duration healthInterval) {
  /** What {@code origin.url} is called. */
  public static final String DEFAULT = "default";

  /** What a pattern ends with that stands for all names that begin like it. */
  private static final String STAR = "*";

  public Origins {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param name from the configuration, so it may be a label
   * @param settings where it is, and the waits and bounds that hold for all
   * @param models names it serves, those that end in a star for all that begin so; empty for the
   *     default, which takes what no other claims
   */
  public record Named(String name, AgentConfig.Origin settings, List<String> models) {
    public Named {
      models = List.copyOf(models);
    }

    /**
     * How closely a name is claimed: the characters of the closest pattern, more for an exact one;
     * −1 where none fits.
     */
    public int claims(String model) {
      return models.stream().mapToInt(pattern -> claim(pattern, model)).max().orElse(-1);
    }

    private static int claim(String pattern, String model) {
      if (!pattern.endsWith(STAR)) {
        return pattern.equals(model) ? Integer.MAX_VALUE : -1;
      }
      return model.startsWith(pattern.substring(0, pattern.length() - 1))
          ? pattern.length() - 1
          : -1;
    }

    /** Whether it takes requests that name no model. */
    public boolean isDefault() {
      return models.isEmpty();
    }

    /** Whether it takes any model. */
    public boolean takesAll() {
      return models.contains(STAR);
    }
  }

  /** Those that take what no other claims and what names no model: the default, or all of "*". */
  public List<Named> defaults() {
    List<Named> unclaimed = all.stream().filter(Named::isDefault).toList();
    return unclaimed.isEmpty() ? all.stream().filter(Named::takesAll).toList() : unclaimed;
  }

  /** The settings that stand for all where one is enough. */
  Optional<AgentConfig.Origin> first() {
    return defaults().stream().findFirst().map(Named::settings);
  }

  static Origins of(Values values) {
    List<Named> all = new ArrayList<>();
    values
        .find(Key.ORIGIN_URL, URI.class)
        .map(
            url -> {
              URI calls = values.find(Key.ORIGIN_GRPC_URL, URI.class).orElse(url);
              OriginTls tls = SecuritySettings.originTls(values);
              return new Named(DEFAULT, AgentConfig.origin(url, calls, values, tls), List.of());
            })
        .ifPresent(all::add);
    Map<String, URI> grpc = values.all(Family.ORIGIN_GRPC_URL, URI.class);
    Map<String, List<String>> models = models(values);
    values
        .all(Family.ORIGIN_URL, URI.class)
        .forEach(
            (name, url) ->
                all.add(
                    new Named(
                        name,
                        AgentConfig.origin(
                            url,
                            grpc.getOrDefault(name, url),
                            values,
                            SecuritySettings.originTls(values, name)),
                        models.getOrDefault(name, List.of()))));
    return new Origins(
        all,
        values.find(Key.ORIGIN_HEALTH_PATH, String.class),
        values.get(Key.ORIGIN_HEALTH_INTERVAL, Duration.class));
  }

  /** Patterns by origin. */
  static Map<String, List<String>> models(Values values) {
    Map<String, List<String>> models = new java.util.TreeMap<>();
    values
        .all(Family.ORIGIN_MODELS, List.class)
        .forEach(
            (name, list) ->
                models.put(name, ((List<?>) list).stream().map(String.class::cast).toList()));
    return models;
  }
}
