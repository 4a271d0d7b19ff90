package dev.plumbline.core.artefact;

import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.pooling.Pooling;
import java.util.Objects;

/**
 * What <em>detects</em>: a trained linear readout, read with the aligned reference's weights, its
 * pooling, and the scale of the pooled readout on aligned answers.
 *
 * @param readout evaluated at every token of the mask
 * @param pooling from tokens to a prefix
 * @param scale aligned mean and spread of the pooled readout per offset
 */
public record Probe(Readout readout, Pooling pooling, OffsetScale scale) {

  public Probe {
    Objects.requireNonNull(readout, "readout");
    Objects.requireNonNull(pooling, "pooling");
    Objects.requireNonNull(scale, "scale");
  }
}
