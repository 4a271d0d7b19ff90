package dev.plumbline.agent.proxy;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.brotli.dec.BrotliInputStream;

/** A content coding of HTTP (RFC 9110, section 8.4.1) that can be undone. */
enum ContentCoding {
  IDENTITY("identity", ""),
  GZIP("gzip", "x-gzip"),
  /** The zlib form of RFC 9110, or the bare one that some servers send under the same name. */
  DEFLATE("deflate", "deflate"),
  BROTLI("br", "br"),
  ZSTD("zstd", "zstd");

  private static final int HEADER_BYTES = 2;

  private final String name;
  private final String alias;

  ContentCoding(String name, String alias) {
    this.name = name;
    this.alias = alias;
  }

  /** As it stands in a header. */
  String header() {
    return name;
  }

  /** Of a {@code Content-Encoding}; nothing for unknown ones and for several in a row. */
  static Optional<ContentCoding> of(String header) {
    String wanted = header.trim().toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(coding -> coding.name.equals(wanted) || coding.alias.equals(wanted))
        .findFirst();
  }

  /** The bytes behind the coding; a decoder may throw any runtime exception on hostile bytes. */
  InputStream open(InputStream body) throws IOException {
    return switch (this) {
      case IDENTITY -> body;
      case GZIP -> new GZIPInputStream(body);
      case DEFLATE -> inflate(new PushbackInputStream(body, HEADER_BYTES));
      case BROTLI -> new BrotliInputStream(body);
      case ZSTD -> new ZstdInputStream(body);
    };
  }

  private static InputStream inflate(PushbackInputStream body) throws IOException {
    byte[] head = body.readNBytes(HEADER_BYTES);
    body.unread(head);
    return new InflaterInputStream(body, new Inflater(!isZlib(head)));
  }

  /** RFC 1950: method 8, and a header that is a multiple of 31. */
  private static boolean isZlib(byte[] head) {
    return head.length == HEADER_BYTES
        && (head[0] & 0x0f) == 8
        && ((head[0] & 0xff) << 8 | head[1] & 0xff) % 31 == 0;
  }
}
