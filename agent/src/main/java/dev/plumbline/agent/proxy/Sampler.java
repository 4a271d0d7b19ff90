package dev.plumbline.agent.proxy;

import java.security.SecureRandom;
import java.util.Map;

/**
 * Which observed exchanges are scored, where not all are. An exchange's id decides, mixed with a
 * salt: a client may choose its id, and must not be able to choose one that is left out.
 *
 * @param share of a model that has none of its own, from 0 to 1
 * @param perModel by served model name
 * @param salt of this agent, secret
 */
record Sampler(double share, Map<String, Double> perModel, long salt) {
  private static final double RANGE = 1L << 53;

  Sampler {
    perModel = Map.copyOf(perModel);
  }

  /** A salt, which outlives changes of the share. */
  static long freshSalt() {
    return new SecureRandom().nextLong();
  }

  /** Whether this exchange is one of the share. */
  boolean takes(String id, String model) {
    double wanted = perModel.isEmpty() ? share : perModel.getOrDefault(model, share);
    return wanted >= 1 || (mixed(id) >>> 11) / RANGE < wanted;
  }

  /**
   * The same where the model is not known: the largest share there is, so nobody may hide its name.
   */
  boolean takesUnnamed(String id) {
    double most = perModel.values().stream().reduce(share, Math::max);
    return most >= 1 || (mixed(id) >>> 11) / RANGE < most;
  }

  /** FNV-1a over the characters, then MurmurHash3's 64-bit finaliser: short ids spread evenly. */
  private long mixed(String id) {
    long hash = 0xcbf29ce484222325L ^ salt;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
