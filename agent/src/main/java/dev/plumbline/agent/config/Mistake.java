package dev.plumbline.agent.config;

/**
 * One thing wrong with the configuration.
 *
 * @param key the setting
 * @param source where it was read: a file, {@code environment}, {@code flags} or {@code default}
 * @param found the value, without secrets
 * @param wanted what to write instead
 */
public record Mistake(String key, String source, String found, String wanted) {
  @Override
  public String toString() {
    return key + " (" + source + "): wanted " + wanted + ", found " + found;
  }
}
