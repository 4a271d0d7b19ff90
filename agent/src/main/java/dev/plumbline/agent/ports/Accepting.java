package dev.plumbline.agent.ports;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.transport.Transport;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows connections from when they are accepted: Vert.x tells of one in plain text with its first
 * request only, since it may be of HTTP/1 or 2 until then. Counts it and bounds the wait for its
 * first request ({@link PortGuard#admit}), and sees to it that its requests are decoded strictly
 * ({@link StrictRequests}). A port it was not told of yet is not guarded here. Thread-safe.
 */
public final class Accepting {
  /** Of "PRI * HTTP/2.0", the blank line, "SM" and another (RFC 9113 3.4). */
  private static final int PREFACE_BYTES = 24;

  private final Map<Integer, Port> ports = new ConcurrentHashMap<>();

  private record Port(PortGuard guard, HttpServerOptions options) {}

  /** What Vert.x is to be made with: the best there is on this machine, and this before it. */
  public Transport transport() {
    return GuardedTransport.before(new Acceptor());
  }

  /** Guards what a port accepts from now on; of several event loops, by any one's guard. */
  public void guard(int port, PortGuard guard, HttpServerOptions options) {
    ports.put(port, new Port(guard, options));
  }

  /** At the listening channel, what is read are the accepted ones, not registered yet. */
  @ChannelHandler.Sharable
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      if (accepted instanceof Channel channel) {
        channel.pipeline().addLast(new Fresh());
      }
      context.fireChannelRead(accepted);
    }
  }

  /**
   * The first handler of a connection, until it is known what it speaks. Passes the first bytes on
   * one by one, so that Vert.x puts its decoder there before that has anything to decode.
   */
  private final class Fresh extends ChannelInboundHandlerAdapter {
    private Port port;
    private int passed;

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (context.channel().localAddress() instanceof InetSocketAddress local) {
        port = ports.get(local.getPort());
      }
      context.fireChannelActive();
      if (port != null) {
        port.guard().admit(context.channel());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
      if (port == null || port.options().isSsl() || !(read instanceof ByteBuf bytes)) {
        context.pipeline().remove(this);
        context.fireChannelRead(read);
        return;
      }
      boolean known = port.guard().strict(context.channel(), port.options());
      while (!known && passed < PREFACE_BYTES && bytes.isReadable()) {
        passed++;
        context.fireChannelRead(bytes.readRetainedSlice(1));
        known = port.guard().strict(context.channel(), port.options());
      }
      if (known || passed == PREFACE_BYTES) {
        context.pipeline().remove(this);
      }
      pass(context, bytes);
    }

    private static void pass(ChannelHandlerContext context, ByteBuf rest) {
      if (rest.isReadable()) {
        context.fireChannelRead(rest);
      } else {
        rest.release();
      }
    }
  }
}
