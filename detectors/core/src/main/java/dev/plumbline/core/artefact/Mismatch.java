package dev.plumbline.core.artefact;

/**
 * One thing in which a model is not the artefact's.
 *
 * @param what such as {@code layers}
 * @param wanted the artefact's
 * @param found the model's
 */
public record Mismatch(String what, String wanted, String found) {

  @Override
  public String toString() {
    return what + ": wanted " + wanted + ", found " + found;
  }
}
