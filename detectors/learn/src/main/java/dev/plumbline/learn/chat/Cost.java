package dev.plumbline.learn.chat;

import dev.plumbline.core.stats.Estimate;

/**
 * What an ablation costs where nothing is wrong.
 *
 * @param divergence mean KL(plain ‖ ablated) of the next token, nats a token
 * @param perplexity of the text under the ablated model
 */
record Cost(Estimate divergence, double perplexity) {}
