package dev.plumbline.agent.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes to a port, as they are, and what comes back. */
final class Raw {
  private Raw() {}

  /**
   * Sends and reads until the other side ends or is silent for so long.
   *
   * @return all that came; empty where the connection was closed without a word
   */
  static String exchange(int port, String bytes, int silenceMillis) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(silenceMillis);
      try {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
      } catch (IOException closedMeanwhile) {
        // What it said before is to be read.
      }
      return read(socket.getInputStream());
    }
  }

  /** What came until the end, a reset or silence. */
  static String read(InputStream in) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        all.write(some, 0, read);
      }
    } catch (SocketTimeoutException silent) {
      // That is all.
    } catch (IOException reset) {
      // That is all, too.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether nobody has ended the connection for as long as a read of it may take. */
  static boolean open(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException silent) {
      return true;
    }
  }

  /** One request; the answer's head and what of its body came. */
  static String ask(int port, String method, String path, String... headers) throws IOException {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (!method.equals("GET")) {
      head.append("Content-Length: 0\r\n");
    }
    return exchange(port, head + "Connection: close\r\n\r\n", 1500);
  }

  /** The first answer's status; 0 where the connection was closed without one. */
  static int status(String answer) {
    return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
  }
}
