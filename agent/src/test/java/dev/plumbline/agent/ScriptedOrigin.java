package dev.plumbline.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin that sends exactly the bytes of its script, and counts its connections. */
final class ScriptedOrigin implements AutoCloseable {
  /** Answers one request; the connection stays open when it returns true. */
  interface Script {
    boolean answer(Request request, OutputStream out) throws Exception;

    /** What to do about a head before its body; the body is left unread when it returns false. */
    default boolean head(Request head, OutputStream out) throws Exception {
      return true;
    }
  }

  /** Thrown by a script: the connection ends with a reset, not with an end. */
  static final class Reset extends IOException {}

  /** A request as it came. */
  record Request(String line, List<String> headers, byte[] body) {
    String header(String name) {
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).trim())
          .findFirst()
          .orElse("");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger accepted = new AtomicInteger();
  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final Script script;

  ScriptedOrigin(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    Thread acceptor = new Thread(this::accept, "scripted-origin");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** An origin that sends this text for every request and keeps the connection. */
  static ScriptedOrigin sending(String text) throws IOException {
    return new ScriptedOrigin(
        (request, out) -> {
          out.write(text.getBytes(StandardCharsets.UTF_8));
          out.flush();
          return true;
        });
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        accepted.incrementAndGet();
        open.incrementAndGet();
        Thread thread = new Thread(() -> serve(socket), "scripted-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean more = true;
      while (more) {
        Request request = read(in, socket.getOutputStream());
        if (request == null) {
          return;
        }
        requests.add(request);
        more = script.answer(request, socket.getOutputStream());
      }
    } catch (Reset e) {
      reset(socket);
    } catch (Exception e) {
      // The other side left, which scripts are allowed to see.
    } finally {
      close(socket);
      open.decrementAndGet();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  private Request read(InputStream in, OutputStream out) throws Exception {
    String line = line(in);
    if (line.isEmpty()) {
      return null;
    }
    List<String> headers = new CopyOnWriteArrayList<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      headers.add(header);
    }
    Request head = new Request(line, headers, new byte[0]);
    return script.head(head, out) ? new Request(line, headers, body(in, head)) : head;
  }

  private static byte[] body(InputStream in, Request head) throws IOException {
    if (!head.header("content-length").isEmpty()) {
      return in.readNBytes(Integer.parseInt(head.header("content-length")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.header("transfer-encoding").equals("chunked")) {
      for (int n = size(in); n > 0; n = size(in)) {
        body.writeBytes(in.readNBytes(n));
        line(in);
      }
      while (!line(in).isEmpty()) {
        // Trailers of a request.
      }
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";")[0].trim(), 16);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
