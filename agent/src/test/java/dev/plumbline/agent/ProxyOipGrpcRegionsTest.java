package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.wire.oip.grpc.InferParameter;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryRegisterRequest;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryUnregisterRequest;
import dev.plumbline.core.score.UnscoredReason;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states that a gRPC origin hands over in system shared memory, through a real agent. */
class ProxyOipGrpcRegionsTest {
  private static final Pass PASS = Pass.of(3, 4, 6);
  private static final int FIRST = 16;
  private static final int SECOND = 2048;
  private static final MethodDescriptor<byte[], byte[]> REGISTER =
      RawGrpc.method("SystemSharedMemoryRegister", MethodDescriptor.MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> UNREGISTER =
      RawGrpc.method("SystemSharedMemoryUnregister", MethodDescriptor.MethodType.UNARY);

  @TempDir Path root;
  private final List<AutoCloseable> open = new ArrayList<>();
  private SharedStates memory;
  private Server server;
  private volatile Status failure = Status.OK;

  @BeforeEach
  void start() throws Exception {
    memory = new SharedStates();
    open.add(memory);
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(RawGrpc.SERVICE)
            .addMethod(RawGrpc.INFER, ServerCalls.asyncUnaryCall(this::infer))
            .addMethod(RawGrpc.STREAM, ServerCalls.asyncBidiStreamingCall(this::stream))
            .addMethod(REGISTER, ServerCalls.asyncUnaryCall(this::registration))
            .addMethod(UNREGISTER, ServerCalls.asyncUnaryCall(this::registration))
            .build();
    server = RawGrpc.serve(service);
    open.add(server::shutdownNow);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private void registration(byte[] ask, StreamObserver<byte[]> out) {
    if (failure.isOk()) {
      out.onNext(new byte[0]);
      out.onCompleted();
    } else {
      out.onError(failure.asRuntimeException());
    }
  }

  private void infer(byte[] ask, StreamObserver<byte[]> out) {
    out.onNext(answer(ask).toByteArray());
    out.onCompleted();
  }

  private StreamObserver<byte[]> stream(StreamObserver<byte[]> out) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] ask) {
        out.onNext(OipAnswers.streamed(answer(ask)));
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  /** As Triton does: the tensor where it was wanted, and raw contents of nothing. */
  private ModelInferResponse answer(byte[] bytes) {
    try {
      ModelInferRequest ask = ModelInferRequest.parseFrom(bytes);
      long at = ask.getOutputs(0).getParametersOrThrow("shared_memory_offset").getInt64Param();
      memory.put((int) at, OipAnswers.numbers("BF16", PASS.states()));
      return answered(ask.getId());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ModelInferResponse answered(String id) {
    return OipAnswers.raw(id, "BF16", PASS.states(), 4).toBuilder()
        .setRawOutputContents(0, ByteString.EMPTY)
        .build();
  }

  private static byte[] ask(String id, int at, int room) {
    ModelInferRequest.InferRequestedOutputTensor.Builder output =
        ModelInferRequest.InferRequestedOutputTensor.newBuilder()
            .setName("hidden_states")
            .putParameters(
                "shared_memory_region", InferParameter.newBuilder().setStringParam("r").build())
            .putParameters("shared_memory_offset", number(at))
            .putParameters("shared_memory_byte_size", number(room));
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .setId(id)
        .addOutputs(output)
        .build()
        .toByteArray();
  }

  private static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  private RunningAgent launch(String... settings) {
    Map<String, String> flags = ProxyOipTest.flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + server.getPort());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    flags.put("states.shared-memory", "true");
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    open.add(agent);
    agent.awaitReady();
    return agent;
  }

  private Channel client(RunningAgent agent, String id) {
    ManagedChannel channel = RawGrpc.connect(agent.port());
    open.add(channel::shutdownNow);
    Metadata sent = new Metadata();
    sent.put(RawGrpc.REQUEST_ID, id);
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent));
  }

  private byte[] call(
      RunningAgent agent, MethodDescriptor<byte[], byte[]> method, String id, byte[] ask) {
    return ClientCalls.blockingUnaryCall(client(agent, id), method, RawGrpc.patient(), ask);
  }

  private byte[] registration() {
    return SystemSharedMemoryRegisterRequest.newBuilder()
        .setName("r")
        .setKey(memory.key)
        .setOffset(SharedStates.OFFSET)
        .setByteSize(SharedStates.ROOM)
        .build()
        .toByteArray();
  }

