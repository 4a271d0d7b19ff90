package dev.plumbline.core.artefact;

import dev.plumbline.core.Check;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where an artefact comes from: enough to learn it again. Maps are copied.
 *
 * @param estimator how the directions were found, such as {@code mean_difference_finetune_base}
 * @param seed of every random choice
 * @param dtype the activations were computed in: {@code float32}, {@code bfloat16}, {@code float16}
 * @param groupingKey what was never split between folds, such as {@code prompt}
 * @param dataDigests digest of each data set, by name
 * @param counts how much of what, by name, such as {@code answers_aligned}
 */
public record Provenance(
    String estimator,
    long seed,
    String dtype,
    String groupingKey,
    Map<String, String> dataDigests,
    Map<String, Long> counts) {

  public Provenance {
    Check.text(estimator, "estimator");
    Check.that(
        dtype.equals("float32") || dtype.equals("bfloat16") || dtype.equals("float16"),
        "dtype",
        "float32, bfloat16 or float16",
        "'" + dtype + "'",
        "name the type the forward pass ran in");
    Check.text(groupingKey, "grouping key");
    dataDigests = Collections.unmodifiableMap(new TreeMap<>(dataDigests));
    counts = Collections.unmodifiableMap(new TreeMap<>(counts));
  }
}
