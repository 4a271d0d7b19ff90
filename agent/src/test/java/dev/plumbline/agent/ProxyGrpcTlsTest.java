package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.wire.oip.grpc.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An origin that takes gRPC over TLS, with a certificate of its own. */
class ProxyGrpcTlsTest {
  private static final byte[] ASK =
      ModelInferRequest.newBuilder().setModelName("b").build().toByteArray();

  @TempDir private Path dir;
  private final AtomicReference<String> authority = new AtomicReference<>();
  private Certificates own;
  private Certificates other;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    own = Certificates.make(Files.createDirectory(dir.resolve("own")));
    other = Certificates.make(Files.createDirectory(dir.resolve("other")));
    ServerCallHandler<byte[], byte[]> echo =
        ServerCalls.asyncUnaryCall(
            (ask, answer) -> {
              answer.onNext(ask);
              answer.onCompleted();
            });
    ServerCallHandler<byte[], byte[]> noting =
        new ServerCallHandler<>() {
          @Override
          public ServerCall.Listener<byte[]> startCall(
              ServerCall<byte[], byte[]> call, Metadata headers) {
            authority.set(call.getAuthority());
            return echo.startCall(call, headers);
          }
        };
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))
            .useTransportSecurity(own.chain().toFile(), own.key().toFile())
            .addService(
                ServerServiceDefinition.builder(RawGrpc.SERVICE)
                    .addMethod(RawGrpc.INFER, noting)
                    .build())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private RunningAgent agent(Certificates ca) {
    return Agents.passing(
        1,
        "origins.b.url=http://127.0.0.1:1",
        "origins.b.grpc-url=https://127.0.0.1:" + server.getPort(),
        "origins.b.models=b",
        "origins.b.tls.ca=" + ca.chain(),
        "origins.b.tls.server-name=localhost");
  }

  private static byte[] ask(RunningAgent agent) throws Exception {
    ManagedChannel client = RawGrpc.connect(agent.port());
    try {
      return ClientCalls.blockingUnaryCall(client, RawGrpc.INFER, RawGrpc.patient(), ASK);
    } finally {
      client.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void call_toAnOriginOfItsOwnCa_passesUnderTheUrlsName() throws Exception {
    try (RunningAgent agent = agent(own)) {
      assertThat(ask(agent)).isEqualTo(ASK);
      assertThat(authority.get()).isEqualTo("127.0.0.1:" + server.getPort());
    }
  }

  @Test
  void call_toAnOriginOfAnotherCa_isRefusedAndCounted() throws Exception {
    try (RunningAgent agent = agent(other)) {
      assertThatThrownBy(() -> ask(agent))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE")
          .hasMessageContaining("nobody signed");
      assertThat(RawHttp.get(agent.adminPort(), "/metrics").text())
          .contains("plumbline_origin_tls_failures_total{origin=\"b\",reason=\"untrusted\"} 1.0");
    }
  }
}
