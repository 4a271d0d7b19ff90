package dev.plumbline.learn.finetune;

import java.util.Arrays;
import java.util.Locale;

/** What a finetune may change. */
public enum Kind {
  /** Low-rank adapters on some modules of some layers (Hu et al. 2021). */
  LORA,
  /** One rank-1 adapter, on one module of one layer. */
  RANK1,
  /** One vector, times alpha, added to what the MLP of one layer writes. */
  STEERING_VECTOR;

  /** As options and files spell it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Kind parse(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.wireName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "kind: wanted lora, rank1 or steering-vector, found '"
                        + name
                        + "'; correct the option"));
  }
}
