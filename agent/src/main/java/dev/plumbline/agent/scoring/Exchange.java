package dev.plumbline.agent.scoring;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A settled exchange. Holds no text of it.
 *
 * @param id the client's or made
 * @param model served model name, empty when the request named none
 * @param route chat or raw completion
 * @param embedded answered here, rather than by an origin
 * @param origin the configured name of the one that got it, empty for none
 * @param mode the mode that held
 * @param stream answered as a stream
 * @param status HTTP status given to the client, 0 when it left before one
 * @param outcome how the HTTP side went
 * @param reading verdict and numbers
 * @param peakScore the highest score of a prefix, where prefixes were scored
 * @param action what was done
 * @param seam how it was taken up in its middle, where that was asked for
 * @param tokensTouched hidden states changed, counted where they were changed
 * @param meanRemoved mean |h·d| that was taken out of them, in residual units
 * @param promptTokens 0 when not known
 * @param completionTokens 0 when not known
 * @param startedAt when the request came
 * @param answerTime until the answer had gone out or failed
 * @param verdictTime until the verdict
 */
public record Exchange(
    String id,
    String model,
    Route route,
    boolean embedded,
    String origin,
    Mode mode,
    boolean stream,
    int status,
    Outcome outcome,
    Reading reading,
    OptionalDouble peakScore,
    Action action,
    Optional<TakenUp> seam,
    long tokensTouched,
    double meanRemoved,
    int promptTokens,
    int completionTokens,
    Instant startedAt,
    Duration answerTime,
    Duration verdictTime) {}
