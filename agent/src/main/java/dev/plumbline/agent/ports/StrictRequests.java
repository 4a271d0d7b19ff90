package dev.plumbline.agent.ports;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Set;

/**
 * Vert.x's decoder of requests, but for two that are none: one with both {@code Content-Length} and
 * {@code Transfer-Encoding} (RFC 9112 6.3 calls it an attempt at smuggling, where the parser of
 * itself would drop the length and go on), and one of a version other than 1.0 and 1.1. What
 * follows them on the connection is none either. Tells of a body that is cut into no chunks, which
 * ends its connection without another word, and of heads that come in pieces.
 */
final class StrictRequests extends VertxHttpRequestDecoder {
  /** What Vert.x calls its decoder in a pipeline. */
  static final String NAME = "httpDecoder";

  private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");

  /** An empty line before a request is no part of it (RFC 9112 2.2); more of them are. */
  private static final int FREE_BYTES = 2;

  private final Runnable badBody;

  /** Who is told of heads in pieces; nobody before the connection is known. */
  private LaterHeads heads;

  /** Between a head's end and its body's, or after what was none: no head is awaited. */
  private boolean within;

  /** The first line of a head is there. */
  private boolean line;

  private boolean told;
  private int skipped;

  private StrictRequests(HttpServerOptions options, Runnable badBody) {
    super(options);
    this.badBody = badBody;
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    if (!VERSIONS.contains(line[2])) {
      throw new IllegalArgumentException("neither HTTP/1.0 nor HTTP/1.1");
    }
    this.line = true;
    return super.createMessage(line);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    int before = in.readerIndex();
    super.decode(context, in, out);
    if (!out.isEmpty()
        && out.get(out.size() - 1) instanceof HttpContent body
        && !(body instanceof HttpMessage)
        && body.decoderResult().isFailure()) {
      badBody.run();
    }
    if (!out.isEmpty()) {
      for (int i = 0; i < out.size(); i++) {
        came(context, out.get(i));
      }
    } else if (!within && context.channel().isActive()) {
      skipped += in.readerIndex() - before;
      if (heads != null && !told && (line || in.isReadable() || skipped > FREE_BYTES)) {
        told = true;
        heads.began(context.channel());
      }
    }
  }

  private void came(ChannelHandlerContext context, Object part) {
    if (part instanceof HttpMessage message) {
      within = true;
      line = false;
      skipped = 0;
      forget(context);
      if (message.decoderResult().isFailure()) {
        return;
      }
    }
    if (part instanceof LastHttpContent end && end.decoderResult().isSuccess()) {
      within = false;
    }
  }

  private void forget(ChannelHandlerContext context) {
    if (told) {
      told = false;
      heads.ended(context.channel());
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    forget(context);
    super.handlerRemoved0(context);
  }

  /** Has those told of heads in pieces from now on; on the channel's event loop. */
  static void tell(Channel channel, LaterHeads heads) {
    if (channel.pipeline().get(NAME) instanceof StrictRequests requests) {
      requests.heads = heads;
    }
  }

  /**
   * Puts one in the place of the decoder that is there, if there is one that has decoded nothing
   * yet. On the channel's event loop.
   *
   * @param badBody called on the event loop
   * @return whether the channel is HTTP/1's
   */
  static boolean replace(Channel channel, HttpServerOptions options, Runnable badBody) {
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandler decoder = pipeline.get(NAME);
    if (decoder != null && !(decoder instanceof StrictRequests)) {
      pipeline.replace(decoder, NAME, new StrictRequests(options, badBody));
    }
    return decoder != null;
  }
}
