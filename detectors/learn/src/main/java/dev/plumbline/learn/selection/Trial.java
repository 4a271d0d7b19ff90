package dev.plumbline.learn.selection;

/**
 * What one candidate direction did. Not checked: a NaN is a finding, and the rule discards it.
 *
 * @param candidate name of the tokens it was read at: {@code answer}, or {@code prompt-1} for the
 *     last prompt token
 * @param point tap point, in text form
 * @param layer the layer whose input it is at, for the rule's depth bound: l for {@code
 *     resid_pre.l}
 * @param bypass mean behaviour score where the behaviour shows, the direction taken out at every
 *     writer: lower is better
 * @param induce mean behaviour score where it does not show, the direction added at its tap point
 * @param kl mean KL(as it is ‖ ablated) at the last prompt token where the behaviour does not show,
 *     nats
 * @param heldOut within-prompt AUROC of its projection on held-out answers; NaN if not taken
 */
public record Trial(
    String candidate,
    String point,
    int layer,
    double bypass,
    double induce,
    double kl,
    double heldOut) {}
