package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.artefact.Sigmoid;
import dev.plumbline.core.direction.Readout;
import dev.plumbline.core.residual.TapPoint;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.SmolModel;
import dev.plumbline.torch.runtime.TinyModel;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.StreamEncoder;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On a real model, scores read along a stream are those of one pass over the whole text. */
class SmolFollowerTest {
  /** What the project promises. */
  private static final double BOUND = 1e-4;

  private static final List<String> QUESTIONS =
      List.of("How do I keep bread fresh?", "Is it safe to swim after lunch?", "Hi");
  private static final List<String> ANSWERS =
      List.of(
          "Keep it in a paper bag at 18 °C; don't refrigerate it.\n\n1. Slice late.\n2. Freeze the rest.",
          "Yes. <|im_end|> is no end here, naïve café 日本語 😀 and  two   spaces\tcount as well.",
          "Hello! How can I help you today?");

  @Test
  void follow_randomChunksOfText_scoresEqualOnePass() {
    Random random = new Random(7);
    try (Checkpoint checkpoint = Checkpoint.open(SmolModel.path());
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      ChatEncoder chat = new ChatEncoder(tokenizer, checkpoint.chatTemplate().orElseThrow());
      Decoder decoder = SmolModel.decoder(Precision.FLOAT32);
      try (Engine engine = new Engine(decoder, readouts(decoder), Engine.Limits.standard())) {
        double worst = 0;
        for (int round = 0; round < 2; round++) {
          List<Follower> followers = new ArrayList<>();
          List<long[]> prompts = new ArrayList<>();
          for (String question : QUESTIONS) {
            prompts.add(chat.prompt(List.of(ChatMessage.user(question))));
            followers.add(engine.follow(prompts.get(prompts.size() - 1)));
          }
          feed(followers, tokenizer, random);
          for (int i = 0; i < followers.size(); i++) {
            double[][] found = followers.get(i).end().join();
            double[][] wanted =
                once(engine, prompts.get(i), tokenizer.encode(ANSWERS.get(i), false));
            worst = Math.max(worst, distance(found, wanted));
          }
        }
        assertThat(worst).isLessThan(BOUND);
        // A control: the same answer behind another prompt scores otherwise.
        long[] answer = tokenizer.encode(ANSWERS.get(0), false);
        long[] other = chat.prompt(List.of(ChatMessage.user(QUESTIONS.get(1))));
        long[] right = chat.prompt(List.of(ChatMessage.user(QUESTIONS.get(0))));
        assertThat(distance(once(engine, other, answer), once(engine, right, answer)))
            .isGreaterThan(100 * BOUND);
        // The second round's prompts were read in the first.
        assertThat(engine.cacheUse().hits()).isGreaterThanOrEqualTo(QUESTIONS.size());
      }
    }
  }

  private static void feed(List<Follower> followers, TextTokenizer tokenizer, Random random) {
    StreamEncoder[] encoders = new StreamEncoder[followers.size()];
    Arrays.setAll(encoders, i -> tokenizer.streamEncoder());
    int[] at = new int[encoders.length];
    for (int open = encoders.length; open > 0; ) {
      int i = random.nextInt(encoders.length);
      String text = ANSWERS.get(i);
      if (at[i] > text.length()) {
        continue;
      }
      int end = Math.min(text.length(), at[i] + 1 + random.nextInt(24));
      long[] ids = encoders[i].next(text.substring(at[i], end));
      assertThat(ids.length == 0 || followers.get(i).feed(ids)).isTrue();
      at[i] = end;
      if (end == text.length()) {
        followers.get(i).feed(encoders[i].finish());
        at[i]++;
        open--;
      }
    }
  }

  private static double[][] once(Engine engine, long[] prompt, long[] answer) {
    long[] all = Arrays.copyOf(prompt, prompt.length + answer.length);
    System.arraycopy(answer, 0, all, prompt.length, answer.length);
    return engine.read(all, prompt.length, Optional.empty()).join();
  }

  /** The largest difference of two score paths, at any prefix and readout. */
  private static double distance(double[][] found, double[][] wanted) {
    assertThat(found).hasSameDimensionsAs(wanted);
    double worst = 0;
    for (int k = 0; k < wanted[0].length; k++) {
      double[] a = scores(found, wanted, k);
      double[] b = scores(wanted, wanted, k);
      for (int t = 0; t < a.length; t++) {
        worst = Math.max(worst, Math.abs(a[t] - b[t]));
      }
    }
    return worst;
  }

  /** Running means, standardised by the spread of the single tokens in one pass, to scores. */
  private static double[] scores(double[][] readouts, double[][] scale, int k) {
    double mean = Arrays.stream(scale).mapToDouble(r -> r[k]).average().orElseThrow();
    double square =
        Arrays.stream(scale)
            .mapToDouble(r -> (r[k] - mean) * (r[k] - mean))
            .average()
            .orElseThrow();
    double[] scores = new double[readouts.length];
    double sum = 0;
    for (int t = 0; t < scores.length; t++) {
      sum += readouts[t][k];
      scores[t] = new Sigmoid(1, 0).score((sum / (t + 1) - mean) / Math.sqrt(square));
    }
    return scores;
  }

  private static List<Readout> readouts(Decoder decoder) {
    int width = decoder.shape().hidden();
    return List.of(
        Readout.projection("early", TapPoint.residPost(4), TinyModel.direction(width, 1)),
        Readout.projection("middle", TapPoint.residMid(15), TinyModel.direction(width, 2)),
        Readout.projection("late", TapPoint.residPost(28), TinyModel.direction(width, 3)));
  }
}
