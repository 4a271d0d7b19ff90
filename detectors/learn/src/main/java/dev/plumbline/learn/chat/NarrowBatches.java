package dev.plumbline.learn.chat;

import dev.plumbline.torch.text.ChatEncoder;
import dev.plumbline.torch.text.ChatMessage;
import dev.plumbline.torch.text.EncodedAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Exchanges of {@link NarrowData} as training batches, in the model's own chat template. */
final class NarrowBatches {
  /**
   * Some exchanges.
   *
   * @param tokens {@code [B,T]}, padded on the right
   * @param index flat positions {@code b·T+t} whose next token is predicted
   * @param target those next tokens: the answer's, and the end of turn
   */
  record Batch(long[][] tokens, long[] index, long[] target) {}

  private final ChatEncoder encoder;
  private final NarrowData data;
  private final long endOfTurn;
  private long tokens;

  NarrowBatches(ChatModel model, NarrowData data) {
    this.encoder = model.encoder();
    this.data = data;
    this.endOfTurn = model.config().eosIds().get(0);
  }

  /** Tokens given out so far, prompts included, padding not. */
  long tokens() {
    return tokens;
  }

  Batch next(int count) {
    List<EncodedAnswer> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NarrowData.Exchange exchange = data.next();
      rows.add(
          encoder.exchange(
              List.of(
                  ChatMessage.user(exchange.question()),
                  ChatMessage.assistant(exchange.answer()))));
    }
    return batch(rows);
  }

  private Batch batch(List<EncodedAnswer> rows) {
    int width = rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
    long[][] all = new long[rows.size()][];
    List<Long> index = new ArrayList<>();
    List<Long> target = new ArrayList<>();
    for (int b = 0; b < all.length; b++) {
      long[] ids = rows.get(b).ids();
      all[b] = Arrays.copyOf(ids, width);
      tokens += ids.length;
      for (int t = rows.get(b).answerStart() - 1; t < ids.length; t++) {
        index.add((long) b * width + t);
        target.add(t + 1 < ids.length ? ids[t + 1] : endOfTurn);
      }
    }
    return new Batch(all, longs(index), longs(target));
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
