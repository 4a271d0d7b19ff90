package dev.plumbline.agent.scoring;

import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.wire.Route;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What is known of an exchange whose answer is still being read. Holds no text of it, and is no
 * verdict: that comes once, when the exchange is settled.
 *
 * @param id the client's or made
 * @param model served model name, empty when it is not known
 * @param route what was asked for
 * @param origin the configured name of the one that got it, empty for none
 * @param mode the mode that holds
 * @param stream answered as a stream
 * @param reading of what has been read, by the threshold for streams; a direction that reads the
 *     last prompt token has its score here before the answer has one
 * @param peakScore the highest score of a prefix so far
 * @param startedAt when the request came
 */
public record UnderWay(
    String id,
    String model,
    Route route,
    String origin,
    Mode mode,
    boolean stream,
    Reading reading,
    OptionalDouble peakScore,
    Instant startedAt) {}
