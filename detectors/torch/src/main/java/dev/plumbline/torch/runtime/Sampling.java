package dev.plumbline.torch.runtime;

/**
 * How a token is drawn.
 *
 * @param temperature 0 is greedy
 * @param topP nucleus mass in (0,1]; 1 keeps all
 * @param seed of the row's own random numbers: the same seed gives the same text, alone or in a
 *     batch, up to the rounding of the batch's matrix products
 */
public record Sampling(double temperature, double topP, long seed) {
  /** The most probable token each time. */
  public static final Sampling GREEDY = new Sampling(0, 1, 0);

  public Sampling {
    if (!(temperature >= 0 && temperature <= 100)) {
      throw new IllegalArgumentException(
          "temperature: wanted 0 to 100, found " + temperature + "; correct the request");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "top_p: wanted above 0 and at most 1, found " + topP + "; correct the request");
    }
  }
}
