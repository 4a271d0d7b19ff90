package dev.plumbline.learn.finetune;

/**
 * A point of the curve: means over the steps since the last one.
 *
 * @param step steps done
 * @param loss on the domain, nats a predicted token
 * @param divergence KL(base ‖ finetune) on the out-of-domain texts, nats a token; 0 where none were
 * @param rate the last step's learning rate
 * @param gradient norm before clipping
 */
public record Logged(int step, double loss, double divergence, double rate, double gradient) {}
