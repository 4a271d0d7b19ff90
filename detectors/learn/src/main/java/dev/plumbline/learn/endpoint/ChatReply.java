package dev.plumbline.learn.endpoint;

import dev.plumbline.core.Check;
import java.util.List;

/** What came of a query: never null, never an exception for what the other side did. */
public sealed interface ChatReply {
  /**
   * The first choice.
   *
   * @param text empty where the server refused in its own field
   * @param finish such as {@code stop} or {@code length}; {@code unknown} where none is named
   * @param top the likeliest tokens at the first place; empty where the server gave none
   */
  record Said(String text, String finish, List<TopToken> top) implements ChatReply {
    public Said {
      top = List.copyOf(top);
    }
  }

  /**
   * No answer, and why in words: the last of the causes after all retries.
   *
   * @param cause kind of failure, the same words for the same kind, to be counted by
   */
  record Failed(Cause cause, String detail) implements ChatReply {
    public Failed {
      Check.text(detail, "detail of a failure");
    }
  }

  /** Kinds of failure. */
  enum Cause {
    /** Neither connection nor whole reply, or the server was overloaded, until the deadline. */
    TRANSPORT,
    /** The server will not take this request. */
    REJECTED,
    /** A reply that is no chat completion. */
    MALFORMED
  }
}
