package dev.plumbline.agent.proxy;

import dev.plumbline.agent.wire.oip.GrpcPatch;
import dev.plumbline.agent.wire.oip.GrpcPeek;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The same as {@link OipDecoration} of a gRPC call, message by message. A call whose messages are
 * compressed, or longer than what is kept, goes on as it is from there. Lives on one event loop,
 * but for {@link #removes}.
 */
final class GrpcDecoration {
  private static final int PREFIX = 5;
  private static final int MOST_IDS = 4096;

  private enum State {
    UNDECIDED,
    DECORATES,
    PASSES
  }

  private final DeclaredTensors declared;
  private final MetadataAsk ask;
  private final HttpServerRequest from;
  private final int mostBytes;
  private final Set<String> added = ConcurrentHashMap.newKeySet();
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private Buffer waiting = Buffer.buffer();
  private State state = State.UNDECIDED;
  private DeclaredTensors.Model model;
  private String tensor = "";

  /**
   * @param mostBytes of one message
   */
  GrpcDecoration(DeclaredTensors declared, MetadataAsk ask, HttpServerRequest from, int mostBytes) {
    this.declared = declared;
    this.ask = ask;
    this.from = from;
    this.mostBytes = mostBytes;
  }

  /** Whether requests are decorated, or may yet be. */
  boolean open() {
    return state != State.PASSES;
  }

  boolean undecided() {
    return state == State.UNDECIDED;
  }

  /**
   * Says whether requests of this call are decorated, once their model is known; asks about it if
   * nobody has.
   *
   * @param beginning of the first message, its model in it
   * @param output empty where nothing is read, or an answer could not be changed
   */
  void decide(String origin, Optional<byte[]> beginning, Optional<String> output) {
    state = State.PASSES;
    Optional<String> name = beginning.flatMap(GrpcPeek::model);
    if (name.isEmpty() || output.isEmpty()) {
      return;
    }
    tensor = output.get();
    String version = GrpcPeek.version(beginning.get());
    model = new DeclaredTensors.Model(origin, "grpc:" + name.get() + "/" + version);
    if (declared.has(model)) {
      state = State.DECORATES;
    }
    declared.learn(model, () -> ask.grpc(origin, name.get(), version, from, tensor));
  }

  /** What goes on when a piece of the request has come. */
  Buffer sent(Buffer chunk) {
    waiting.appendBuffer(chunk);
    return state == State.UNDECIDED ? Buffer.buffer() : whole();
  }

  private Buffer whole() {
    Buffer out = Buffer.buffer();
    while (state == State.DECORATES && waiting.length() >= PREFIX) {
      long length = waiting.getUnsignedInt(1);
      if (waiting.getByte(0) != 0 || length > mostBytes || added.size() > MOST_IDS) {
        state = State.PASSES;
      } else if (waiting.length() < PREFIX + length) {
        return out;
      } else {
        int end = PREFIX + (int) length;
        out.appendBuffer(GrpcAnswers.framed(decorated(waiting.getBytes(PREFIX, end))));
        waiting = waiting.getBuffer(end, waiting.length());
      }
    }
    return state == State.DECORATES ? out : out.appendBuffer(rest());
  }

  /** What still goes on at the end of the request. */
  Buffer rest() {
    Buffer rest = waiting;
    waiting = Buffer.buffer();
    return rest;
  }

  private byte[] decorated(byte[] message) {
    Optional<GrpcPeek.Asked> asked = GrpcPeek.asked(message);
    if (asked.isEmpty()) {
      return message;
    }
    if (asked.get().outputs().isEmpty() || asked.get().outputs().contains(tensor)) {
      if (wanted.size() <= MOST_IDS) {
        wanted.add(asked.get().id());
      }
      return message;
    }
    added.add(asked.get().id());
    declared.count("decorated");
    return GrpcPatch.asking(message, tensor);
  }

  /** Whether any request was decorated. */
  boolean active() {
    return !added.isEmpty();
  }

  /**
   * Whether the answers to requests of this id lose the tensor: not if one of them wanted it. Any
   * thread.
   */
  boolean removes(String id) {
    return wanted.isEmpty() ? active() : added.contains(id) && !wanted.contains(id);
  }

  void removed() {
    declared.count("removed");
  }

  /** The call failed, which may mean that the model is another by now. */
  void failed() {
    if (active()) {
      declared.forget(model);
    }
  }
}
