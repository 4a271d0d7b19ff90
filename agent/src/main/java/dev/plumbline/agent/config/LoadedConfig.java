package dev.plumbline.agent.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Checked settings, each with its value as it was written and where that was. Immutable. */
public final class LoadedConfig {
  private static final String DEFAULT = "default";

  private final AgentConfig config;
  private final Values values;
  private final Map<String, Setting> written;

  private LoadedConfig(Values values, Map<String, Setting> written) {
    this.config = AgentConfig.of(values);
    this.values = values;
    this.written = Map.copyOf(written);
  }

  /**
   * A setting that holds.
   *
   * @param key its name
   * @param value as it was written, without secrets
   * @param source a file, {@code environment}, {@code flags} or {@code default}
   * @param change what a new value needs
   */
  public record Effective(String key, String value, String source, Change change) {}

  /**
   * A setting with another value than before.
   *
   * @param key its name
   * @param from the old value, without secrets; empty for none
   * @param to the new one
   */
  public record Changed(String key, String from, String to) {}

  /**
   * What a reload comes to.
   *
   * @param next what holds after it
   * @param applied what is new in it
   * @param pending what was asked for and needs a restart
   * @param unchanged names of the settings that are what they were
   */
  public record Step(
      LoadedConfig next, List<Changed> applied, List<Changed> pending, List<String> unchanged) {
    public Step {
      applied = List.copyOf(applied);
      pending = List.copyOf(pending);
      unchanged = List.copyOf(unchanged);
    }
  }

  static LoadedConfig checked(
      Values values, Map<String, Setting> settings, List<Mistake> mistakes) {
    List<Mistake> all = new ArrayList<>(mistakes);
    all.addAll(CrossChecks.of(values));
    if (!all.isEmpty()) {
      throw new ConfigException(all);
    }
    return new LoadedConfig(values, settings);
  }

  public AgentConfig config() {
    return config;
  }

  /** Every setting that has a value, by name. */
  public List<Effective> effective() {
    return values.byName().keySet().stream()
        .map(key -> new Effective(key, shown(key), source(key), Values.changeOf(key)))
        .toList();
  }

  /**
   * From these to the settings read: those that may change live do, the others stay.
   *
   * @throws ConfigException when what stays and what is new do not go together
   */
  public Step towards(LoadedConfig read) {
    Map<String, Object> now = values.byName();
    Map<String, Object> then = read.values.byName();
    List<Changed> applied = new ArrayList<>();
    List<Changed> pending = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(now.keySet());
    keys.addAll(then.keySet());
    for (String key : keys) {
      if (Objects.equals(now.get(key), then.get(key))) {
        unchanged.add(key);
      } else {
        boolean live = Values.changeOf(key) == Change.LIVE;
        (live ? applied : pending).add(new Changed(key, shown(key), read.shown(key)));
      }
    }
    return new Step(withLive(read), applied, pending, unchanged);
  }

  private LoadedConfig withLive(LoadedConfig read) {
    Map<String, Setting> merged = new HashMap<>();
    written.forEach((key, setting) -> takeIf(Change.RESTART, key, setting, merged));
    read.written.forEach((key, setting) -> takeIf(Change.LIVE, key, setting, merged));
    return checked(values.withLive(read.values), merged, List.of());
  }

  private static void takeIf(
      Change change, String key, Setting setting, Map<String, Setting> into) {
    if (Values.changeOf(key) == change) {
      into.put(key, setting);
    }
  }

  private String shown(String key) {
    if (written.containsKey(key)) {
      return written.get(key).bare();
    }
    return Key.find(key).flatMap(Key::fallback).orElse("");
  }

  private String source(String key) {
    return written.containsKey(key) ? written.get(key).source() : DEFAULT;
  }
}
