package dev.plumbline.agent;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A real gRPC server and client of the Open Inference Protocol whose messages are bare bytes. */
public final class RawGrpc {
  static final int MOST_BYTES = 64 << 20;
  static final String SERVICE = "inference.GRPCInferenceService";

  static final MethodDescriptor<byte[], byte[]> INFER =
      method("ModelInfer", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> STREAM =
      method("ModelStreamInfer", MethodDescriptor.MethodType.BIDI_STREAMING);
  static final MethodDescriptor<byte[], byte[]> LIVE =
      method("ServerLive", MethodDescriptor.MethodType.UNARY);

  static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  private RawGrpc() {}

  static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
    Bytes bytes = new Bytes();
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(type)
        .setFullMethodName(SERVICE + "/" + name)
        .build();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A server on a free port; a method that is null is not there. */
  static Server serve(
      ServerCallHandler<byte[], byte[]> infer, ServerCallHandler<byte[], byte[]> stream)
      throws IOException {
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
    if (infer != null) {
      service.addMethod(INFER, infer);
    }
    if (stream != null) {
      service.addMethod(STREAM, stream);
    }
    return serve(service.build());
  }

  /** A server of these methods on a free port. */
  static Server serve(ServerServiceDefinition service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .maxInboundMessageSize(MOST_BYTES)
        .addService(service)
        .build()
        .start();
  }

  /** A client in plain text, by prior knowledge. */
  static ManagedChannel connect(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .maxInboundMessageSize(MOST_BYTES)
        .build();
  }

  static CallOptions within(int millis) {
    return CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
  }

  static CallOptions patient() {
    return within(20_000);
  }
}
