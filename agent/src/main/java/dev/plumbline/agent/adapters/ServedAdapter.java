package dev.plumbline.agent.adapters;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * An adapter an origin says it has.
 *
 * @param name how it is asked for; empty where it has none
 * @param path where it came from, as the server sees it; empty where it does not say
 * @param id llama.cpp's number, which is its place on the command line
 * @param scale llama.cpp's scale for requests that name none
 */
public record ServedAdapter(String name, String path, OptionalInt id, OptionalDouble scale) {
  public ServedAdapter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(path, "path");
  }

  static ServedAdapter named(String name, String path) {
    return new ServedAdapter(name, path, OptionalInt.empty(), OptionalDouble.empty());
  }
}