  private static Exchange exchange(RunningAgent agent, String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private int size() {
    return OipAnswers.numbers("BF16", PASS.states()).length;
  }

  @Test
  void infer_observed_isScoredFromTheRegion_beforeItsClientMayUseItAgain() {
    RunningAgent agent = launch();
    assertThat(call(agent, REGISTER, "r", registration())).isEmpty();
    byte[] got = call(agent, RawGrpc.INFER, "x", ask("a", FIRST, size()));
    memory.put(FIRST, new byte[size()]);
    assertThat(got).isEqualTo(answered("a").toByteArray());
    Exchange exchange = exchange(agent, "x");
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
  }

  @Test
  void infer_ablated_changesTheRegion_andNoByteOfTheMessage() {
    RunningAgent agent = launch("mode=ablate");
    call(agent, REGISTER, "r", registration());
    byte[] got = call(agent, RawGrpc.INFER, "x", ask("a", FIRST, size()));
    assertAblated(FIRST);
    assertThat(got).isEqualTo(answered("a").toByteArray());
    ProxyOipTest.assertReceipt(exchange(agent, "x"), PASS.states(), PASS.score());
  }

  private void assertAblated(int at) {
    float[][] states = OipAnswers.states("BF16", memory.get(at, size()));
    ProxyOipTest.assertAblated("BF16", PASS.states(), states);
  }

  @Test
  void stream_eachRequestHasItsOwnPlace() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    call(agent, REGISTER, "r", registration());
    List<byte[]> got = stream(agent, "s", ask("a", FIRST, size()), ask("b", SECOND, size()));
    assertThat(got)
        .containsExactly(OipAnswers.streamed(answered("a")), OipAnswers.streamed(answered("b")));
    assertAblated(FIRST);
    assertAblated(SECOND);
    Exchange exchange = exchange(agent, "s");
    assertThat(exchange.tokensTouched()).isEqualTo(2L * PASS.states().length);
  }

  @Test
  void stream_observed_isReadMessageByMessage() throws Exception {
    RunningAgent agent = launch();
    call(agent, REGISTER, "r", registration());
    List<byte[]> got = stream(agent, "s", ask("a", FIRST, size()), ask("b", FIRST, size()));
    assertThat(got).hasSize(2);
    assertThat(exchange(agent, "s").reading().reason()).isEmpty();
  }

  @Test
  void stream_twoPlacesOfOneId_areNoPlace() throws Exception {
    RunningAgent agent = launch();
    call(agent, REGISTER, "r", registration());
    stream(agent, "s", ask("", FIRST, size()), ask("", SECOND, size()));
    assertThat(exchange(agent, "s").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  private List<byte[]> stream(RunningAgent agent, String id, byte[]... asks) throws Exception {
    BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
    BlockingQueue<Status> ends = new LinkedBlockingQueue<>();
    StreamObserver<byte[]> to =
        ClientCalls.asyncBidiStreamingCall(
            client(agent, id).newCall(RawGrpc.STREAM, RawGrpc.patient()),
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] value) {
                got.add(value);
              }

              @Override
              public void onError(Throwable t) {
                ends.add(Status.fromThrowable(t));
              }

              @Override
              public void onCompleted() {
                ends.add(Status.OK);
              }
            });
    List<byte[]> all = new ArrayList<>();
    for (byte[] ask : asks) {
      to.onNext(ask);
      all.add(got.poll(20, TimeUnit.SECONDS));
    }
    to.onCompleted();
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(Status.OK);
    return all;
  }

  @Test
  void refusedOrTakenBack_isNotKnown_andFailsByTheRule() {
    RunningAgent agent = launch("mode=ablate", "fail=closed");
    failure = Status.INVALID_ARGUMENT;
    catchThrowableOfType(
        StatusRuntimeException.class, () -> call(agent, REGISTER, "r", registration()));
    failure = Status.OK;
    assertRefused(agent, "x");
    call(agent, REGISTER, "r", registration());
    assertThat(call(agent, RawGrpc.INFER, "y", ask("a", FIRST, size()))).isNotEmpty();
    byte[] all = SystemSharedMemoryUnregisterRequest.getDefaultInstance().toByteArray();
    call(agent, UNREGISTER, "u", all);
    assertRefused(agent, "z");
  }

  private void assertRefused(RunningAgent agent, String id) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> call(agent, RawGrpc.INFER, id, ask("a", FIRST, size())));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(exchange(agent, id).reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }
}
