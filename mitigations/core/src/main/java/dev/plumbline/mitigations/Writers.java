package dev.plumbline.mitigations;

import dev.plumbline.core.Check;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tap points right after each residual writer: the embedding, every attention, every
 * feed-forward.
 */
public final class Writers {

  private Writers() {}

  /** {@code embed, resid_mid.0, resid_post.0, …, resid_post.(L-1)}: 1 + 2L tap points. */
  public static List<TapPoint> of(int layers) {
    Check.that(layers > 0, "layers", "1 or more", layers, "give the model's L");
    return Stream.concat(
            Stream.of(TapPoint.EMBED),
            IntStream.range(0, layers)
                .boxed()
                .flatMap(l -> Stream.of(TapPoint.residMid(l), TapPoint.residPost(l))))
        .toList();
  }
}
