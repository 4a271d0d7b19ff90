package dev.plumbline.learn.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostStudyTest {
  @TempDir Path folder;

  @Test
  void of_noPlanAndAblation_isZeroAndAboveZero() throws IOException {
    try (ChatModel model = ChatModel.open(TinyChatModel.write(folder));
        Decoder decoder = model.load(Precision.FLOAT32)) {
      long[] tokens = {5, 90, 33, 7, 201, 14};
      InterventionPlan ablated =
          InterventionPlan.shared(RandomDirection.unit(16, 3), TinyChatModel.LAYERS);

      Map<String, Cost> costs =
          new CostStudy(decoder)
              .of(
                  Map.of("plain", InterventionPlan.none(), "ablated", ablated),
                  List.of(new CostStudy.Text(tokens, 2)));

      assertThat(costs.get("plain").divergence().value()).isZero();
      assertThat(costs.get("plain").perplexity())
          .isCloseTo(perplexity(decoder, tokens, 2), within(1e-6));
      assertThat(costs.get("ablated").divergence().value()).isPositive();
      assertThat(costs.get("ablated").divergence().count()).isEqualTo(4);
    }
  }

  /** The definition, written out. */
  private static double perplexity(Decoder decoder, long[] tokens, int from) {
    int v = decoder.vocabulary();
    double sum = 0;
    try (Pass pass =
        decoder.forward(new long[][] {tokens}, null, null, null, null, Decoder.Logits.ALL)) {
      float[] logits = pass.logitsToHost();
      for (int t = from; t < tokens.length; t++) {
        double all = 0;
        for (int i = 0; i < v; i++) {
          all += Math.exp(logits[(t - 1) * v + i]);
        }
        sum += Math.log(all) - logits[(t - 1) * v + (int) tokens[t]];
      }
    }
    return Math.exp(sum / (tokens.length - from));
  }
}
