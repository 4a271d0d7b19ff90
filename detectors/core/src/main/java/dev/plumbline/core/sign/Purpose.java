package dev.plumbline.core.sign;

import java.nio.charset.StandardCharsets;

/**
 * What a signature is for. It is part of what is signed, so that a signature given for one purpose
 * is worth nothing for another.
 */
public enum Purpose {
  ARTEFACT("plumbline-artefact-v1"),
  FLEET_COMMAND("plumbline-fleet-command-v1");

  private final byte[] prefix;

  Purpose(String name) {
    this.prefix = (name + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** {@code message} behind this purpose's name and a zero byte; a new array. */
  byte[] wrap(byte[] message) {
    byte[] all = new byte[prefix.length + message.length];
    System.arraycopy(prefix, 0, all, 0, prefix.length);
    System.arraycopy(message, 0, all, prefix.length, message.length);
    return all;
  }
}
