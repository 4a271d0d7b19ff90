package dev.plumbline.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** HTTP/1.1 over a plain socket: what really comes down the wire, headers in order and case. */
final class RawHttp implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private boolean ended;

  /** Status lines and headers of the interim responses (1xx) read so far. */
  final List<String> interim = new ArrayList<>();

  RawHttp(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A response as it was received. */
  record Response(
      String statusLine,
      List<String> headers,
      byte[] body,
      List<String> trailers,
      boolean complete) {
    int status() {
      return Integer.parseInt(statusLine.split(" ")[1]);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
      return find(headers, name);
    }

    Optional<String> trailer(String name) {
      return find(trailers, name);
    }

    /** All headers but those of the hop. */
    List<String> endToEnd() {
      return headers.stream()
          .filter(
              line ->
                  !line.toLowerCase(Locale.ROOT)
                      .matches("(connection|keep-alive|transfer-encoding):.*"))
          .map(RawHttp::normal)
          .toList();
    }

    private static Optional<String> find(List<String> lines, String name) {
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).trim())
          .findFirst();
    }
  }

  /** A header line; white space around a value is no part of it. */
  static String normal(String line) {
    return line.strip().replaceFirst(":\\s*", ": ");
  }

  static Response get(int port, String path, String... headers) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      http.send(head.append("Connection: close\r\n\r\n").toString());
      return http.read(false);
    }
  }

  static Response post(int port, String path, String body, String... headers) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      http.post(path, body, headers);
      return http.read(false);
    }
  }

  void post(String path, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    head.append("Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    send(head.append("\r\n").toString());
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends bytes as they are, in a packet of their own as far as that can be had. */
  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Whether the next head is an interim one; it stays to be read. */
  boolean interimNext() throws IOException {
    in.mark(32);
    String start = new String(in.readNBytes("HTTP/1.1 1".length()), StandardCharsets.ISO_8859_1);
    in.reset();
    return start.equals("HTTP/1.1 1");
  }

  /** Reads one interim response. */
  void readInterim() throws IOException {
    for (String line = line(); !line.isEmpty(); line = line()) {
      interim.add(line);
    }
  }

  /** Reads one response; a cut one comes back with {@code complete} false. */
  Response read(boolean toHead) throws IOException {
    String status = line();
    List<String> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    Response head = new Response(status, headers, new byte[0], List.of(), true);
    if (status.isEmpty()) {
      throw new IOException("wanted a response, found the end");
    }
    if (head.status() < 200 && head.status() != 101) {
      interim.add(status);
      interim.addAll(head.endToEnd());
      return read(toHead);
    }
    if (toHead || head.status() == 204 || head.status() == 304) {
      return head;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<String> trailers = new ArrayList<>();
    boolean complete = body(head, body, trailers);
    return new Response(status, headers, body.toByteArray(), trailers, complete);
  }

  private boolean body(Response head, ByteArrayOutputStream body, List<String> trailers)
      throws IOException {
    if (head.header("transfer-encoding").isPresent()) {
      return chunks(body, trailers);
    }
    Optional<String> length = head.header("content-length");
    int wanted = length.map(Integer::parseInt).orElse(Integer.MAX_VALUE);
    body.writeBytes(in.readNBytes(wanted));
    return length.isEmpty() || body.size() == wanted;
  }

  private boolean chunks(ByteArrayOutputStream body, List<String> trailers) throws IOException {
    while (true) {
      String size = line();
      if (size.isEmpty()) {
        return false;
      }
      int length = Integer.parseInt(size.split(";")[0].trim(), 16);
      if (length == 0) {
        for (String line = line(); !line.isEmpty(); line = line()) {
          trailers.add(line);
        }
        return !ended;
      }
      body.writeBytes(in.readNBytes(length));
      line();
    }
  }

  /** Leaves with a reset, not with an end. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** The bytes until this text has come. */
  String readUntil(String text) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    while (!seen.toString(StandardCharsets.UTF_8).contains(text)) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("wanted " + text + ", found the end after: " + seen);
      }
      seen.write(b);
    }
    return seen.toString(StandardCharsets.UTF_8);
  }

  boolean atEnd() throws IOException {
    return in.read() < 0;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b = in.read();
    for (; b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    ended = b < 0;
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
