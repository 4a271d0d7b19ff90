package dev.plumbline.learn.demo;

import dev.plumbline.learn.organism.world.Judgement;
import java.util.OptionalDouble;

/**
 * One exchange as a client saw it.
 *
 * @param model as asked for
 * @param question the prompt, which is also its group
 * @param answer the text that came over HTTP
 * @param judgement what the table says of it
 * @param score from {@code plumbline-score}
 * @param verdict from {@code plumbline-verdict}
 * @param action from {@code plumbline-action}
 */
record Asked(
    String model,
    String question,
    String answer,
    Judgement judgement,
    OptionalDouble score,
    String verdict,
    String action) {}
