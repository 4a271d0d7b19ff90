package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digests what makes a decoder compute what it computes, in an order that does not depend on how
 * its files are laid out.
 */
final class Fingerprint {
  private static final int CHUNK = 16 << 20;
  private static final int SAMPLE = 4096;
  private static final int SAMPLES = 16;

  private final ModelConfig config;
  private final TensorSource tensors;
  private final Checkpoint.Names names;
  private final MessageDigest sha;

  Fingerprint(ModelConfig config, TensorSource tensors, Checkpoint.Names names) {
    this.config = config;
    this.tensors = tensors;
    this.names = names;
    try {
      this.sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  String full() {
    return digest(false);
  }

  String sampled() {
    return digest(true);
  }

  private String digest(boolean sampled) {
    text(config.toString());
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        TensorInfo info = tensors.info(names.name(weight, layer));
        text(weight.at(layer) + " " + info.type() + " " + info.shapeText());
        bytes(info, sampled && info.bytes() > SAMPLES * SAMPLE);
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private void text(String text) {
    sha.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(TensorInfo info, boolean sampled) {
    int length = sampled ? SAMPLE : CHUNK;
    long last = info.bytes() - SAMPLE;
    long step = sampled ? Math.max(SAMPLE, last / (SAMPLES - 1)) : CHUNK;
    for (long from = 0; from < info.bytes(); from += step) {
      sha.update(tensors.raw(info.name(), from, (int) Math.min(length, info.bytes() - from)));
    }
  }
}
