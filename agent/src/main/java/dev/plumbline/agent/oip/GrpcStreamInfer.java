package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStreamInferResponse;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;

/**
 * {@code ModelStreamInfer}: one call after the other, answered in order; a refused one is told in
 * its answer and the stream goes on. On the stream's event loop.
 */
final class GrpcStreamInfer {
  private final InferService service;
  private final GrpcServerRequest<Buffer, Buffer> request;
  private final Context loop;
  private boolean working;
  private boolean asked = true;
  private boolean over;

  private GrpcStreamInfer(
      InferService service, GrpcServerRequest<Buffer, Buffer> request, Context loop) {
    this.service = service;
    this.request = request;
    this.loop = loop;
  }

  static void handle(
      InferService service,
      GrpcServerRequest<Buffer, Buffer> request,
      Context loop,
      int mostBytes) {
    GrpcCalls.requirePlain(request);
    GrpcStreamInfer stream = new GrpcStreamInfer(service, request, loop);
    request.handler(stream::next);
    request.endHandler(end -> stream.end());
    request.invalidMessageHandler(e -> stream.broken(InferService.tooLarge(mostBytes)));
    request.errorHandler(gone -> stream.over = true);
    request.exceptionHandler(gone -> stream.over = true);
    request.pause();
    request.fetch(1);
    request.response().writeHead();
  }

  private void next(Buffer message) {
    working = true;
    Call call = new Call();
    if (service.desk().admit()) {
      call.take(message);
      service.submit(call);
    } else {
      service.turnAway(call);
    }
  }

  /** A message over the bound cannot be passed over: the stream ends there. */
  private void broken(Refusal why) {
    if (!over) {
      over = true;
      GrpcCalls.refuse(request.response(), why);
    }
  }

  /** No further call will come. */
  private void end() {
    asked = false;
    finish();
  }

  private void answered() {
    working = false;
    if (asked && !over) {
      request.fetch(1);
    } else {
      finish();
    }
  }

  private void finish() {
    if (!working && !over) {
      over = true;
      request.response().end();
    }
  }

  /** One of the stream's calls. */
  private final class Call extends GrpcInfer {
    Call() {
      super(request);
    }

    @Override
    public boolean stream() {
      return true;
    }

    @Override
    ModelStreamInferResponse wrap(ModelInferResponse response) {
      return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
    }

    @Override
    public void answer(Buffer answer, Delivery delivery) {
      loop.runOnContext(
          now ->
              GrpcCalls.deliver(
                  () -> request.response().write(answer),
                  delivered -> {
                    delivery.ended(delivered);
                    answered();
                  }));
    }

    @Override
    public void refuse(Refusal refusal, String id, Delivery delivery) {
      ModelStreamInferResponse told =
          ModelStreamInferResponse.newBuilder()
              .setErrorMessage(refusal.getMessage())
              .setInferResponse(ModelInferResponse.newBuilder().setId(id))
              .build();
      answer(GrpcCalls.bytes(told), delivery);
    }
  }
}
