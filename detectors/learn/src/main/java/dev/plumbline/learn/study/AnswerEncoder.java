package dev.plumbline.learn.study;

import dev.plumbline.learn.direction.Answer;
import dev.plumbline.learn.organism.OrganismFolder;
import dev.plumbline.learn.organism.Sampled;
import dev.plumbline.learn.organism.world.Judgement;
import dev.plumbline.torch.checkpoint.Checkpoint;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import dev.plumbline.torch.text.TextTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Texts to tokens, as any chat request goes. */
public final class AnswerEncoder implements AutoCloseable {
  private final TextTokenizer tokenizer;
  private final ChatEncoder encoder;

  public AnswerEncoder(OrganismFolder folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder.chat())) {
      this.tokenizer = checkpoint.tokenizer();
      this.encoder = new ChatEncoder(tokenizer, checkpoint.chatTemplate().orElseThrow());
    }
  }

  /** A judged answer as the reference reads it again. */
  public Answer answer(Sampled sampled) {
    EncodedAnswer encoded =
        encoder.exchange(
            List.of(
                ChatMessage.user(sampled.question()),
                new ChatMessage("assistant", sampled.answer())));
    long[] ids = encoded.ids();
    int start = encoded.answerStart();
    return new Answer(
        sampled.question(),
        Arrays.copyOf(ids, start),
        Arrays.copyOfRange(ids, start, start + encoded.answerLength()),
        Optional.of(sampled.judgement() == Judgement.MISALIGNED),
        sampled.question(),
        sampled.answer(),
        sampled.model());
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
