package dev.plumbline.core.sign;

import dev.plumbline.core.Check;
import java.util.Arrays;
import java.util.Base64;

/**
 * An Ed25519 signature (RFC 8032) and who made it.
 *
 * <p>The text form is {@code KEYID:BASE64}, fit for a header or a JSON value.
 */
public final class Signature {
  /** Bytes of an Ed25519 signature. */
  static final int LENGTH = 64;

  private static final int TEXT_LIMIT = 256;

  private final String keyId;
  private final byte[] value;

  /**
   * @param keyId the signing key, see {@link KeyFiles#id}
   * @param value 64 bytes, copied
   */
  Signature(String keyId, byte[] value) {
    this.keyId = Check.text(keyId, "signature key id");
    Check.size(LENGTH, value.length, "signature");
    this.value = value.clone();
  }

  /**
   * Reads {@link #text()}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static Signature parse(String text) {
    int colon = text == null || text.length() > TEXT_LIMIT ? -1 : text.indexOf(':');
    Check.that(colon > 0, "signature", "KEYID:BASE64", shown(text), "sign it anew");
    try {
      return new Signature(
          text.substring(0, colon), Base64.getDecoder().decode(text.substring(colon + 1)));
    } catch (IllegalArgumentException notBase64) {
      throw Check.refusal("signature", "64 bytes in base64", shown(text), "sign it anew");
    }
  }

  private static String shown(String text) {
    return text == null ? "none" : text.length() + " characters";
  }

  /** The signing key. */
  public String keyId() {
    return keyId;
  }

  /** 64 bytes, a copy. */
  byte[] value() {
    return value.clone();
  }

  /** The form {@link #parse} reads. */
  public String text() {
    return keyId + ":" + Base64.getEncoder().encodeToString(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature that
        && keyId.equals(that.keyId)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * keyId.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return text();
  }
}
