package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plumbline.agent.scoring.Exchange;
import dev.plumbline.agent.scoring.Outcome;
import dev.plumbline.agent.wire.Route;
import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC through the proxy, with a real client and a real server; nobody looks at the messages. */
class ProxyGrpcTest {
  private static final Metadata.Key<String> ODD =
      Metadata.Key.of("x-odd", Metadata.ASCII_STRING_MARSHALLER);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void unary_messageAndMetadata_passBothWays() throws Exception {
    AtomicReference<Metadata> arrived = new AtomicReference<>();
    Server server = serve(metadata(arrived, unary((in, out) -> answer(out, reversed(in)))), null);
    RunningAgent agent = agent(server.getPort());
    Metadata sent = new Metadata();
    sent.put(ODD, "a b");
    AtomicReference<Metadata> head = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    byte[] message = random(300_000);
    byte[] answer =
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                client(agent.port()),
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(head, trailers)),
            RawGrpc.INFER,
            RawGrpc.patient(),
            message);
    assertThat(answer).isEqualTo(reversed(message));
    assertThat(arrived.get().get(ODD)).isEqualTo("a b");
    assertThat(arrived.get().get(RawGrpc.REQUEST_ID)).isNotBlank();
    assertThat(head.get().get(ODD)).isEqualTo("in the head");
    assertThat(trailers.get().get(ODD)).isEqualTo("in the trailers");
    Agents.awaitVerdicts(agent, 1);
    Exchange exchange = agent.ledger().latest(1).get(0);
    assertThat(exchange.route()).isEqualTo(Route.OIP_GRPC_INFER);
    assertThat(exchange.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(exchange.id()).isEqualTo(arrived.get().get(RawGrpc.REQUEST_ID));
  }

  @Test
  void unary_errorOfTheServer_isTheClients() throws Exception {
    Server server =
        serve(
            unary(
                (in, out) ->
                    out.onError(Status.NOT_FOUND.withDescription("no möd%l").asRuntimeException())),
            null);
    RunningAgent agent = agent(server.getPort());
    Status status = failure(agent, RawGrpc.patient());
    assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(status.getDescription()).isEqualTo("no möd%l");
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.ORIGIN_ERROR);
  }

  @Test
  void otherMethod_passes_andIsNoExchange() throws Exception {
    Server server = serve(unary((in, out) -> answer(out, in)), null);
    RunningAgent agent = agent(server.getPort());
    StatusRuntimeException thrown =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    client(agent.port()), RawGrpc.LIVE, RawGrpc.patient(), new byte[0]));
    assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(agent.ledger().latest(9)).isEmpty();
  }

  @Test
  void stream_eachAnswerComesBeforeTheNextQuestion() throws Exception {
    Server server = serve(null, ServerCalls.asyncBidiStreamingCall(ProxyGrpcTest::echo));
    RunningAgent agent = agent(server.getPort());
    Talk talk = new Talk();
    StreamObserver<byte[]> ask = talk.open(client(agent.port()), RawGrpc.patient());
    for (int i = 0; i < 50; i++) {
      byte[] message = random(1 + i * 400);
      ask.onNext(message);
      assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(message);
    }
    ask.onCompleted();
    assertThat(talk.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void stream_serverSpeaksFirst_isHeardBeforeTheClientSaysAnything() throws Exception {
    Server server =
        serve(
            null,
            ServerCalls.asyncBidiStreamingCall(
                out -> {
                  out.onNext(new byte[] {7});
                  return echo(out);
                }));
    RunningAgent agent = agent(server.getPort());
    Talk talk = new Talk();
    StreamObserver<byte[]> ask = talk.open(client(agent.port()), RawGrpc.patient());
    assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new byte[] {7});
    ask.onCompleted();
    assertThat(talk.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
  }

  @Test
  void stream_serverEndsEarly_otherCallsOfTheConnectionLive() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Server server =
        serve(
            unary(
                (in, out) -> {
                  await(release);
                  answer(out, in);
                }),
            ServerCalls.asyncBidiStreamingCall(
                out -> {
                  out.onNext(new byte[] {1});
                  out.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                  return new Deaf();
                }));
    RunningAgent agent = agent(server.getPort());
    ManagedChannel client = client(agent.port());
    CompletableFuture<byte[]> slow = later(client, new byte[] {5});
    for (int i = 0; i < 20; i++) {
      Talk talk = new Talk();
      talk.open(client, RawGrpc.patient());
      assertThat(talk.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(talk.heard.poll()).isEqualTo(new byte[] {1});
    }
    release.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(new byte[] {5});
    Agents.awaitVerdicts(agent, 21);
    assertThat(agent.ledger().latest(30))
        .filteredOn(e -> e.outcome() == Outcome.ORIGIN_ERROR)
        .hasSize(20);
  }

  @Test
  void stream_clientCancels_serverIsTold() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    Server server =
        serve(
            null,
            ServerCalls.asyncBidiStreamingCall(
                out -> {
                  ((ServerCallStreamObserver<byte[]>) out).setOnCancelHandler(cancelled::countDown);
                  return echo(out);
                }));
    RunningAgent agent = agent(server.getPort());
    Talk talk = new Talk();
    StreamObserver<byte[]> ask = talk.open(client(agent.port()), RawGrpc.patient());
    ask.onNext(new byte[] {1});
    assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new byte[] {1});
    ((ClientCallStreamObserver<byte[]>) ask).cancel("enough", null);
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.CLIENT_GONE);
  }

  @Test
  void unary_deadline_reachesTheServer_andEndsTheCall() throws Exception {
    AtomicReference<Long> left = new AtomicReference<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    Server server =
        serve(
            unary(
                (in, out) -> {
                  left.set(Context.current().getDeadline().timeRemaining(TimeUnit.MILLISECONDS));
                  ((ServerCallStreamObserver<byte[]>) out).setOnCancelHandler(cancelled::countDown);
                }),
            null);
    RunningAgent agent = agent(server.getPort());
    Status status = failure(agent, RawGrpc.within(700));
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(left.get()).isLessThanOrEqualTo(700);
    Agents.awaitVerdicts(agent, 1);
  }

  @Test
  void origin_unreachable_isUnavailable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RunningAgent agent = agent(port);
    Status status = failure(agent, RawGrpc.patient());
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("origin.grpc-url");
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.ORIGIN_UNREACHABLE);
  }

  @Test
  void origin_thatSpeaksNoHttp2_isUnavailable() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.sending("HTTP/1.1 400 Bad\r\n\r\n")) {
      RunningAgent agent = agent(origin.port());
      Status status = failure(agent, RawGrpc.patient());
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      Agents.awaitVerdicts(agent, 1);
    }
  }

  @Test
  void origin_silent_isDeadlineExceeded() throws Exception {
    Server server = serve(unary((in, out) -> {}), null);
    RunningAgent agent = agent(server.getPort(), "origin.response-timeout=200ms");
    Status status = failure(agent, RawGrpc.patient());
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("origin.response-timeout");
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.ORIGIN_TIMEOUT);
  }

  @Test
  void origin_whoseMachineIsGone_costsNoCallOfItsNextConnection() throws Exception {
    Server server = serve(unary((in, out) -> answer(out, in)), null);
    try (Relay relay = new Relay(server.getPort())) {
      RunningAgent agent =
          agent(relay.port(), "origin.response-timeout=200ms", "origin.connect-timeout=300ms");
      ManagedChannel client = client(agent.port());
      assertThat(later(client, random(9)).get(10, TimeUnit.SECONDS)).hasSize(9);
      relay.freeze();
      int lost = 0;
      for (boolean lives = false; !lives; lost++) {
        CompletableFuture<byte[]> call = later(client, random(9));
        lives = call.handle((answer, failure) -> failure == null).get(10, TimeUnit.SECONDS);
        assertThat(lost).isLessThan(20);
      }
      assertThat(lost).isGreaterThan(1);
    }
  }

  @Test
  void origin_diesInTheMiddle_isUnavailable_andSaysSo() throws Exception {
    AtomicReference<Server> running = new AtomicReference<>();
    Server server =
        serve(
            null,
            ServerCalls.asyncBidiStreamingCall(
                out -> {
                  out.onNext(new byte[] {1});
                  return new Deaf() {
                    @Override
                    public void onNext(byte[] value) {
                      running.get().shutdownNow();
                    }
                  };
                }));
    running.set(server);
    RunningAgent agent = agent(server.getPort());
    Talk talk = new Talk();
    StreamObserver<byte[]> ask = talk.open(client(agent.port()), RawGrpc.patient());
    assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(new byte[] {1});
    ask.onNext(new byte[] {2});
    assertThat(talk.end.get(10, TimeUnit.SECONDS))
        .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
    Agents.awaitVerdicts(agent, 1);
    assertThat(agent.ledger().latest(1).get(0).outcome()).isEqualTo(Outcome.ORIGIN_CUT);
  }

  @Test
  void stream_clientThatDoesNotRead_stopsTheServer_andNobodyElse() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    byte[] piece = random(64 << 10);
    Server server =
        serve(
            unary((in, out) -> answer(out, in)),
            ServerCalls.asyncBidiStreamingCall(
                out -> {
                  ServerCallStreamObserver<byte[]> to = (ServerCallStreamObserver<byte[]>) out;
                  to.setOnReadyHandler(
                      () -> {
                        while (to.isReady() && sent.get() < 2_000) {
                          sent.incrementAndGet();
                          to.onNext(piece);
                        }
                      });
                  return new Deaf();
                }));
    RunningAgent agent = agent(server.getPort());
    ManagedChannel client = client(agent.port());
    Talk talk = new Talk();
    talk.reads = false;
    ClientCallStreamObserver<byte[]> ask =
        (ClientCallStreamObserver<byte[]>) talk.open(client, RawGrpc.patient());
    ask.onNext(new byte[0]);
    Agents.await("the server has begun", () -> sent.get() > 0);
    int before = -1;
    while (before != sent.get()) {
      before = sent.get();
      Thread.sleep(200);
    }
    assertThat(sent.get()).isLessThan(200);
    byte[] other = random(1 << 20);
    ManagedChannel second = client(agent.port());
    assertThat(later(second, other).get(10, TimeUnit.SECONDS)).isEqualTo(other);
    ask.request(Integer.MAX_VALUE);
    for (int i = 0; i < 2_000; i++) {
      assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).hasSize(piece.length);
    }
    ask.cancel("enough", null);
    Agents.awaitVerdicts(agent, 2);
  }

  @Test
  void unary_manyAtOnce_allComeBack() throws Exception {
    Server server = serve(unary((in, out) -> answer(out, reversed(in))), null);
    RunningAgent agent = agent(server.getPort());
    ManagedChannel client = client(agent.port());
    List<byte[]> messages = new ArrayList<>();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      messages.add(random(1 + new Random(i).nextInt(50_000)));
      answers.add(later(client, messages.get(i)));
    }
    for (int i = 0; i < 500; i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(reversed(messages.get(i)));
    }
    Agents.awaitVerdicts(agent, 500);
  }

  @Test
  void overTls_alpn_passes(@TempDir Path dir) throws Exception {
    Certificates pem = Certificates.make(dir);
    Server server = serve(unary((in, out) -> answer(out, in)), null);
    RunningAgent agent =
        agent(server.getPort(), "tls.certificate=" + pem.chain(), "tls.key=" + pem.key());
    ManagedChannel client =
        NettyChannelBuilder.forAddress("localhost", agent.port())
            .sslContext(GrpcSslContexts.forClient().trustManager(pem.chain().toFile()).build())
            .build();
    open.add(client::shutdownNow);
    byte[] message = random(5_000);
    assertThat(later(client, message).get(10, TimeUnit.SECONDS)).isEqualTo(message);
  }

  @Test
  void severalOrigins_aCallGoesByTheModelInItsFirstMessage() throws Exception {
    Server one = serve(unary((in, out) -> answer(out, new byte[] {1})), echoing(1));
    Server two = serve(unary((in, out) -> answer(out, new byte[] {2})), echoing(2));
    RunningAgent agent =
        agent(
            one.getPort(),
            "origins.b.url=http://127.0.0.1:1",
            "origins.b.grpc-url=http://127.0.0.1:" + two.getPort(),
            "origins.b.models=b,c-*");
    ManagedChannel client = client(agent.port());
    for (String model : List.of("a", "b", "c-1", "")) {
      byte[] ask = ModelInferRequest.newBuilder().setModelName(model).build().toByteArray();
      byte[] wanted = {(byte) (model.startsWith("b") || model.startsWith("c") ? 2 : 1)};
      assertThat(later(client, ask).get(10, TimeUnit.SECONDS)).isEqualTo(wanted);
      Talk talk = new Talk();
      StreamObserver<byte[]> stream = talk.open(client, RawGrpc.patient());
      stream.onNext(ask);
      assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).as(model).isEqualTo(wanted);
      stream.onNext(random(9_000));
      assertThat(talk.heard.poll(10, TimeUnit.SECONDS)).isEqualTo(wanted);
      stream.onCompleted();
      assertThat(talk.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.Code.OK);
    }
    Agents.awaitVerdicts(agent, 8);
    assertThat(agent.ledger().latest(8)).filteredOn(e -> e.origin().equals("b")).hasSize(4);
  }

  @Test
  void replicaThatRefuses_itsCallsAreTakenOver_andItIsUnhealthy() throws Exception {
    Server one = serve(unary((in, out) -> answer(out, new byte[] {1})), null);
    RunningAgent agent =
        Agents.passing(
            1,
            "origins.a.url=http://127.0.0.1:1",
            "origins.a.models=m",
            "origins.b.url=http://127.0.0.1:" + one.getPort(),
            "origins.b.models=m");
    open.add(agent);
    ManagedChannel client = client(agent.port());
    byte[] ask = ModelInferRequest.newBuilder().setModelName("m").build().toByteArray();
    for (int i = 0; i < 8; i++) {
      assertThat(later(client, ask).get(10, TimeUnit.SECONDS)).isEqualTo(new byte[] {1});
    }
    Agents.awaitVerdicts(agent, 8);
    assertThat(agent.ledger().latest(8)).allMatch(e -> e.origin().equals("b"));
    assertThat(RawHttp.get(agent.adminPort(), "/api/origins").text()).contains("unhealthy");
  }

  /** Answers each message of a stream with its number. */
  private static ServerCallHandler<byte[], byte[]> echoing(int number) {
    return ServerCalls.asyncBidiStreamingCall(
        out ->
            new Deaf() {
              @Override
              public void onNext(byte[] value) {
                out.onNext(new byte[] {(byte) number});
              }

              @Override
              public void onCompleted() {
                out.onCompleted();
              }
            });
  }

  @Test
  void mode_thatIsNone_isInvalidArgument() throws Exception {
    Server server = serve(unary((in, out) -> answer(out, in)), null);
    RunningAgent agent = agent(server.getPort());
    Metadata sent = new Metadata();
    sent.put(Metadata.Key.of("plumbline-mode", Metadata.ASCII_STRING_MARSHALLER), "strict");
    StatusRuntimeException thrown =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(
                        client(agent.port()), MetadataUtils.newAttachHeadersInterceptor(sent)),
                    RawGrpc.INFER,
                    RawGrpc.patient(),
                    new byte[0]));
    assertThat(thrown.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    Agents.awaitVerdicts(agent, 1);
  }

  private Server serve(
      ServerCallHandler<byte[], byte[]> infer, ServerCallHandler<byte[], byte[]> stream)
      throws IOException {
    Server server = RawGrpc.serve(infer, stream);
    open.add(server::shutdownNow);
    return server;
  }

  /** REST goes elsewhere: gRPC must not. */
  private RunningAgent agent(int port, String... settings) {
    String[] all = new String[settings.length + 1];
    all[0] = "origin.grpc-url=http://127.0.0.1:" + port;
    System.arraycopy(settings, 0, all, 1, settings.length);
    RunningAgent agent = Agents.passing(1, all);
    open.add(agent);
    return agent;
  }

  private ManagedChannel client(int port) {
    ManagedChannel channel = RawGrpc.connect(port);
    open.add(channel::shutdownNow);
    return channel;
  }

  private Status failure(RunningAgent agent, CallOptions options) {
    return catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    client(agent.port()), RawGrpc.INFER, options, random(100)))
        .getStatus();
  }

  private static CompletableFuture<byte[]> later(ManagedChannel client, byte[] message) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = client.newCall(RawGrpc.INFER, RawGrpc.patient());
    ClientCalls.asyncUnaryCall(
        call,
        message,
        new StreamObserver<>() {
          @Override
          public void onNext(byte[] value) {
            answer.complete(value);
          }

          @Override
          public void onError(Throwable t) {
            answer.completeExceptionally(t);
          }

          @Override
          public void onCompleted() {}
        });
    return answer;
  }

  private interface Answering {
    void answer(byte[] message, StreamObserver<byte[]> out);
  }

  private static ServerCallHandler<byte[], byte[]> unary(Answering answering) {
    return ServerCalls.asyncUnaryCall(answering::answer);
  }

  private static void answer(StreamObserver<byte[]> out, byte[] message) {
    out.onNext(message);
    out.onCompleted();
  }

  private static StreamObserver<byte[]> echo(StreamObserver<byte[]> out) {
    return new Deaf() {
      @Override
      public void onNext(byte[] value) {
        out.onNext(value);
      }

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  private static class Deaf implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] value) {}

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }

  /** The client's side of a stream. */
  private static final class Talk implements ClientResponseObserver<byte[], byte[]> {
    final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<Status.Code> end = new CompletableFuture<>();
    boolean reads = true;

    StreamObserver<byte[]> open(ManagedChannel client, CallOptions options) {
      return ClientCalls.asyncBidiStreamingCall(client.newCall(RawGrpc.STREAM, options), this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> stream) {
      if (!reads) {
        stream.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(byte[] value) {
      heard.add(value);
    }

    @Override
    public void onError(Throwable t) {
      end.complete(Status.fromThrowable(t).getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }
  }

  private static ServerCallHandler<byte[], byte[]> metadata(
      AtomicReference<Metadata> arrived, ServerCallHandler<byte[], byte[]> next) {
    return (call, headers) -> {
      arrived.set(headers);
      return next.startCall(
          new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata head) {
              head.put(ODD, "in the head");
              super.sendHeaders(head);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              trailers.put(ODD, "in the trailers");
              super.close(status, trailers);
            }
          },
          headers);
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      turned[i] = bytes[bytes.length - 1 - i];
    }
    return turned;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
