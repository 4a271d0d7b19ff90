package dev.plumbline.agent.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An origin that hands over hidden states as vLLM's {@code ExampleHiddenStatesConnector} does: a
 * safetensors file {@code hidden_states [T, 1, D]} of bfloat16 for every answer, named in it.
 *
 * <p>Each file is a hard link to one of {@value #TEMPLATES} prepared ones, more than a processor's
 * cache holds: what a model server spends on writing is its own and not measured here.
 */
final class FilesOrigin implements AutoCloseable {
  private static final int TEMPLATES = 64;
  private static final int PROMPT = 3;

  private final HttpServer server;
  private final Path templates;
  private final Path volume;
  private final String head;
  private final String tail;
  private int next;

  /**
   * @param folder where the files lie, the shared volume below it
   * @param tokens with states, of an answer
   */
  FilesOrigin(Vertx vertx, Path folder, int tokens) throws IOException {
    this.templates = Files.createDirectories(folder.resolve("templates"));
    this.volume = Files.createDirectories(folder.resolve("volume"));
    int answer = tokens - PROMPT + 1;
    for (int i = 0; i < TEMPLATES; i++) {
      Files.write(template(i), file(tokens, i));
    }
    this.head =
        "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"aligned\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"text\"},"
            + "\"finish_reason\":\"stop\",\"token_ids\":"
            + ids(PROMPT, PROMPT + answer)
            + "}],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d},"
                .formatted(PROMPT, answer, PROMPT + answer)
            + "\"prompt_token_ids\":"
            + ids(0, PROMPT)
            + ",\"kv_transfer_params\":{\"hidden_states_path\":\"";
    this.tail = "\"}}";
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void answer(HttpServerRequest request) {
    Path file = volume.resolve("chatcmpl-" + request.getHeader("x-request-id") + ".safetensors");
    try {
      Files.createLink(file, template(next++ % TEMPLATES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    request
        .response()
        .putHeader("content-type", "application/json")
        .end(Buffer.buffer(head + file + tail));
  }

  int port() {
    return server.actualPort();
  }

  Path volume() {
    return volume;
  }

  private Path template(int i) {
    return templates.resolve(i + ".safetensors");
  }

  private static String ids(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Random states of about unit size: bfloat16 is the upper half of a float32. */
  private static byte[] file(int tokens, long seed) {
    int bytes = tokens * PlantedArtefact.HIDDEN * Short.BYTES;
    String json =
        ("{\"hidden_states\":{\"dtype\":\"BF16\",\"shape\":[%1$d,1,%2$d],\"data_offsets\":[0,%3$d]},"
                + "\"token_ids\":{\"dtype\":\"I64\",\"shape\":[%1$d],\"data_offsets\":[%3$d,%4$d]}}")
            .formatted(tokens, PlantedArtefact.HIDDEN, bytes, bytes + tokens * Long.BYTES);
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + header.length + bytes + tokens * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    Random random = new Random(seed);
    for (int i = 0; i < bytes / Short.BYTES; i++) {
      file.putShort((short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
    }
    for (long id = 0; id < tokens; id++) {
      file.putLong(id);
    }
    return file.array();
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
