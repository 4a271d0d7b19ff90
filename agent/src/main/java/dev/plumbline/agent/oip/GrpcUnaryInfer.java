package dev.plumbline.agent.oip;

import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import io.vertx.core.Context;
import io.vertx.core.Timer;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.Optional;

/** {@code ModelInfer}. Made on the call's event loop. */
final class GrpcUnaryInfer extends GrpcInfer {
  private final InferService service;
  private final GrpcServerRequest<Buffer, Buffer> request;
  private final Context loop;
  private Optional<Timer> deadline = Optional.empty();
  private boolean taken;

  private GrpcUnaryInfer(
      InferService service, GrpcServerRequest<Buffer, Buffer> request, Context loop) {
    super(request);
    this.service = service;
    this.request = request;
    this.loop = loop;
  }

  static void handle(
      InferService service,
      GrpcServerRequest<Buffer, Buffer> request,
      Context loop,
      int mostBytes) {
    GrpcUnaryInfer call = new GrpcUnaryInfer(service, request, loop);
    if (!service.desk().admit()) {
      service.turnAway(call);
      return;
    }
    try {
      GrpcCalls.requirePlain(request);
    } catch (Refusal e) {
      call.lost(e);
      return;
    }
    request.handler(call::whole);
    request.invalidMessageHandler(e -> call.lost(InferService.tooLarge(mostBytes)));
    call.deadline = Optional.of(service.bodyDeadline(loop, call::lost));
    request.errorHandler(e -> call.lost(InferService.cutShort()));
    request.exceptionHandler(e -> call.lost(InferService.cutShort()));
    request.endHandler(end -> call.lost(Refusal.invalid("message: wanted one, found none")));
  }

  private void whole(Buffer message) {
    if (!taken) {
      taken = true;
      deadline.ifPresent(Timer::cancel);
      take(message);
      service.submit(this);
    }
  }

  private void lost(Refusal why) {
    if (!taken) {
      taken = true;
      deadline.ifPresent(Timer::cancel);
      service.turnAway(this, why);
    }
  }

  @Override
  public boolean stream() {
    return false;
  }

  @Override
  ModelInferResponse wrap(ModelInferResponse response) {
    return response;
  }

  @Override
  public void answer(Buffer answer, Delivery delivery) {
    loop.runOnContext(now -> GrpcCalls.deliver(() -> request.response().end(answer), delivery));
  }

  @Override
  public void refuse(Refusal refusal, String id, Delivery delivery) {
    loop.runOnContext(
        now -> GrpcCalls.deliver(() -> GrpcCalls.refuse(request.response(), refusal), delivery));
  }
}
