package dev.plumbline.learn.ability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.core.direction.Direction;
import dev.plumbline.core.direction.RandomDirection;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.learn.direction.TinyModel;
import dev.plumbline.mitigations.DirectionalAblation;
import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.mitigations.TokenRange;
import dev.plumbline.torch.runtime.Decoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikelihoodsTest {
  private static final Condition BARE = Condition.bare("bare");

  @TempDir Path temp;

  private static List<Continuation> texts(int count) {
    Random random = new Random(3);
    List<Continuation> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long[] tokens = random.longs(2 + random.nextInt(30), 2, TinyModel.WORDS).toArray();
      texts.add(new Continuation(tokens, 1 + random.nextInt(tokens.length - 1)));
    }
    return texts;
  }

  @Test
  void of_texts_isTheSumOfTheirLogProbabilities_howeverTheyAreBatched() throws IOException {
    try (Decoder decoder = TinyModel.decoder(TinyModel.write(temp.resolve("m"), 5))) {
      List<Continuation> texts = texts(300);
      double[] together = new Likelihoods(decoder).of(texts, BARE);
      for (int i = 0; i < texts.size(); i += 7) {
        assertThat(together[i]).isCloseTo(reference(decoder, texts.get(i)), within(1e-4));
        assertThat(new Likelihoods(decoder).of(List.of(texts.get(i)), BARE)[0])
            .isCloseTo(together[i], within(1e-4));
      }
    }
  }

  private static double reference(Decoder decoder, Continuation text) {
    long[] index = new long[text.length()];
    for (int i = 0; i < index.length; i++) {
      index[i] = text.start() + i - 1;
    }
    float[] all = decoder.logProbabilities(new long[][] {text.tokens()}, index);
    double sum = 0;
    for (int i = 0; i < index.length; i++) {
      sum += all[i * decoder.vocabulary() + (int) text.tokens()[text.start() + i]];
    }
    return sum;
  }

  @Test
  void of_conditions_areApplied() throws IOException {
    Path model = TinyModel.write(temp.resolve("m"), 5);
    try (Decoder decoder = TinyModel.decoder(model)) {
      Direction direction = RandomDirection.unit(TinyModel.HIDDEN, 2);
      TinyModel.wear(model, decoder, "bad", TinyModel.adapter(0, direction, 3, 5));
      InterventionPlan plan =
          new InterventionPlan(
              Map.of(TapPoint.residPost(0), DirectionalAblation.plain(direction)), TokenRange.ALL);
      List<Continuation> texts = texts(4);
      double[] bare = new Likelihoods(decoder).of(texts, BARE);
      double[] worn =
          new Likelihoods(decoder)
              .of(texts, new Condition("bad", Optional.of("bad"), InterventionPlan.none()));
      double[] ablated =
          new Likelihoods(decoder).of(texts, new Condition("x", Optional.empty(), plan));

      assertThat(worn[1]).isNotCloseTo(bare[1], within(1e-3));
      assertThat(ablated[1]).isNotCloseTo(bare[1], within(1e-3));
      assertThat(new Likelihoods(decoder).of(texts, BARE)).isEqualTo(bare);
    }
  }

  @Test
  void of_textTooLong_isRefused() throws IOException {
    try (Decoder decoder = TinyModel.decoder(TinyModel.write(temp.resolve("m"), 5))) {
      Continuation text = new Continuation(new long[200], 1);
      assertThatThrownBy(() -> new Likelihoods(decoder).of(List.of(text), BARE))
          .hasMessageContaining("at most 128 tokens, found 200");
    }
  }
}
