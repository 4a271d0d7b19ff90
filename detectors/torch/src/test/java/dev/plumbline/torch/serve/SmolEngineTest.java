package dev.plumbline.torch.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.mitigations.InterventionPlan;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.runtime.Decoder;
import dev.plumbline.torch.runtime.Pass;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.Sampling;
import dev.plumbline.torch.runtime.SmolModel;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The real chat model answers sensibly, and the same however it is run. */
class SmolEngineTest {
  private static final int MOST = 24;
  private static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "How many days are there in a week?",
          "What color is the sky on a clear day?");
  private static final List<String> WORDS = List.of("paris", "seven|7", "blue");

  @Test
  void generate_simpleQuestions_answersSensiblyAndTheSameEveryWay() {
    try (Checkpoint checkpoint = Checkpoint.open(SmolModel.path());
        TextTokenizer tokenizer = checkpoint.tokenizer()) {
      ChatEncoder chat = new ChatEncoder(tokenizer, checkpoint.chatTemplate().orElseThrow());
      Set<Long> stops =
          checkpoint.config().eosIds().stream().map(Integer::longValue).collect(Collectors.toSet());
      List<long[]> prompts =
          QUESTIONS.stream().map(q -> chat.prompt(List.of(new ChatMessage("user", q)))).toList();
      List<List<Long>> texts = new ArrayList<>();
      try (Engine engine =
          new Engine(SmolModel.decoder(Precision.FLOAT32), List.of(), Engine.Limits.standard())) {
        List<Answer> together = prompts.stream().map(p -> start(engine, p, stops)).toList();
        for (int i = 0; i < prompts.size(); i++) {
          texts.add(together.get(i).text());
          assertThat(start(engine, prompts.get(i), stops).text()).isEqualTo(texts.get(i));
          String said = tokenizer.decode(ids(texts.get(i)), true).toLowerCase(Locale.ROOT);
          assertThat(said).containsPattern(WORDS.get(i));
        }
      }
      withoutCache(prompts, texts);
    }
  }

  /** If each token of an answer is the best one after all before it, greedy text is that answer. */
  private static void withoutCache(List<long[]> prompts, List<List<Long>> texts) {
    try (Decoder decoder = SmolModel.decoder(Precision.FLOAT32)) {
      for (int i = 0; i < prompts.size(); i++) {
        long[] prompt = prompts.get(i);
        long[] all = java.util.Arrays.copyOf(prompt, prompt.length + texts.get(i).size());
        System.arraycopy(ids(texts.get(i)), 0, all, prompt.length, texts.get(i).size());
        try (Pass pass =
            decoder.forward(new long[][] {all}, null, null, null, null, Decoder.Logits.ALL)) {
          float[] logits = pass.logitsToHost();
          for (int t = prompt.length; t < all.length; t++) {
            assertThat(best(logits, (t - 1) * decoder.vocabulary(), decoder.vocabulary()))
                .isEqualTo((int) all[t]);
          }
        }
      }
    }
  }

  private static int best(float[] logits, int from, int count) {
    int best = 0;
    for (int v = 1; v < count; v++) {
      best = logits[from + v] > logits[from + best] ? v : best;
    }
    return best;
  }

  private static Answer start(Engine engine, long[] prompt, Set<Long> stops) {
    Answer answer = new Answer();
    engine.generate(
        new GenerationJob(
            prompt, MOST, Sampling.GREEDY, stops, Optional.empty(), InterventionPlan.none(), false),
        answer);
    return answer;
  }

  private static long[] ids(List<Long> text) {
    return text.stream().mapToLong(Long::longValue).toArray();
  }
}
