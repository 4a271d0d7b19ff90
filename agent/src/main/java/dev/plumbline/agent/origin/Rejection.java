package dev.plumbline.agent.origin;

import dev.plumbline.agent.wire.ErrorKind;
import dev.plumbline.agent.wire.WireError;
import dev.plumbline.core.score.UnscoredReason;
import java.time.Duration;

/** Why a generation cannot be had. */
public sealed interface Rejection {
  /** What the client is told. */
  WireError error();

  /** The verdict's reason. */
  UnscoredReason reason();

  /** Prompt and answer do not fit the context. */
  record PromptTooLong(int promptTokens, int answerTokens, int contextLength, String param)
      implements Rejection {
    @Override
    public WireError error() {
      String message =
          "This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the %s, %d in the completion). Please reduce the length of the %s or of the completion."
              .formatted(
                  contextLength,
                  promptTokens + answerTokens,
                  promptTokens,
                  param,
                  answerTokens,
                  param);
      return WireError.of(ErrorKind.CONTEXT_LENGTH, param, message);
    }

    @Override
    public UnscoredReason reason() {
      return UnscoredReason.TOO_LONG;
    }
  }

  /** The engine's queue is at its bound. */
  record QueueFull(int depth, Duration retryAfter) implements Rejection {
    @Override
    public WireError error() {
      return WireError.of(
          ErrorKind.QUEUE_FULL, "The queue is full: " + depth + " requests wait. Try again later.");
    }

    @Override
    public UnscoredReason reason() {
      return UnscoredReason.QUEUE_FULL;
    }
  }

  /** A field whose value this model cannot honour, such as a role its template does not know. */
  record Invalid(String param, String message) implements Rejection {
    @Override
    public WireError error() {
      return WireError.of(ErrorKind.INVALID_VALUE, param, message);
    }

    @Override
    public UnscoredReason reason() {
      return UnscoredReason.UNPARSEABLE;
    }
  }

  /** The engine failed before the first token. */
  record Failed(String message) implements Rejection {
    @Override
    public WireError error() {
      return WireError.of(ErrorKind.ENGINE_FAILED, message);
    }

    @Override
    public UnscoredReason reason() {
      return UnscoredReason.DEVICE_ERROR;
    }
  }
}
