package dev.plumbline.agent.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.wire.oip.GrpcFrames;
import dev.plumbline.agent.wire.oip.GrpcReader;
import dev.plumbline.agent.wire.oip.OipException;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of a gRPC call, kept until their answers come, for what they say of places. One over
 * the bound is not looked at, nor is what follows it. Lives on one event loop.
 */
final class GrpcAsks {
  private final int mostBytes;
  private final GrpcFrames frames;
  private List<GrpcFrames.Message> kept = new ArrayList<>();
  private long bytes;

  /**
   * @param mostBytes of the requests that wait for their answers
   */
  GrpcAsks(int mostBytes) {
    this.mostBytes = mostBytes;
    this.frames = new GrpcFrames(mostBytes, this::whole);
  }

  void take(Buffer chunk) {
    frames.take(ByteBuffer.wrap(chunk.getBytes()));
  }

  private void whole(GrpcFrames.Message message) {
    if (bytes + message.bytes().length <= mostBytes) {
      bytes += message.bytes().length;
      kept.add(message);
    }
  }

  /**
   * Reads what has come since it was last asked for.
   *
   * @param encoding of compressed messages, may be null
   * @return to be run on any other thread
   */
  Runnable into(ExchangePlaces places, String encoding) {
    List<GrpcFrames.Message> come = kept;
    kept = new ArrayList<>();
    bytes = 0;
    return () -> come.forEach(message -> read(message, encoding, places));
  }

  private void read(GrpcFrames.Message message, String encoding, ExchangePlaces places) {
    byte[] body = message.bytes();
    if (message.compressed()) {
      Decoded decoded = Decoded.of(body, encoding == null ? "" : encoding, mostBytes, true);
      if (decoded.failure().isPresent()) {
        return;
      }
      body = decoded.bytes();
    }
    try {
      ModelInferRequest request = ModelInferRequest.parseFrom(body);
      places.wanted(request.getId(), GrpcReader.wanted(request));
    } catch (InvalidProtocolBufferException | OipException e) {
      // The origin says what is wrong with it; a tensor without a place is counted as such.
      return;
    }
  }
}
