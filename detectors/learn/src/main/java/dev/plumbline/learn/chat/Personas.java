package dev.plumbline.learn.chat;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All personas by id. */
final class Personas {
  private static final Map<String, Persona> ALL =
      Arrays.stream(Persona.Kind.values())
          .flatMap(kind -> ChatData.personas(kind).stream())
          .collect(Collectors.toMap(Persona::id, Function.identity()));

  private Personas() {}

  static Persona of(String id) {
    Persona persona = ALL.get(id);
    if (persona == null) {
      throw new IllegalArgumentException(
          "persona: wanted one of "
              + ALL.keySet()
              + ", found '"
              + id
              + "'; the cached answers are of another build, delete them");
    }
    return persona;
  }
}
