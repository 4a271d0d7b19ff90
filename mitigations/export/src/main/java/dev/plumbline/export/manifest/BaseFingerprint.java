package dev.plumbline.export.manifest;

import dev.plumbline.export.base.Base;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * A digest of a base the runtime cannot open (a mixture of experts), for the manifest: over name,
 * type, shape and the first values of every tensor. Artefacts cannot pin it.
 */
public final class BaseFingerprint {
  private static final int SAMPLE = 1024;

  private BaseFingerprint() {}

  /** {@code sha256-tensors:…}; reads at most 1,024 values a tensor. */
  public static String of(Base base) {
    MessageDigest sha = FileDigests.sha();
    float[] values = new float[SAMPLE];
    for (String name : base.names().stream().sorted().toList()) {
      List<Long> shape = base.shape(name);
      text(sha, name + " " + base.type(name) + " " + shape);
      long elements = shape.stream().reduce(1L, Math::multiplyExact);
      int count = base.type(name).isInteger() ? 0 : (int) Math.min(SAMPLE, elements);
      base.read(name, 0, values, count);
      for (int i = 0; i < count; i++) {
        text(sha, Integer.toHexString(Float.floatToIntBits(values[i])));
      }
    }
    return FileDigests.text(sha).replace("sha256:", "sha256-tensors:");
  }

  private static void text(MessageDigest sha, String text) {
    sha.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
