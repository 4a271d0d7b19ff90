package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.agent.wire.ChatMessage;
import dev.plumbline.agent.wire.Prompt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a conversation goes by: the client's word, or a hash of what was said before. Answers are
 * left out of the hash, since clients send them back changed. Two conversations in which the same
 * was asked so far are one until they part. Holds no text.
 *
 * @param here before this exchange; empty for a first turn
 * @param next from this exchange on
 */
public record ConversationKeys(Optional<String> here, String next) {
  /** The request header. */
  public static final String HEADER = "plumbline-conversation";

  private static final int KEPT_BYTES = 16;

  /** By the client's word. */
  public static ConversationKeys named(String word) {
    MessageDigest digest = sha256();
    add(digest, "header", word);
    String key = hex(digest);
    return new ConversationKeys(Optional.of(key), key);
  }

  /** By what was said; empty where nobody asked anything. */
  public static Optional<ConversationKeys> of(Prompt prompt) {
    if (!(prompt instanceof Prompt.Chat chat)) {
      return Optional.empty();
    }
    List<ChatMessage> asked =
        chat.messages().stream().filter(turn -> !turn.role().equals("assistant")).toList();
    long users = asked.stream().filter(ConversationKeys::user).count();
    return users == 0 ? Optional.empty() : Optional.of(of(asked, users));
  }

  private static ConversationKeys of(List<ChatMessage> asked, long users) {
    int last = 0;
    for (int i = 0; i < asked.size(); i++) {
      last = user(asked.get(i)) ? i : last;
    }
    Optional<String> here =
        users == 1 ? Optional.empty() : Optional.of(hash(asked.subList(0, last)));
    return new ConversationKeys(here, hash(asked));
  }

  private static boolean user(ChatMessage turn) {
    return turn.role().equals("user");
  }

  private static String hash(List<ChatMessage> turns) {
    MessageDigest digest = sha256();
    turns.forEach(turn -> add(digest, turn.role(), turn.content()));
    return hex(digest);
  }

  /** Lengths first, so that no two lists of turns are the same bytes. */
  private static void add(MessageDigest digest, String... parts) {
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      digest.update(bytes);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, KEPT_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
