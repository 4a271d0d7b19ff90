package dev.plumbline.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * An exchange made from a seed: the bytes of a request and of its answer, with everything odd that
 * HTTP/1.1 and server-sent events allow.
 *
 * @param number names the case in the header {@code X-Case}
 * @param head of the request, to its empty line
 * @param body of the request in pieces, as framed
 * @param expects the client waits for 100 before the body
 * @param continued the origin says 100
 * @param toHead the answer has no body because the request is a HEAD
 * @param answer of the origin in pieces
 * @param keeps the origin keeps the connection
 * @param generation a request to a generation route
 */
record GeneratedExchange(
    int number,
    byte[] head,
    List<byte[]> body,
    boolean expects,
    boolean continued,
    boolean toHead,
    List<byte[]> answer,
    boolean keeps,
    boolean generation) {
  private static final String[] METHODS = {"GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"};
  private static final String[] PATHS = {
    "/v1/models", "/", "/a%20b//c?x=%2F&y", "/v1/embeddings", "/x;p=1/..;/y?q=a?b", "/%F0%9F%99%82"
  };
  private static final String[] STATUS = {
    "200 OK", "200 ", "200 Fine Indeed", "201 Created", "206 Partial Content", "301 Moved",
    "404 Not Found", "418 I'm a teapot", "429 Too Many Requests", "500 Oh", "503 Later", "599 x y"
  };
  private static final String[] ODD_HEADERS = {
    "X-Empty:",
    "x-low: 1",
    "X-Twice: a",
    "x-twice: b",
    "X-TWICE: a",
    "X-Comma: a, b,, c",
    "X-Latin: caf\u00e9 \u00a9",
    "X-Quoted: \"a\\\"b; c\"",
    "X-Tab: a\tb",
    "X-!#$%&'*+.^_`|~: odd",
    "Cookie: a=1; b=2",
    "Via: 1.0 fred",
    "X-Forwarded-For: 1.2.3.4",
    "Cache-Control: no-cache",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate: a=1,b=2",
    "Accept-Encoding: gzip, br;q=0.5",
    "Range: bytes=0-9",
    "X-Colon: a:b:c",
    "X-Spaces:   a  b   "
  };
  private static final String[] WORDS = {
    "wört", "🙂", "evil", "\\n", " ", "日本", "\u00a0", "a".repeat(40), "{\\\"x\\\":1}", "\u2028"
  };

  static GeneratedExchange of(int number, long seed) {
    return new Maker(number, new Random(seed * 1_000_003 + number)).make();
  }

  /** Draws one exchange; used once. */
  private static final class Maker {
    private final int number;
    private final Random random;
    private String method;

    Maker(int number, Random random) {
      this.number = number;
      this.random = random;
    }

    GeneratedExchange make() {
      boolean generation = random.nextInt(10) < 6;
      method = generation ? "POST" : METHODS[random.nextInt(METHODS.length)];
      String path = generation ? generationPath() : PATHS[random.nextInt(PATHS.length)];
      byte[] content = generation ? utf8(question()) : requestBody();
      boolean chunked = content.length > 0 && chance(3);
      boolean expects = content.length > 0 && chance(12);
      boolean continued = expects && !chance(3);
      String head = requestHead(path, content.length, chunked, expects);
      List<byte[]> body = chunked ? pieces(chunks(content, "")) : pieces(content);
      boolean toHead = method.equals("HEAD");
      Reply reply = expects && !continued ? refusal() : reply(toHead);
      return new GeneratedExchange(
          number,
          latin(head),
          body,
          expects,
          continued,
          toHead,
          pieces(reply.bytes()),
          reply.keeps(),
          generation);
    }

    private String generationPath() {
      return chance(2) ? "/v1/chat/completions" : "/v1/completions?api-version=1";
    }

    private byte[] requestBody() {
      return method.matches("PUT|PATCH|DELETE") && chance(2)
          ? bytes(random.nextInt(3000))
          : new byte[0];
    }

    private String requestHead(String path, int length, boolean chunked, boolean expects) {
      StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: test\r\n");
      head.append("X-Case: ").append(number).append("\r\n");
      head.append(oddHeaders());
      if (chance(8)) {
        head.append("Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n");
      }
      if (expects) {
        head.append("Expect: 100-continue\r\n");
      }
      if (chunked) {
        head.append("Transfer-Encoding: chunked\r\n");
      } else if (length > 0 || method.equals("POST")) {
        head.append("Content-Length: ").append(length).append("\r\n");
      }
      return head.append("\r\n").toString();
    }

    private String oddHeaders() {
      StringBuilder lines = new StringBuilder();
      for (int left = random.nextInt(6); left > 0; left--) {
        lines.append(ODD_HEADERS[random.nextInt(ODD_HEADERS.length)]).append("\r\n");
      }
      if (chance(20)) {
        lines.append("X-Long: ").append("v".repeat(8000)).append("\r\n");
      }
      return lines.toString();
    }

    private record Reply(byte[] bytes, boolean keeps) {}

    private Reply refusal() {
      return new Reply(latin("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno"), false);
    }

    private Reply reply(boolean toHead) {
      String interim =
          !toHead && chance(25)
              ? "HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n"
              : "";
      if (chance(12)) {
        String status = chance(2) ? "204 No Content" : "304 Not Modified";
        return new Reply(
            latin(interim + "HTTP/1.1 " + status + "\r\n" + oddHeaders() + "\r\n"), true);
      }
      String start =
          interim + "HTTP/1.1 " + STATUS[random.nextInt(STATUS.length)] + "\r\n" + oddHeaders();
      byte[] content = content();
      if (toHead) {
        String length = chance(2) ? "Content-Length: " + content.length + "\r\n" : "";
        return new Reply(latin(start + length + "\r\n"), true);
      }
      return framed(start + type, content);
    }

    private String type = "";

    private Reply framed(String start, byte[] content) {
      boolean cut = content.length > 1 && chance(10);
      int framing = random.nextInt(5);
      boolean keeps = !cut && framing != 2 && !chance(6);
      String head = start + (keeps || framing == 2 ? "" : "Connection: close\r\n");
      byte[] bytes =
          switch (framing) {
            case 0, 1 ->
                join(latin(head + "Content-Length: " + content.length + "\r\n\r\n"), content);
            case 2 -> join(latin(head + "\r\n"), content);
            default -> {
              String trailers = chance(4) ? "x-sum: 5\r\nX-Two: \r\n" : "";
              String named = trailers.isEmpty() ? "" : "Trailer: x-sum\r\n";
              yield join(
                  latin(head + named + "Transfer-Encoding: chunked\r\n\r\n"),
                  chunks(content, trailers));
            }
          };
      if (cut && framing != 2) {
        return new Reply(java.util.Arrays.copyOf(bytes, bytes.length - content.length / 2), false);
      }
      return new Reply(bytes, keeps);
    }

    private byte[] content() {
      int kind = random.nextInt(12);
      type = "Content-Type: application/json\r\n";
      if (kind < 6) {
        type = "Content-Type: text/event-stream; charset=utf-8\r\n";
        return stream(kind == 5 && chance(10) ? 1 << 20 : 0);
      }
      if (kind < 8) {
        return utf8(answer("message", words()));
      }
      if (kind == 8) {
        type += "Content-Encoding: gzip\r\n";
        return gzip(utf8(answer("message", words())));
      }
      type = "";
      return kind == 9 ? new byte[0] : bytes(random.nextInt(chance(8) ? 300_000 : 900));
    }

    private byte[] stream(int lineBytes) {
      String end = chance(2) ? "\n" : "\r\n";
      StringBuilder all = new StringBuilder(chance(3) ? "\ufeff" : "");
      for (int left = 1 + random.nextInt(12); left > 0; left--) {
        if (chance(5)) {
          all.append(": comment ").append(words()).append(end).append(chance(2) ? end : "");
        }
        if (chance(5)) {
          all.append("event: x").append(end).append("id:").append(left).append(end);
        }
        String text = answer("delta", words() + "z".repeat(left == 1 ? lineBytes : 0));
        int split = chance(5) ? text.indexOf(':') + 1 : 0;
        if (split > 0) {
          all.append("data: ").append(text, 0, split).append(end);
        }
        all.append(chance(4) ? "data:" : "data: ").append(text.substring(split)).append(end);
        all.append(end);
      }
      return utf8(all.append(chance(6) ? "" : "data: [DONE]" + end + end).toString());
    }

    private String question() {
      return "{\"model\":\"m\",\"stream\":true,\"prompt\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
          .formatted(words(), words());
    }

    private String answer(String field, String text) {
      return "{\"choices\":[{\"index\":0,\"%s\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
          .formatted(field, text);
    }

    private String words() {
      StringBuilder all = new StringBuilder();
      for (int left = random.nextInt(8); left > 0; left--) {
        all.append(WORDS[random.nextInt(WORDS.length)]);
      }
      return all.toString();
    }

    private byte[] chunks(byte[] content, String trailers) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      int most = 1 + random.nextInt(content.length > 20_000 ? 50_000 : 60);
      for (int at = 0; at < content.length; ) {
        int length = Math.min(content.length - at, 1 + random.nextInt(most));
        String extension = chance(20) ? ";name=\"v\"" : "";
        String size = Integer.toHexString(length);
        size = chance(10) ? "00" + size.toUpperCase(java.util.Locale.ROOT) : size;
        all.writeBytes(latin(size + extension + "\r\n"));
        all.write(content, at, length);
        all.writeBytes(latin("\r\n"));
        at += length;
      }
      all.writeBytes(latin("0\r\n" + trailers + "\r\n"));
      return all.toByteArray();
    }

    /** Cuts anywhere: in UTF-8, in fields, in chunk sizes, in heads. */
    private List<byte[]> pieces(byte[] bytes) {
      List<byte[]> all = new ArrayList<>();
      int most =
          chance(3) ? Integer.MAX_VALUE : Math.max(1, bytes.length / (1 + random.nextInt(8)));
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
        all.add(java.util.Arrays.copyOfRange(bytes, at, at + length));
        at += length;
      }
      return all;
    }

    private byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    /** One in so many. */
    private boolean chance(int in) {
      return random.nextInt(in) == 0;
    }
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static byte[] join(byte[] one, byte[] two) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(one);
    all.writeBytes(two);
    return all.toByteArray();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
