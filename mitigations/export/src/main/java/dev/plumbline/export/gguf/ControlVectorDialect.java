package dev.plumbline.export.gguf;

import dev.plumbline.core.Check;
import java.util.Arrays;

/** The two ways control vector files are written. */
public enum ControlVectorDialect {
  /** repeng and llama.cpp: N from 1 on, rows of any length: they are added as they are. */
  LLAMA_CPP("llama.cpp"),
  /**
   * EasySteer: N from 0 on, rows of length 1, with {@code controlvector.method} and more metadata,
   * each a float or a text. How far to steer is said when the vector is loaded.
   */
  EASYSTEER("easysteer");

  private final String wireName;

  ControlVectorDialect(String wireName) {
    this.wireName = wireName;
  }

  /** For commands. */
  public String wireName() {
    return wireName;
  }

  /** The dialect of that name. */
  public static ControlVectorDialect parse(String name) {
    return Arrays.stream(values())
        .filter(each -> each.wireName.equals(name))
        .findFirst()
        .orElseThrow(() -> Check.refusal("server", "llama.cpp or easysteer", name, "choose one"));
  }

  /** The smallest N a file may have. */
  int first() {
    return this == LLAMA_CPP ? 1 : 0;
  }

  @Override
  public String toString() {
    return wireName;
  }
}
