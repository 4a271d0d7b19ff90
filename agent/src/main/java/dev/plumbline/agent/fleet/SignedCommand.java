package dev.plumbline.agent.fleet;

import dev.plumbline.core.sign.Purpose;
import dev.plumbline.core.sign.Signature;
import dev.plumbline.core.sign.SigningKey;
import dev.plumbline.core.sign.TrustedKeys;
import java.util.Arrays;
import java.util.Optional;

/** The bytes of a command and who is said to have signed them. Not trusted by being one. */
public final class SignedCommand {
  private final byte[] message;
  private final Optional<Signature> signature;

  /**
   * @param message copied
   * @param signature empty where there is none that can be read
   */
  public SignedCommand(byte[] message, Optional<Signature> signature) {
    this.message = message.clone();
    this.signature = signature;
  }

  /** Signs a command. */
  public static SignedCommand of(FleetCommand command, SigningKey key) {
    byte[] message = command.encode();
    return new SignedCommand(message, Optional.of(key.sign(Purpose.FLEET_COMMAND, message)));
  }

  /** As it came over a wire; a signature that cannot be read is none. */
  public static SignedCommand received(byte[] message, String signature) {
    try {
      return new SignedCommand(message, Optional.of(Signature.parse(signature)));
    } catch (IllegalArgumentException unreadable) {
      return new SignedCommand(message, Optional.empty());
    }
  }

  /** The bytes that are signed, a copy. */
  public byte[] message() {
    return message.clone();
  }

  /** Empty where there is none. */
  public String signatureText() {
    return signature.map(Signature::text).orElse("");
  }

  /** Who is said to have signed it; empty for nobody. */
  String keyId() {
    return signature.map(Signature::keyId).orElse("");
  }

  /**
   * The command, once its signature is good; nothing of an unsigned one is parsed.
   *
   * @throws WireRefusal with the reason
   */
  FleetCommand verified(TrustedKeys keys) {
    if (signature.isEmpty()) {
      throw new WireRefusal(Refusal.UNSIGNED);
    }
    if (message.length > FleetCommand.MOST_BYTES) {
      throw new WireRefusal(Refusal.GARBAGE);
    }
    switch (keys.verify(Purpose.FLEET_COMMAND, message, signature.get())) {
      case UNKNOWN_KEY -> throw new WireRefusal(Refusal.UNKNOWN_KEY);
      case BAD -> throw new WireRefusal(Refusal.BAD_SIGNATURE);
      default -> {
        return FleetCommand.decode(message);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedCommand that
        && Arrays.equals(message, that.message)
        && signature.equals(that.signature);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(message) + signature.hashCode();
  }
}
