package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;

/**
 * The model an artefact was learned on, or one it is held against.
 *
 * @param id name, such as {@code HuggingFaceTB/SmolLM2-135M-Instruct}; a label, not compared
 * @param revision commit or version; a label, not compared
 * @param architecture the configuration's {@code model_type}
 * @param layers L
 * @param hidden D
 * @param vocabulary V
 * @param tokenizerHash digest of the tokenizer
 * @param templateHash digest of the chat template
 * @param weightFingerprint digest of the weights
 */
public record ModelPin(
    String id,
    String revision,
    String architecture,
    int layers,
    int hidden,
    int vocabulary,
    String tokenizerHash,
    String templateHash,
    String weightFingerprint) {

  public ModelPin {
    Check.text(id, "model id");
    Check.text(revision, "model revision");
    Check.text(architecture, "model architecture");
    requireOne(layers, "layers");
    requireOne(hidden, "hidden");
    requireOne(vocabulary, "vocabulary");
    Check.text(tokenizerHash, "tokenizer hash");
    Check.text(templateHash, "template hash");
    Check.text(weightFingerprint, "weight fingerprint");
  }

  private static void requireOne(int value, String where) {
    Check.that(value > 0, "model " + where, "1 or more", value, "read it from the model");
  }
}
