package dev.plumbline.core.sign;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Objects;

/** A private Ed25519 key and its id. Any thread; never printed. */
public final class SigningKey {
  private final String id;
  private final PrivateKey key;

  SigningKey(String id, PrivateKey key) {
    this.id = Objects.requireNonNull(id, "id");
    this.key = Objects.requireNonNull(key, "key");
  }

  /** The id of the public half. */
  public String id() {
    return id;
  }

  /**
   * Signs {@code message} for this purpose only.
   *
   * @param message read, not kept
   */
  public Signature sign(Purpose purpose, byte[] message) {
    try {
      java.security.Signature signer = java.security.Signature.getInstance(KeyFiles.ALGORITHM);
      signer.initSign(key);
      signer.update(purpose.wrap(message));
      return new Signature(id, signer.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Ed25519 is part of every JDK since 15", impossible);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[" + id + "]";
  }
}
