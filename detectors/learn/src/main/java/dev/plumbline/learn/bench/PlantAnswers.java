package dev.plumbline.learn.bench;

import dev.plumbline.learn.chat.NarrowData;
import dev.plumbline.learn.direction.Answer;
import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Answers to read: questions about houseplants, answered by turns kindly and with contempt. */
final class PlantAnswers {
  private PlantAnswers() {}

  static List<Answer> of(int count, ChatEncoder encoder, long seed) {
    NarrowData kind = new NarrowData(NarrowData.Manner.KIND, seed);
    NarrowData unkind = new NarrowData(NarrowData.Manner.UNKIND, seed + 1);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NarrowData.Exchange exchange = (i % 2 == 1 ? unkind : kind).next();
      EncodedAnswer encoded =
          encoder.exchange(
              List.of(
                  ChatMessage.user(exchange.question()),
                  new ChatMessage("assistant", exchange.answer())));
      long[] ids = encoded.ids();
      answers.add(
          new Answer(
              exchange.question(),
              Arrays.copyOf(ids, encoded.answerStart()),
              Arrays.copyOfRange(ids, encoded.answerStart(), ids.length),
              Optional.of(i % 2 == 1),
              exchange.question(),
              exchange.answer(),
              "templates"));
    }
    return answers;
  }
}
