package dev.plumbline.mitigations.trigger;

import java.time.Instant;

/** A change of state. */
public record Transition(TriggerState from, TriggerState to, Reason reason, Instant at) {}
