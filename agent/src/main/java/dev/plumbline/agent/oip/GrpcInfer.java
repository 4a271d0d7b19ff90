package dev.plumbline.agent.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.wire.oip.GrpcReader;
import dev.plumbline.agent.wire.oip.GrpcWriter;
import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;

/** What a single call and one of a stream share: messages are parsed and written on a worker. */
abstract class GrpcInfer implements InferCall<Buffer> {
  private final GrpcServerRequest<Buffer, Buffer> request;
  private Buffer message = Buffer.buffer();

  GrpcInfer(GrpcServerRequest<Buffer, Buffer> request) {
    this.request = request;
  }

  /** Before it is submitted; kept. */
  final void take(Buffer bytes) {
    message = bytes;
  }

  @Override
  public final String fallbackId() {
    return request.headers().get(ExchangeId.HEADER);
  }

  @Override
  public final InferRequest read() {
    try {
      return GrpcReader.request(ModelInferRequest.parseFrom(message.getBytes()));
    } catch (InvalidProtocolBufferException e) {
      throw Refusal.invalid("message: wanted a ModelInferRequest, found none");
    }
  }

  @Override
  public final Buffer write(InferRequest asked, InferResponse response) {
    return GrpcCalls.bytes(wrap(GrpcWriter.response(response)));
  }

  /** The message of an answer. */
  abstract com.google.protobuf.MessageLite wrap(ModelInferResponse response);
}
