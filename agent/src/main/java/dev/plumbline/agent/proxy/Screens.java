package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.metrics.Meters;
import java.util.function.UnaryOperator;

/**
 * What the answers share that wait for a verdict before they go out.
 *
 * @param settings in force
 * @param variants who answers without the direction
 * @param asks asks them; of this event loop
 * @param label a model's label, of few values
 */
record Screens(
    AgentConfig.Screening settings,
    AblatedVariants variants,
    VariantAsks asks,
    Meters meters,
    UnaryOperator<String> label) {}
