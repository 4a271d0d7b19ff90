package dev.plumbline.agent.oip;

import com.google.protobuf.Message;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.wire.oip.OipFault;
import dev.plumbline.agent.wire.oip.grpc.ModelConfigRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelMetadataRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelReadyRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelReadyResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStatisticsRequest;
import dev.plumbline.agent.wire.oip.grpc.ServerLiveRequest;
import dev.plumbline.agent.wire.oip.grpc.ServerLiveResponse;
import dev.plumbline.agent.wire.oip.grpc.ServerMetadataRequest;
import dev.plumbline.agent.wire.oip.grpc.ServerReadyRequest;
import dev.plumbline.agent.wire.oip.grpc.ServerReadyResponse;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryRegisterRequest;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryRegisterResponse;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryStatusRequest;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryUnregisterRequest;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryUnregisterResponse;
import dev.plumbline.core.score.UnscoredReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** {@code inference.GRPCInferenceService}. One for each event loop. */
final class GrpcRoutes {
  private static final ServiceName SERVICE = ServiceName.create("inference.GRPCInferenceService");

  private final InferService service;
  private final Meters meters;
  private final Context loop;
  private final GrpcServer server;

  GrpcRoutes(InferService service, Meters meters, Vertx vertx, Context loop, int mostBytes) {
    this.service = service;
    this.meters = meters;
    this.loop = loop;
    GrpcServerOptions options = new GrpcServerOptions().setMaxMessageSize(mostBytes);
    for (GrpcProtocol protocol : GrpcProtocol.values()) {
      if (protocol != GrpcProtocol.HTTP_2) {
        options.removeEnabledProtocol(protocol);
      }
    }
    server = GrpcServer.server(vertx, options).callHandler(this::notOffered);
    about();
    regions();
    server.callHandler(raw("ModelInfer"), r -> guarded(r, GrpcUnaryInfer::handle, mostBytes));
    server.callHandler(
        raw("ModelStreamInfer"), r -> guarded(r, GrpcStreamInfer::handle, mostBytes));
  }

  void handle(HttpServerRequest request) {
    server.handle(request);
  }

  private void about() {
    told(
        "ServerLive",
        ServerLiveRequest.getDefaultInstance(),
        q -> ServerLiveResponse.newBuilder().setLive(true).build());
    told(
        "ServerReady",
        ServerReadyRequest.getDefaultInstance(),
        q -> ServerReadyResponse.newBuilder().setReady(service.model().isPresent()).build());
    told(
        "ServerMetadata",
        ServerMetadataRequest.getDefaultInstance(),
        q -> FactsGrpc.server(service.sharesMemory()));
    told("ModelReady", ModelReadyRequest.getDefaultInstance(), this::modelReady);
    told(
        "ModelMetadata",
        ModelMetadataRequest.getDefaultInstance(),
        q -> FactsGrpc.model(facts(q.getName(), q.getVersion())));
    told(
        "ModelConfig",
        ModelConfigRequest.getDefaultInstance(),
        q -> FactsGrpc.config(facts(q.getName(), q.getVersion())));
    told(
        "ModelStatistics",
        ModelStatisticsRequest.getDefaultInstance(),
        q -> {
          InferService.requireModel(q.getName(), q.getVersion());
          return FactsGrpc.statistics(service.statistics());
        });
  }

  private void regions() {
    answered(
        "SystemSharedMemoryStatus",
        SystemSharedMemoryStatusRequest.getDefaultInstance(),
        q -> () -> FactsGrpc.regions(service.regions().status(q.getName())));
    answered(
        "SystemSharedMemoryRegister",
        SystemSharedMemoryRegisterRequest.getDefaultInstance(),
        q ->
            () -> {
              service.regions().register(q.getName(), q.getKey(), q.getOffset(), q.getByteSize());
              return SystemSharedMemoryRegisterResponse.getDefaultInstance();
            });
    answered(
        "SystemSharedMemoryUnregister",
        SystemSharedMemoryUnregisterRequest.getDefaultInstance(),
        q ->
            () -> {
              service.regions().unregister(q.getName());
              return SystemSharedMemoryUnregisterResponse.getDefaultInstance();
            });
  }

  private ModelReadyResponse modelReady(ModelReadyRequest asked) {
    InferService.requireModel(asked.getName(), asked.getVersion());
    return ModelReadyResponse.newBuilder().setReady(service.model().isPresent()).build();
  }

  private ModelFacts facts(String name, String version) {
    InferService.requireModel(name, version);
    return ModelFacts.of(
        service
            .model()
            .orElseThrow(
                () ->
                    new Refusal(
                        OipFault.BUSY,
                        UnscoredReason.OFF,
                        "wanted a direction, found it loading")));
  }

  private interface Infer {
    void handle(
        InferService service, GrpcServerRequest<Buffer, Buffer> request, Context loop, int most);
  }

  private void guarded(GrpcServerRequest<Buffer, Buffer> request, Infer infer, int mostBytes) {
    try {
      infer.handle(service, request, loop, mostBytes);
    } catch (Refusal e) {
      refuse(request, e);
    }
  }

  /** A method answered at once. */
  private <Q extends Message, A extends Message> void told(
      String name, Q asked, Function<Q, A> answer) {
    call(name, asked, (Q q) -> Future.succeededFuture(answer.apply(q)));
  }

  /** A method that touches files. */
  private <Q extends Message, A extends Message> void answered(
      String name, Q asked, Function<Q, Callable<A>> answer) {
    call(name, asked, (Q q) -> loop.executeBlocking(answer.apply(q)));
  }

  private <Q extends Message, A extends Message> void call(
      String name, Q asked, Function<Q, Future<A>> answer) {
    GrpcMessageDecoder<Q> decoder = GrpcMessageDecoder.decoder(asked);
    GrpcMessageEncoder<A> encoder = GrpcMessageEncoder.encoder();
    server.callHandler(
        ServiceMethod.server(SERVICE, name, encoder, decoder),
        request -> {
          AtomicBoolean asks = new AtomicBoolean();
          request.handler(
              message -> {
                asks.set(true);
                answer(request, begun(request, () -> answer.apply(message)));
              });
          request.endHandler(
              end -> {
                if (!asks.get()) {
                  refuse(request, Refusal.invalid("message: wanted one, found none"));
                }
              });
        });
  }

  private <A> void answer(GrpcServerRequest<?, A> request, Future<A> answer) {
    answer
        .onSuccess(
            found -> {
              meters.count(Meter.OTHER_REQUESTS, "2xx");
              request.response().end(found);
            })
        .onFailure(e -> refuse(request, Refusal.of(e)));
  }

  private static <A> Future<A> begun(
      GrpcServerRequest<?, ?> request, java.util.function.Supplier<Future<A>> answer) {
    try {
      GrpcCalls.requirePlain(request);
      return answer.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void refuse(GrpcServerRequest<?, ?> request, Refusal refusal) {
    meters.count(Meter.OTHER_REQUESTS, refusal.fault().httpStatus() / 100 + "xx");
    GrpcCalls.refuse(request.response(), refusal);
  }

  private void notOffered(GrpcServerRequest<Buffer, Buffer> request) {
    refuse(
        request,
        new Refusal(
            OipFault.NOT_OFFERED,
            UnscoredReason.OFF,
            "wanted a method of the core protocol, its statistics or system shared memory, found "
                + request.methodName()
                + ": not offered here"));
  }

  private static ServiceMethod<Buffer, Buffer> raw(String name) {
    return ServiceMethod.server(
        SERVICE, name, GrpcMessageEncoder.IDENTITY, GrpcMessageDecoder.IDENTITY);
  }
}
