package dev.plumbline.agent.fleet;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Whether something is met for the first time, as far as is remembered. Not thread-safe. */
final class Once {
  private static final int MOST = 4096;

  private final Set<Object> met =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
              return size() > MOST;
            }
          });

  boolean first(Object thing) {
    return met.add(thing);
  }
}
