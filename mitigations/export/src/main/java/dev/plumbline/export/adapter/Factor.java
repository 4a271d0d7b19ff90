package dev.plumbline.export.adapter;

import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.function.Supplier;

/**
 * One module's pair of rank-1 factors, computed when asked for.
 *
 * @param module such as {@code model.layers.3.self_attn.o_proj}
 * @param point where what it does shows
 * @param embedding whether it is the token embedding, whose pair has other names
 * @param in elements of A
 * @param out elements of B
 */
record Factor(
    String module,
    TapPoint point,
    boolean embedding,
    int in,
    int out,
    Supplier<float[]> a,
    Supplier<float[]> b) {

  /** PEFT's name of A. */
  String nameOfA() {
    return "base_model.model." + module + (embedding ? ".lora_embedding_A" : ".lora_A.weight");
  }

  /** PEFT's name of B. */
  String nameOfB() {
    return "base_model.model." + module + (embedding ? ".lora_embedding_B" : ".lora_B.weight");
  }

  /** The module's last name, as {@code target_modules} has it. */
  String target() {
    return module.substring(module.lastIndexOf('.') + 1);
  }

  List<Long> shapeOfA() {
    return List.of(1L, (long) in);
  }

  List<Long> shapeOfB() {
    return List.of((long) out, 1L);
  }
}
