package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.util.function.Supplier;

/** What all gRPC calls share. */
final class GrpcCalls {
  private GrpcCalls() {}

  /** Ends a call with its status. */
  static Future<Void> refuse(GrpcServerResponse<?, ?> response, Refusal refusal) {
    response.status(GrpcStatus.valueOf(refusal.fault().grpcStatus()));
    response.statusMessage(refusal.getMessage());
    return response.end();
  }

  /**
   * Refuses compressed calls, as the gRPC specification asks of a server that does not know the
   * coding: what a few bytes may unpack to is not bounded by the library.
   */
  static void requirePlain(GrpcServerRequest<?, ?> request) {
    String coding = request.encoding();
    if (coding != null && !coding.equals("identity")) {
      request.response().headers().set("grpc-accept-encoding", "identity");
      throw new Refusal(
          OipFault.NOT_OFFERED,
          UnscoredReason.UNPARSEABLE,
          "grpc-encoding: wanted identity, found another; send messages uncompressed");
    }
  }

  /** Sends, and tells how it ended; a call that is over already fails. */
  static void deliver(Supplier<Future<Void>> sending, InferCall.Delivery delivery) {
    Future<Void> sent;
    try {
      sent = sending.get();
    } catch (RuntimeException e) {
      sent = Future.failedFuture(e);
    }
    sent.onComplete(end -> delivery.ended(end.succeeded()));
  }

  static Buffer bytes(com.google.protobuf.MessageLite message) {
    return Buffer.buffer(message.toByteArray());
  }
}
