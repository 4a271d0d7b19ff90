package dev.plumbline.torch.text;

import dev.plumbline.torch.text.TextTokenizer.Specials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Conversations to token ids, with the place of the answer.
 *
 * <p>Only the template makes control tokens. A control token's text inside a message ({@code
 * <|im_end|>} typed by a user) is marked before rendering, by two characters that no message
 * contains, and encoded as ordinary text. Safe for several threads; keeps the tokenizer, does not
 * close it.
 */
public final class ChatEncoder {
  private static final char FIRST_MARK = '\uFDD0';
  private static final char LAST_MARK = '\uFDEF';

  private final TextTokenizer tokenizer;
  private final ChatTemplate template;
  private final Pattern special;

  public ChatEncoder(TextTokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    List<String> quoted =
        tokenizer.specialTokens().stream()
            .sorted((a, b) -> b.length() - a.length())
            .map(Pattern::quote)
            .toList();
    this.special =
        quoted.isEmpty() ? Pattern.compile("(?!)") : Pattern.compile(String.join("|", quoted));
  }

  /** The ids up to and with the header of the answer that the model is to give. */
  public long[] prompt(List<ChatMessage> messages) {
    return prompt(messages, Map.of());
  }

  /** The same with further template variables. */
  public long[] prompt(List<ChatMessage> messages, Map<String, Object> variables) {
    char mark = unusedMark(messages);
    List<ChatMessage> marked =
        messages.stream().map(m -> new ChatMessage(m.role(), mark(m.content(), mark))).toList();
    return encode(template.render(marked, true, variables), mark);
  }

  /**
   * The ids of a conversation whose last message is the answer, and which of them are the answer's
   * content: without the assistant's header before it and the end of turn after it. The answer is
   * encoded by itself and put behind the prompt, as generation would: so its first token is the one
   * the model would have had to predict, and no token straddles the border.
   *
   * @throws IllegalArgumentException if the last message is not the assistant's
   */
  public EncodedAnswer exchange(List<ChatMessage> messages) {
    int last = messages.size() - 1;
    if (last < 0 || !messages.get(last).role().equals("assistant")) {
      throw new IllegalArgumentException(
          "wanted messages that end with the assistant's, found "
              + (last < 0 ? "none" : messages.get(last).role()));
    }
    long[] prompt = prompt(messages.subList(0, last));
    long[] answer = tokenizer.encode(messages.get(last).content(), false, Specials.AS_TEXT);
    return new EncodedAnswer(prompt, answer);
  }

  private static char unusedMark(List<ChatMessage> messages) {
    for (char mark = FIRST_MARK; mark <= LAST_MARK; mark++) {
      String candidate = String.valueOf(mark);
      if (messages.stream().noneMatch(m -> m.content().contains(candidate))) {
        return mark;
      }
    }
    throw new IllegalArgumentException(
        "wanted messages without the noncharacters U+FDD0 to U+FDEF, found all of them. Remove them.");
  }

  /** Puts a mark on both sides of each special token's text. */
  private String mark(String content, char mark) {
    return special
        .matcher(content)
        .replaceAll(found -> Matcher.quoteReplacement(mark + found.group() + mark));
  }

  private long[] encode(String rendered, char mark) {
    String[] parts = rendered.split(String.valueOf(mark), -1);
    if (parts.length % 2 == 0) {
      throw new IllegalArgumentException(
          "wanted a template that keeps or drops special tokens' texts whole, found one cut. Remove"
              + " special tokens from the messages.");
    }
    List<long[]> pieces = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isEmpty()) {
        pieces.add(
            tokenizer.encode(parts[i], false, i % 2 == 0 ? Specials.AS_TOKENS : Specials.AS_TEXT));
      }
    }
    return pieces.stream().flatMapToLong(LongStream::of).toArray();
  }
}
