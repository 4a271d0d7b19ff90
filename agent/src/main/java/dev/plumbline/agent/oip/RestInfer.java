package dev.plumbline.agent.oip;

import dev.plumbline.agent.scoring.ExchangeId;
import dev.plumbline.agent.wire.oip.Datatype;
import dev.plumbline.agent.wire.oip.InferRequest;
import dev.plumbline.agent.wire.oip.InferResponse;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.RestBody;
import dev.plumbline.agent.wire.oip.RestReader;
import dev.plumbline.agent.wire.oip.RestWriter;
import dev.plumbline.agent.wire.oip.Shape;
import dev.plumbline.agent.wire.oip.Tensor;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.Timer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** {@code POST /v2/models/plumbline/infer}. Made on the request's event loop. */
final class RestInfer implements InferCall<RestBody> {
  private final InferService service;
  private final HttpServerRequest request;
  private final Context loop;
  private final Buffer body = Buffer.buffer();
  private Timer deadline;
  private boolean over;

  private RestInfer(InferService service, HttpServerRequest request, Context loop) {
    this.service = service;
    this.request = request;
    this.loop = loop;
  }

  static void handle(InferService service, HttpServerRequest request, Context loop, int mostBytes) {
    RestInfer call = new RestInfer(service, request, loop);
    if (service.desk().admit()) {
      call.gather(mostBytes);
    } else {
      service.turnAway(call);
    }
  }

  private void gather(int mostBytes) {
    deadline = service.bodyDeadline(loop, this::lost);
    request.handler(
        piece -> {
          if (!over && body.length() + piece.length() > mostBytes) {
            lost(InferService.tooLarge(mostBytes));
          } else if (!over) {
            body.appendBuffer(piece);
          }
        });
    request.endHandler(end -> whole());
    request.exceptionHandler(gone -> lost(InferService.cutShort()));
  }

  private void whole() {
    if (!over) {
      over = true;
      deadline.cancel();
      service.submit(this);
    }
  }

  private void lost(Refusal why) {
    if (!over) {
      over = true;
      deadline.cancel();
      if (request.version() != HttpVersion.HTTP_2) {
        request.response().putHeader("connection", "close");
      }
      service.turnAway(this, why);
    }
  }

  @Override
  public String fallbackId() {
    return request.getHeader(ExchangeId.HEADER);
  }

  @Override
  public boolean stream() {
    return false;
  }

  @Override
  public InferRequest read() {
    String coding = request.getHeader("content-encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new Refusal(
          OipFault.NOT_OFFERED,
          UnscoredReason.UNPARSEABLE,
          "content-encoding: wanted none, found one; send the body as it is");
    }
    return RestReader.request(body.getBytes(), headerLength(), this::raw);
  }

  private OptionalLong headerLength() {
    String value = request.getHeader(RestBody.HEADER_LENGTH);
    if (value == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(value.trim()));
    } catch (NumberFormatException e) {
      throw Refusal.invalid(RestBody.HEADER_LENGTH + ": wanted a number of bytes, found a text");
    }
  }

  /** All of the body as FP32, the datatype the metadata tell. */
  private Tensor raw(ByteBuffer bytes) {
    int width = service.model().map(OipModel::hidden).orElse(1);
    int tokens = bytes.remaining() / (Datatype.FP32.bytes() * width);
    return Tensor.of(StateInputs.NAME, Datatype.FP32, Shape.of(tokens, width), bytes);
  }

  @Override
  public RestBody write(InferRequest asked, InferResponse response) {
    return RestWriter.response(response, tensor -> asked.binary(tensor.name()));
  }

  @Override
  public void answer(RestBody answer, Delivery delivery) {
    send(200, answer, delivery);
  }

  @Override
  public void refuse(Refusal refusal, String id, Delivery delivery) {
    send(refusal.fault().httpStatus(), RestWriter.error(refusal.getMessage()), delivery);
  }

  private void send(int status, RestBody content, Delivery delivery) {
    loop.runOnContext(
        now ->
            GrpcCalls.deliver(
                () -> RestReplies.send(request.response(), status, content), delivery));
  }
}
