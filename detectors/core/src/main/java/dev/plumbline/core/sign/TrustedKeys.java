package dev.plumbline.core.sign;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The public keys whose signatures count. Immutable, any thread. */
public final class TrustedKeys {
  /** Trusts nobody. */
  public static final TrustedKeys NONE = new TrustedKeys(Map.of());

  private final Map<String, PublicKey> keys;

  private TrustedKeys(Map<String, PublicKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  /**
   * The keys in these files, see {@link KeyFiles}.
   *
   * @throws IllegalArgumentException naming the file that holds no public key
   */
  public static TrustedKeys of(Collection<Path> files) {
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    for (Path file : files) {
      PublicKey key = KeyFiles.readPublic(file);
      keys.put(KeyFiles.id(key), key);
    }
    return new TrustedKeys(keys);
  }

  /** What they are called. */
  public Set<String> ids() {
    return keys.keySet();
  }

  /** Whether there is no key at all. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** What {@code signature} is worth as one of these keys' on {@code message}; read, not kept. */
  public Verification verify(Purpose purpose, byte[] message, Signature signature) {
    PublicKey key = keys.get(signature.keyId());
    if (key == null) {
      return Verification.UNKNOWN_KEY;
    }
    try {
      java.security.Signature verifier = java.security.Signature.getInstance(KeyFiles.ALGORITHM);
      verifier.initVerify(key);
      verifier.update(purpose.wrap(message));
      return verifier.verify(signature.value()) ? Verification.GOOD : Verification.BAD;
    } catch (GeneralSecurityException malformed) {
      return Verification.BAD;
    }
  }

  /** What a signature is worth. */
  public enum Verification {
    GOOD,
    /** The key is trusted, the bytes are not what it signed. */
    BAD,
    /** No trusted key has that id. */
    UNKNOWN_KEY
  }
}
