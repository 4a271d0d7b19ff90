package dev.plumbline.agent.proxy;

import dev.plumbline.agent.wire.Route;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Says once, by name and never by value, which fields of the traffic a verdict does not take in.
 * Names come from bodies that anybody can send: they are cut, cleaned and bounded in number.
 * Thread-safe.
 */
final class UnreadLog {
  private static final int MAX_NAME = 60;

  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final int bound;
  private final Consumer<String> log;

  /**
   * @param bound the most names said before it falls silent
   */
  UnreadLog(int bound, Consumer<String> log) {
    this.bound = bound;
    this.log = log;
  }

  void ofRequests(Route route, Collection<String> names) {
    names.forEach(name -> say(name, "requests to " + route.path()));
  }

  void ofAnswers(Route route, Collection<String> names) {
    names.forEach(name -> say(name, "answers of " + route.path()));
  }

  private void say(String name, String where) {
    String what = clean(name) + " in " + where;
    if (said.size() >= bound || !said.add(what)) {
      return;
    }
    log.accept(
        "wanted only fields that scoring reads, found "
            + what
            + "; verdicts are given without it. Said once"
            + (said.size() >= bound ? ", and no more fields will be named." : "."));
  }

  private static String clean(String name) {
    String cut = name.length() > MAX_NAME ? name.substring(0, MAX_NAME) : name;
    return cut.replaceAll("[^A-Za-z0-9_.\\[\\]-]", "?");
  }
}
