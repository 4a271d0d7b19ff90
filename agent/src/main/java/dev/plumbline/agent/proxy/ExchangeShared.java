package dev.plumbline.agent.proxy;

import dev.plumbline.agent.ablation.AblatedVariants;
import dev.plumbline.agent.enforce.ModePolicy;
import dev.plumbline.agent.enforce.trigger.Triggers;
import dev.plumbline.agent.scoring.ScoringDesk;
import dev.plumbline.agent.tap.Tap;
import dev.plumbline.agent.tap.states.StatesByOrigin;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all exchanges of a proxy share; {@code tap} is empty while it loads or when it is off. */
record ExchangeShared(
    ModePolicy modes,
    ScoringDesk desk,
    Supplier<Optional<Tap>> tap,
    Supplier<Optional<StatesByOrigin>> states,
    UnscoredReason withoutTap,
    int observedBytes,
    Duration annotateDeadline,
    FailPolicy fails,
    Sampler sampler,
    AblatedVariants ablated,
    Consumer<String> variantMissing,
    Triggers triggers,
    Screens screens) {}
