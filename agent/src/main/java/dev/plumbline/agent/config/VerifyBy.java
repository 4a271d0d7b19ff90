package dev.plumbline.agent.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** By what an ablated variant is measured. */
public enum VerifyBy {
  /** By the served states where the origin hands them over, else by the reader. */
  AUTO,
  /** By the projection of the states that serve. */
  STATES,
  /** By what the reader finds in the texts of the answers. */
  READER;

  static Optional<VerifyBy> find(String word) {
    return Arrays.stream(values()).filter(by -> by.toString().equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(VerifyBy::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
