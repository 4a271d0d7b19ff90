package dev.plumbline.agent.scoring;

import dev.plumbline.agent.tap.TokenScores;

/**
 * The tokens of one exchange.
 *
 * @param id of the exchange
 * @param tokens of its answer that were read
 */
public record TokensOf(String id, TokenScores tokens) {}
