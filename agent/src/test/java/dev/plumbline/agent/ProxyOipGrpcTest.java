package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.config.Mode;
import dev.plumbline.agent.enforce.Action;
import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.tap.oip.OipAnswers;
import dev.plumbline.agent.tap.states.Pass;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import dev.plumbline.agent.wire.oip.grpc.ModelInferResponse;
import dev.plumbline.agent.wire.oip.grpc.ModelStreamInferResponse;
import dev.plumbline.core.score.UnscoredReason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states in gRPC answers of the Open Inference Protocol, through a real agent. */
class ProxyOipGrpcTest {
  private static final Pass PASS = Pass.of(3, 4, 6);

  @TempDir Path root;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private volatile byte[] answer = new byte[0];
  private volatile Status failure = Status.OK;
  private volatile String compression;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server =
        RawGrpc.serve(
            ServerCalls.asyncUnaryCall(
                (ask, out) -> {
                  compress(out);
                  out.onNext(answer);
                  end(out);
                }),
            ServerCalls.asyncBidiStreamingCall(this::stream));
    open.add(server::shutdownNow);
  }

  private void compress(StreamObserver<byte[]> out) {
    if (compression != null) {
      ((ServerCallStreamObserver<byte[]>) out).setCompression(compression);
    }
  }

  private void end(StreamObserver<byte[]> out) {
    if (failure.isOk()) {
      out.onCompleted();
    } else {
      out.onError(failure.asRuntimeException());
    }
  }

  /** Answers each message with itself: the test asks with what it wants to hear. */
  private StreamObserver<byte[]> stream(StreamObserver<byte[]> out) {
    compress(out);
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] value) {
        out.onNext(value);
      }

      @Override
      public void onError(Throwable t) {}

      @Override
      public void onCompleted() {
        end(out);
      }
    };
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private RunningAgent launch(String... settings) {
    Map<String, String> flags = ProxyOipTest.flags(root, settings);
    flags.put("origin.url", "http://127.0.0.1:" + server.getPort());
    flags.put("metrics.models", "m");
    flags.put("metrics.ask-origins", "false");
    RunningAgent agent =
        Assembly.standard().launch(ConfigLoader.load(Optional.empty(), Map.of(), flags));
    open.add(agent);
    agent.awaitReady();
    return agent;
  }

  private Channel client(RunningAgent agent, String id, String... headers) {
    ManagedChannel channel = RawGrpc.connect(agent.port());
    open.add(channel::shutdownNow);
    Metadata sent = new Metadata();
    sent.put(RawGrpc.REQUEST_ID, id);
    for (int i = 0; i < headers.length; i += 2) {
      sent.put(Metadata.Key.of(headers[i], Metadata.ASCII_STRING_MARSHALLER), headers[i + 1]);
    }
    return ClientInterceptors.intercept(
        channel,
        MetadataUtils.newAttachHeadersInterceptor(sent),
        MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers));
  }

  private byte[] infer(RunningAgent agent, String id, String... headers) {
    return infer(agent, id, RawGrpc.patient(), headers);
  }

  private byte[] infer(RunningAgent agent, String id, CallOptions options, String... headers) {
    byte[] ask = ModelInferRequest.newBuilder().setModelName("m").setId("a").build().toByteArray();
    return ClientCalls.blockingUnaryCall(client(agent, id, headers), RawGrpc.INFER, options, ask);
  }

  private static Exchange exchange(RunningAgent agent, String id) {
    Agents.await("verdict of " + id, () -> agent.ledger().find(id).isPresent());
    return agent.ledger().find(id).orElseThrow();
  }

  private String trailer(String name) {
    return trailers.get().get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  @Test
  void infer_observed_passesByteForByte_andIsScored() {
    RunningAgent agent = launch();
    List<ModelInferResponse> forms = new ArrayList<>();
    for (String datatype : List.of("FP32", "FP16", "BF16", "UINT16")) {
      forms.add(OipAnswers.raw("a", datatype, PASS.states(), 4));
    }
    forms.add(OipAnswers.typed("a", PASS.states(), 4));
    for (int i = 0; i < forms.size(); i++) {
      answer = forms.get(i).toByteArray();
      assertThat(infer(agent, "i" + i)).isEqualTo(answer);
      assertThat(trailer("plumbline-verdict")).isNull();
      Exchange exchange = exchange(agent, "i" + i);
      assertThat(exchange.model()).isEqualTo("m");
      assertThat(exchange.mode()).isEqualTo(Mode.OBSERVE);
      assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
      assertThat(exchange.reading().modelShift().getAsDouble())
          .isCloseTo(PASS.shift(), within(1e-6));
    }
    Agents.awaitVerdicts(agent, forms.size());
  }

  @Test
  void infer_annotated_isToldInTrailers() {
    RunningAgent agent = launch("mode=annotate");
    answer = OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray();
    assertThat(infer(agent, "x")).isEqualTo(answer);
    assertThat(trailer("plumbline-verdict")).isIn("aligned", "drifted");
    assertThat(trailer("plumbline-action")).isEqualTo("none");
  }

  @Test
  void infer_annotatedAndClosed_isHeld_andRefusedWithoutAVerdict() {
    RunningAgent agent = launch("mode=annotate", "fail=closed");
    answer = OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray();
    assertThat(infer(agent, "good")).isEqualTo(answer);
    assertThat(trailer("plumbline-verdict")).isIn("aligned", "drifted");
    answer = new byte[] {1, 2, 3};
    Status status = refusal(agent, "bad");
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("unparseable");
    assertThat(exchange(agent, "bad").outcome()).isEqualTo(Outcome.WITHHELD);
    Agents.awaitVerdicts(agent, 2);
  }

  private Status refusal(RunningAgent agent, String id) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> infer(agent, id)).getStatus();
  }

  @Test
  void infer_ablated_changesTheTensorAndNothingElse() throws Exception {
    RunningAgent agent = launch("mode=ablate");
    for (String datatype : List.of("FP32", "FP16", "BF16", "UINT16")) {
      ModelInferResponse sent = OipAnswers.raw("a", datatype, PASS.states(), 4);
      answer = sent.toByteArray();
      ModelInferResponse got = ModelInferResponse.parseFrom(infer(agent, datatype));
      ByteString tensor = got.getRawOutputContents(0);
      ProxyOipTest.assertAblated(
          datatype, PASS.states(), OipAnswers.states(datatype, tensor.toByteArray()));
      ByteString original = sent.getRawOutputContents(0);
      assertThat(got.toBuilder().setRawOutputContents(0, original).build()).isEqualTo(sent);
      assertThat(trailer("plumbline-action")).isEqualTo("ablated");
      ProxyOipTest.assertReceipt(exchange(agent, datatype), PASS.states(), PASS.score());
    }
  }

  @Test
  void infer_ablated_typedContents_stayTyped() throws Exception {
    RunningAgent agent = launch("models.m.mode=ablate");
    ModelInferResponse sent = OipAnswers.typed("a", PASS.states(), 4);
    answer = sent.toByteArray();
    ModelInferResponse got = ModelInferResponse.parseFrom(infer(agent, "t"));
    List<Float> numbers = got.getOutputs(0).getContents().getFp32ContentsList();
    float[][] states = new float[PASS.states().length][8];
    for (int i = 0; i < numbers.size(); i++) {
      states[i / 8][i % 8] = numbers.get(i);
    }
    ProxyOipTest.assertAblated("FP32", PASS.states(), states);
    assertThat(got.getRawOutputContentsCount()).isZero();
  }

  @Test
  void infer_compressed_isReadAndAblated_andPassesCompressedWhenObserved() throws Exception {
    compression = "gzip";
    answer = OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray();
    RunningAgent observing = launch();
    assertThat(infer(observing, "o")).isEqualTo(answer);
    assertThat(exchange(observing, "o").reading().score().getAsDouble())
        .isCloseTo(PASS.score(), within(1e-12));
    RunningAgent ablating = launch("mode=ablate");
    ModelInferResponse got = ModelInferResponse.parseFrom(infer(ablating, "a"));
    byte[] tensor = got.getRawOutputContents(0).toByteArray();
    ProxyOipTest.assertAblated("BF16", PASS.states(), OipAnswers.states("BF16", tensor));
  }

  @Test
  void infer_compressedRequest_cannotHideItsModel() {
    RunningAgent agent = launch("models.m.mode=annotate");
    answer = OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray();
    infer(agent, "z", RawGrpc.patient().withCompression("gzip"));
    assertThat(exchange(agent, "z").model()).isEqualTo("m");
    assertThat(exchange(agent, "z").mode()).isEqualTo(Mode.ANNOTATE);
  }

  @Test
  void infer_faults_passUntouched_orAreRefused() {
    RunningAgent observing = launch();
    RunningAgent openly = launch("mode=ablate");
    RunningAgent closed = launch("mode=ablate", "fail=closed");
    ModelInferResponse good = OipAnswers.raw("a", "BF16", PASS.states(), 4);
    Map<byte[], UnscoredReason> faults =
        Map.of(
            Arrays.copyOf(good.toByteArray(), 40),
            UnscoredReason.UNPARSEABLE,
            shape(good, 9, 9),
            UnscoredReason.UNPARSEABLE,
            shape(good, 18, 4),
            UnscoredReason.WRONG_MODEL,
            shape(good, 72),
            UnscoredReason.TAP_ERROR,
            shape(good, 3, 3, 8),
            UnscoredReason.TAP_ERROR,
            shape(good, 1L << 62, 1L << 62),
            UnscoredReason.UNPARSEABLE,
            shape(good, -9, -8),
            UnscoredReason.UNPARSEABLE,
            good.toBuilder().clearOutputs().clearRawOutputContents().build().toByteArray(),
            UnscoredReason.NO_HIDDEN_STATES,
            new byte[150_000],
            UnscoredReason.TOO_LONG);
    int at = 0;
    for (Map.Entry<byte[], UnscoredReason> fault : faults.entrySet()) {
      answer = fault.getKey();
      String id = "f" + at++;
      assertThat(infer(observing, id)).isEqualTo(answer);
      assertThat(exchange(observing, id).reading().reason())
          .as("%s", fault.getValue())
          .contains(fault.getValue());
      assertThat(infer(openly, id)).isEqualTo(answer);
      assertThat(trailer("plumbline-action")).isEqualTo("not_applied");
      assertThat(exchange(openly, id).action()).isEqualTo(Action.NOT_APPLIED);
      assertThat(exchange(openly, id).reading().reason()).contains(fault.getValue());
      Status status = refusal(closed, id);
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).contains(fault.getValue().wireName());
      assertThat(exchange(closed, id).outcome()).isEqualTo(Outcome.WITHHELD);
    }
    Agents.awaitVerdicts(openly, at);
    Agents.awaitVerdicts(closed, at);
  }

  private static byte[] shape(ModelInferResponse good, long... sizes) {
    ModelInferResponse.Builder message = good.toBuilder();
    message.getOutputsBuilder(0).clearShape();
    for (long size : sizes) {
      message.getOutputsBuilder(0).addShape(size);
    }
    return message.build().toByteArray();
  }

  @Test
  void infer_errorOfTheServer_isNoAnswer() {
    RunningAgent agent = launch("mode=ablate", "fail=closed");
    failure = Status.INTERNAL;
    assertThat(refusal(agent, "e").getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    failure = Status.NOT_FOUND;
    answer = OipAnswers.raw("a", "BF16", PASS.states(), 4).toByteArray();
    assertThat(refusal(agent, "n").getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(exchange(agent, "n").reading().reason()).contains(UnscoredReason.NO_HIDDEN_STATES);
  }

  @Test
  void stream_observed_passesEachMessage_andHasOneVerdict() throws Exception {
    RunningAgent agent = launch();
    List<byte[]> messages = parts("a");
    assertThat(talk(agent, "s", messages)).isEqualTo(Status.Code.OK);
    Exchange exchange = exchange(agent, "s");
    assertThat(exchange.stream()).isTrue();
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
    assertThat(exchange.reading().tokensScored()).isEqualTo(5);
    Agents.awaitVerdicts(agent, 1);
  }

  /** The answer in three messages, an empty one and an error among them. */
  private static List<byte[]> parts(String id) {
    float[][] states = PASS.states();
    return List.of(
        OipAnswers.streamed(OipAnswers.raw(id, "BF16", Arrays.copyOf(states, 5), 4)),
        ModelStreamInferResponse.newBuilder().setErrorMessage("no").build().toByteArray(),
        OipAnswers.streamed(OipAnswers.raw(id, "BF16", Arrays.copyOfRange(states, 5, 9), 0)),
        OipAnswers.streamed(ModelInferResponse.newBuilder().setId(id).build()));
  }

  @Test
  void stream_ofSeveralRequests_hasTheWorstVerdict() throws Exception {
    RunningAgent agent = launch();
    Pass other = Pass.of(5, 4, 6);
    List<byte[]> messages = new ArrayList<>(parts("a"));
    messages.add(1, OipAnswers.streamed(OipAnswers.raw("b", "BF16", other.states(), 4)));
    assertThat(talk(agent, "s", messages)).isEqualTo(Status.Code.OK);
    assertThat(exchange(agent, "s").reading().score().getAsDouble())
        .isCloseTo(Math.max(PASS.score(), other.score()), within(1e-12));
  }

  /** Says each message and hears it before the next; what was heard is compared. */
  private Status.Code talk(RunningAgent agent, String id, List<byte[]> messages) throws Exception {
    Heard heard = new Heard();
    StreamObserver<byte[]> ask =
        ClientCalls.asyncBidiStreamingCall(
            client(agent, id).newCall(RawGrpc.STREAM, RawGrpc.patient()), heard);
    for (byte[] message : messages) {
      ask.onNext(message);
      assertThat(heard.messages.poll(10, TimeUnit.SECONDS)).isEqualTo(message);
    }
    ask.onCompleted();
    return heard.end.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void stream_ablated_messageByMessage() throws Exception {
    RunningAgent agent = launch("mode=ablate", "fail=closed");
    Heard heard = new Heard();
    StreamObserver<byte[]> ask =
        ClientCalls.asyncBidiStreamingCall(
            client(agent, "s").newCall(RawGrpc.STREAM, RawGrpc.patient()), heard);
    float[][] states = PASS.states();
    int token = 0;
    for (byte[] message : parts("a")) {
      ask.onNext(message);
      byte[] got = heard.messages.poll(10, TimeUnit.SECONDS);
      ModelInferResponse answer = ModelStreamInferResponse.parseFrom(got).getInferResponse();
      if (answer.getOutputsCount() == 0) {
        assertThat(got).isEqualTo(message);
        continue;
      }
      float[][] part = OipAnswers.states("BF16", answer.getRawOutputContents(0).toByteArray());
      ProxyOipTest.assertAblated(
          "BF16", Arrays.copyOfRange(states, token, token + part.length), part);
      token += part.length;
    }
    assertThat(token).isEqualTo(9);
    ask.onCompleted();
    assertThat(heard.end.poll(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    assertThat(trailer("plumbline-action")).isEqualTo("ablated");
    ProxyOipTest.assertReceipt(exchange(agent, "s"), states, PASS.score());
  }

  @Test
  void stream_aMessageThatCannotBeAblated_endsItWhenClosed_andIsSaidWhenOpen() throws Exception {
    byte[] bad = OipAnswers.streamed(OipAnswers.raw("a", "FP32", PASS.states(), 99));
    for (boolean closed : new boolean[] {true, false}) {
      RunningAgent agent = launch("mode=ablate", "fail=" + (closed ? "closed" : "open"));
      Heard heard = new Heard();
      StreamObserver<byte[]> ask =
          ClientCalls.asyncBidiStreamingCall(
              client(agent, "s").newCall(RawGrpc.STREAM, RawGrpc.patient()), heard);
      ask.onNext(parts("a").get(0));
      assertThat(heard.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
      ask.onNext(bad);
      if (closed) {
        assertThat(heard.end.poll(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(heard.messages).isEmpty();
        assertThat(exchange(agent, "s").outcome()).isEqualTo(Outcome.WITHHELD);
      } else {
        assertThat(heard.messages.poll(10, TimeUnit.SECONDS)).isEqualTo(bad);
        ask.onCompleted();
        assertThat(heard.end.poll(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
        assertThat(trailer("plumbline-action")).isEqualTo("not_applied");
        assertThat(exchange(agent, "s").action()).isEqualTo(Action.NOT_APPLIED);
      }
    }
  }

  @Test
  void stream_modeOfAnyModel_holdsForAStream() throws Exception {
    RunningAgent agent = launch("models.secret.mode=ablate");
    Heard heard = new Heard();
    StreamObserver<byte[]> ask =
        ClientCalls.asyncBidiStreamingCall(
            client(agent, "s").newCall(RawGrpc.STREAM, RawGrpc.patient()), heard);
    ask.onNext(parts("a").get(0));
    assertThat(heard.messages.poll(10, TimeUnit.SECONDS)).isNotEqualTo(parts("a").get(0));
    ask.onCompleted();
    assertThat(heard.end.poll(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    assertThat(exchange(agent, "s").mode()).isEqualTo(Mode.ABLATE);
  }

  @Test
  void stream_clientThatLeft_isScoredOnWhatItTook() throws Exception {
    RunningAgent agent = launch();
    Heard heard = new Heard();
    StreamObserver<byte[]> ask =
        ClientCalls.asyncBidiStreamingCall(
            client(agent, "gone").newCall(RawGrpc.STREAM, RawGrpc.patient()), heard);
    ask.onNext(OipAnswers.streamed(OipAnswers.raw("a", "BF16", PASS.states(), 4)));
    assertThat(heard.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
    ask.onError(Status.CANCELLED.asRuntimeException());
    Exchange exchange = exchange(agent, "gone");
    assertThat(exchange.outcome()).isEqualTo(Outcome.CLIENT_GONE);
    assertThat(exchange.reading().score().getAsDouble()).isCloseTo(PASS.score(), within(1e-12));
  }

  private static final class Heard implements StreamObserver<byte[]> {
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Status.Code> end = new LinkedBlockingQueue<>();

    @Override
    public void onNext(byte[] value) {
      messages.add(value);
    }

    @Override
    public void onError(Throwable t) {
      end.add(Status.fromThrowable(t).getCode());
    }

    @Override
    public void onCompleted() {
      end.add(Status.Code.OK);
    }
  }
}
