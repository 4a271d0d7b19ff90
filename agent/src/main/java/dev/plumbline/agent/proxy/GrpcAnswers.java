package dev.plumbline.agent.proxy;

import dev.plumbline.agent.tap.oip.OipScoring;
import dev.plumbline.agent.tap.oip.OipStates;
import dev.plumbline.agent.tap.oip.Places;
import dev.plumbline.agent.tap.states.Found;
import dev.plumbline.agent.wire.oip.GrpcFrames;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * The messages of a gRPC answer, cut out of its bytes and read. Cutting is for the event loop,
 * reading for any other thread, one message at a time.
 */
final class GrpcAnswers {
  private static final int PREFIX = 5;

  private final OipScoring scoring;
  private final OipStates states;
  private final Places places;
  private final boolean stream;
  private final String encoding;
  private final GrpcFrames frames;
  private final Queue<GrpcFrames.Message> whole = new ArrayDeque<>();
  private long kept;
  private boolean overflown;

  /**
   * @param places where tensors lie that do not come along
   * @param encoding of compressed messages
   */
  GrpcAnswers(OipScoring scoring, Places places, boolean stream, String encoding) {
    this.places = places;
    this.scoring = scoring;
    this.states = scoring.states();
    this.stream = stream;
    this.encoding = encoding;
    this.frames = new GrpcFrames(scoring.mostBytes(), this::whole);
  }

  private void whole(GrpcFrames.Message message) {
    kept += message.bytes().length;
    if (!overflown && kept <= scoring.mostBytes()) {
      whole.add(message);
    } else {
      tooLong();
    }
  }

  private void tooLong() {
    overflown = true;
    whole.clear();
    states.missing(
        new Found.Missing(
            UnscoredReason.TOO_LONG,
            "wanted answers within " + scoring.mostBytes() + " bytes (states.bytes), found more"));
  }

  /** A message was not read before it went on; what was read of it later counts for nothing. */
  void late(UnscoredReason reason) {
    states.missing(
        new Found.Missing(reason, "wanted states read before the answer went on, found it late"));
  }

  /** Takes the next bytes. */
  void take(Buffer chunk) {
    if (!overflown) {
      frames.take(java.nio.ByteBuffer.wrap(chunk.getBytes()));
    }
  }

  /** Whether no more messages are found in what comes: it is no gRPC, or too much of it. */
  boolean broken() {
    return overflown || frames.broken().isPresent();
  }

  OipStates states() {
    return states;
  }

  /** The next whole message, which is then no longer kept here. */
  Optional<GrpcFrames.Message> next() {
    Optional<GrpcFrames.Message> next = Optional.ofNullable(whole.poll());
    next.ifPresent(message -> kept -= message.bytes().length);
    return next;
  }

  /** Bytes of a message on the wire. */
  static int length(GrpcFrames.Message message) {
    return PREFIX + message.bytes().length;
  }

  /**
   * Reads one message; empty where it was not to be changed or cannot be.
   *
   * @return framed anew, not compressed: a message may always be that
   */
  Optional<OipScoring.Ablated> read(GrpcFrames.Message message, boolean ablate) {
    byte[] bytes = message.bytes();
    if (message.compressed()) {
      Decoded decoded = Decoded.of(bytes, encoding, scoring.mostBytes(), true);
      if (encoding.isEmpty() || decoded.failure().isPresent()) {
        states.missing(
            new Found.Missing(
                decoded.failure().orElse(UnscoredReason.UNPARSEABLE),
                "wanted a message in gzip or deflate, found grpc-encoding " + encoding));
        return Optional.empty();
      }
      bytes = decoded.bytes();
    }
    return scoring.grpc(bytes, stream, places, states, ablate);
  }

  /** A message without the tensor, not compressed; empty where it stays as it is. */
  Optional<byte[]> without(GrpcFrames.Message message, Predicate<String> id) {
    byte[] bytes = message.bytes();
    if (message.compressed()) {
      Decoded decoded = Decoded.of(bytes, encoding, scoring.mostBytes(), true);
      if (encoding.isEmpty() || decoded.failure().isPresent()) {
        return Optional.empty();
      }
      bytes = decoded.bytes();
    }
    return scoring.without(bytes, stream, id);
  }

  /** A message with its prefix. */
  static Buffer framed(byte[] message) {
    return Buffer.buffer(PREFIX + message.length)
        .appendByte((byte) 0)
        .appendInt(message.length)
        .appendBytes(message);
  }

  /** Reads all that is kept, and what stands in the way of the rest. */
  void readAll() {
    frames
        .broken()
        .ifPresent(why -> states.missing(new Found.Missing(reason(), "gRPC messages: " + why)));
    for (Optional<GrpcFrames.Message> each = next(); each.isPresent(); each = next()) {
      read(each.get(), false);
    }
  }

  /** Why no more messages can be found. */
  UnscoredReason reason() {
    return overflown || frames.tooLong() ? UnscoredReason.TOO_LONG : UnscoredReason.UNPARSEABLE;
  }
}
