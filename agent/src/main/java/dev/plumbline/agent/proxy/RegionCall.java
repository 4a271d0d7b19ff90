package dev.plumbline.agent.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.plumbline.agent.wire.Json;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryRegisterRequest;
import dev.plumbline.agent.wire.oip.grpc.SystemSharedMemoryUnregisterRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A call of Triton's shared memory extension that changes which regions an origin knows. */
sealed interface RegionCall {
  /** Bytes of a call that is looked at; a longer one is none of a client's library. */
  int MOST_BYTES = 64 << 10;

  /** A region is to be known from now on. Sizes are as claimed. */
  record Register(String name, String key, long offset, long byteSize) implements RegionCall {}

  /**
   * A region is to be forgotten.
   *
   * @param name empty for all
   */
  record Unregister(String name) implements RegionCall {}

  /** The paths of both, over REST. */
  Pattern REST =
      Pattern.compile("/v2/systemsharedmemory(?:/region/([^/]+))?/(?:(register)|unregister)/?");

  String GRPC = "/inference.GRPCInferenceService/SystemSharedMemory";

  /** Whether a POST to this path is one. */
  static boolean isRest(String path) {
    Matcher parts = path == null ? null : REST.matcher(path);
    return parts != null && parts.matches() && (parts.group(1) != null || parts.group(2) == null);
  }

  /** Whether a gRPC call of this path is one. */
  static boolean isGrpc(String path) {
    return (GRPC + "Register").equals(path) || (GRPC + "Unregister").equals(path);
  }

  /**
   * The call; empty when its body is not understood.
   *
   * @param path for which {@link #isRest} holds
   */
  static Optional<RegionCall> rest(String path, byte[] body) {
    Matcher parts = REST.matcher(path);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String name = parts.group(1) == null ? "" : decode(parts.group(1));
    if (parts.group(2) == null) {
      return Optional.of(new Unregister(name));
    }
    return Json.look(body)
        .filter(asked -> asked.path("key").isTextual() && whole(asked, "byte_size"))
        .filter(asked -> asked.path("offset").isMissingNode() || whole(asked, "offset"))
        .map(
            asked ->
                new Register(
                    name,
                    asked.path("key").asText(),
                    asked.path("offset").asLong(0),
                    asked.path("byte_size").asLong()));
  }

  private static boolean whole(JsonNode asked, String member) {
    return asked.path(member).isIntegralNumber() && asked.path(member).canConvertToLong();
  }

  /** The same of a gRPC message. */
  static Optional<RegionCall> grpc(String path, byte[] message) {
    try {
      if (path.endsWith("Unregister")) {
        return Optional.of(
            new Unregister(SystemSharedMemoryUnregisterRequest.parseFrom(message).getName()));
      }
      var asked = SystemSharedMemoryRegisterRequest.parseFrom(message);
      return Optional.of(
          new Register(asked.getName(), asked.getKey(), asked.getOffset(), asked.getByteSize()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static String decode(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
