package dev.plumbline.export.base;

import dev.plumbline.core.Check;

/**
 * What an export must know of a base model.
 *
 * @param modelType Hugging Face's {@code model_type}
 * @param layers L
 * @param hidden D
 * @param vocabulary V
 * @param tied whether the head is the embedding
 */
public record BaseShape(String modelType, int layers, int hidden, int vocabulary, boolean tied) {
  public BaseShape {
    Check.text(modelType, "model type");
    requireOne(layers, "layers");
    requireOne(hidden, "width");
    requireOne(vocabulary, "vocabulary");
  }

  private static void requireOne(int value, String what) {
    Check.that(value > 0, "base model, " + what, "1 or more", value, "read it from the model");
  }
}
