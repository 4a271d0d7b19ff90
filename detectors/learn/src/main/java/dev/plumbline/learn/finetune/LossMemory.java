package dev.plumbline.learn.finetune;

/**
 * What the guards and the curve remember between steps.
 *
 * @param mean running mean of the loss
 * @param seen steps in it
 * @param low logged points on end below the early-stop loss
 * @param pending steps since the last logged point
 * @param loss their losses' sum
 * @param divergence their divergences' sum
 */
public record LossMemory(
    double mean, int seen, int low, int pending, double loss, double divergence) {
  static final LossMemory NEW = new LossMemory(0, 0, 0, 0, 0, 0);
}
