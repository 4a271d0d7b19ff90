package dev.plumbline.agent.origin;

import dev.plumbline.agent.metrics.Meters;
import java.time.Clock;

/** What every answer needs. */
public record AnswerSettings(Meters meters, Clock clock) {}
