package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelMetadataResponse;
import dev.plumbline.core.score.UnscoredReason;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states that the agent asks for where a gRPC client lists other outputs. */
class ProxyOipGrpcDecorationTest {
  private static final Pass PASS = Pass.of(3, 4, 6);
  private static final MethodDescriptor<byte[], byte[]> METADATA =
      RawGrpc.method("ModelMetadata", MethodDescriptor.MethodType.UNARY);

  @TempDir Path root;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<ModelInferRequest> asked = new CopyOnWriteArrayList<>();
  private volatile boolean declares = true;
  private Server server;
  private RunningAgent agent;

  @BeforeEach
  void start() throws Exception {
    server =
        RawGrpc.serve(
            ServerServiceDefinition.builder(RawGrpc.SERVICE)
                .addMethod(RawGrpc.INFER, ServerCalls.asyncUnaryCall(this::infer))
                .addMethod(RawGrpc.STREAM, ServerCalls.asyncBidiStreamingCall(this::stream))
                .addMethod(METADATA, ServerCalls.asyncUnaryCall(this::metadata))
                .build());
    open.add(server::shutdownNow);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private void metadata(byte[] ask, StreamObserver<byte[]> out) {
    String output = declares ? "hidden_states" : "text";
    out.onNext(
        ModelMetadataResponse.newBuilder()
            .setName("m")
            .addOutputs(ModelMetadataResponse.TensorMetadata.newBuilder().setName("logits"))
            .addOutputs(ModelMetadataResponse.TensorMetadata.newBuilder().setName(output))
            .build()
            .toByteArray());
    out.onCompleted();
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

  private ModelInferResponse answer(byte[] bytes) {
    try {
      ModelInferRequest ask = ModelInferRequest.parseFrom(bytes);
      asked.add(ask);
      boolean states =
          ask.getOutputsList().stream().anyMatch(each -> each.getName().equals("hidden_states"));
      return states ? OipAnswers.raw(ask.getId(), "BF16", PASS.states(), 4) : plain(ask.getId());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the model answers who asked for the other output only. */
  private static ModelInferResponse plain(String id) {
    ModelInferResponse whole = OipAnswers.raw(id, "BF16", PASS.states(), 4);
    ByteString other = whole.getRawOutputContents(1);
    return whole.toBuilder()
        .removeOutputs(0)
        .clearRawOutputContents()
        .addRawOutputContents(other)
        .build();
  }

  private static byte[] ask(String id, String... outputs) {
    ModelInferRequest.Builder ask = ModelInferRequest.newBuilder().setModelName("m").setId(id);
    for (String output : outputs) {
      ask.addOutputs(
          ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName(output).build());
    }
    return ask.addRawInputContents(ByteString.copyFrom(new byte[20_000])).build().toByteArray();
  }

  private void launch(String... settings) {
    Map<String, String> flags = ProxyOipTest.flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + server.getPort());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    agent = Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    open.add(agent);
    agent.awaitReady();
  }

  private Channel client(String id) {
    ManagedChannel channel = RawGrpc.connect(agent.port());
    open.add(channel::shutdownNow);
    Metadata sent = new Metadata();
    sent.put(RawGrpc.REQUEST_ID, id);
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent));
  }

  private byte[] infer(String id, byte[] ask) {
    return ClientCalls.blockingUnaryCall(client(id), RawGrpc.INFER, RawGrpc.patient(), ask);
  }

  private Exchange exchange(String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private boolean counted(String event) {
    try {
      URI metrics = URI.create("http://127.0.0.1:" + agent.adminPort() + "/metrics");
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .contains("plumbline_oip_decorations_total{event=\"" + event + "\"}");
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void known(String event) {
    assertThat(infer("first", ask("a", "logits"))).isEqualTo(plain("a").toByteArray());
    assertThat(exchange("first").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
    Agents.await("metadata " + event, () -> counted(event));
    asked.clear();
  }

  private void assertScored(String id) {
    assertThat(exchange(id).reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
  }

  @Test
  void infer_isScored_andItsClientSeesNothingOfIt() throws Exception {
    launch("mode=annotate");
    known("declared");
    byte[] ask = ask("a", "logits");
    assertThat(ModelInferResponse.parseFrom(infer("x", ask))).isEqualTo(plain("a"));
    assertScored("x");
    ModelInferRequest sent = asked.get(0);
    assertThat(sent.getOutputsList())
        .extracting(ModelInferRequest.InferRequestedOutputTensor::getName)
        .containsExactly("logits", "hidden_states");
    assertThat(sent.toBuilder().removeOutputs(1).build())
        .isEqualTo(ModelInferRequest.parseFrom(ask));
    assertThat(counted("decorated") && counted("removed")).isTrue();
  }

  @Test
  void infer_thatListsNothingOrTheTensor_staysAsItIs() throws Exception {
    launch();
    known("declared");
    infer("n", ask("a"));
    byte[] own = infer("o", ask("a", "hidden_states", "logits"));
    assertThat(own).isEqualTo(OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray());
    assertThat(asked.get(0).getOutputsCount()).isZero();
    assertThat(asked.get(1).getOutputsCount()).isEqualTo(2);
    assertScored("o");
  }

  @Test
  void modelWithoutTheTensor_isNeverDecorated() {
    declares = false;
    launch();
    known("not_declared");
    infer("x", ask("a", "logits"));
    assertThat(asked.get(0).getOutputsCount()).isEqualTo(1);
    assertThat(exchange("x").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void ablate_leavesRequestsAsTheyAre() {
    launch("mode=ablate");
    infer("first", ask("a", "logits"));
    infer("second", ask("a", "logits"));
    assertThat(asked).allMatch(each -> each.getOutputsCount() == 1);
  }

  @Test
  void stream_losesTheTensor_whereItWasNotWanted() throws Exception {
    launch();
    known("declared");
    BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    StreamObserver<byte[]> to =
        ClientCalls.asyncBidiStreamingCall(
            client("s").newCall(RawGrpc.STREAM, RawGrpc.patient()),
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] value) {
                got.add(value);
              }

              @Override
              public void onError(Throwable t) {
                ends.add(t.toString());
              }

              @Override
              public void onCompleted() {
                ends.add("good");
              }
            });
    to.onNext(ask("a", "logits"));
    to.onNext(ask("b", "logits", "hidden_states"));
    to.onNext(ask("c", "logits"));
    to.onCompleted();
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("good");
    assertThat(got)
        .containsExactly(
            OipAnswers.streamed(plain("a")),
            OipAnswers.streamed(OipAnswers.raw("b", "BF16", PASS.states(), 4)),
            OipAnswers.streamed(plain("c")));
    assertThat(exchange("s").reading().reason()).isEmpty();
  }
}
