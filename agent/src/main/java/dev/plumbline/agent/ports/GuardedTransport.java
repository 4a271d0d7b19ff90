package dev.plumbline.agent.ports;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;

/**
 * A transport of Vert.x's with a handler of ours at each listening channel; all else is its own.
 *
 * @param by does the work
 * @param acceptor shared by all listening channels
 */
record GuardedTransport(Transport by, ChannelHandler acceptor) implements Transport {
  /** Before the native transport where there is one. */
  static io.vertx.core.transport.Transport before(ChannelHandler acceptor) {
    io.vertx.core.transport.Transport best = io.vertx.core.transport.Transport.nativeTransport();
    boolean good = best != null && best.available();
    io.vertx.core.transport.Transport taken = good ? best : io.vertx.core.transport.Transport.NIO;
    return new Named(
        taken.name(),
        taken.available(),
        taken.unavailabilityCause(),
        new GuardedTransport(taken.implementation(), acceptor));
  }

  private record Named(
      String name, boolean available, Throwable unavailabilityCause, Transport implementation)
      implements io.vertx.core.transport.Transport {}

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    by.configure(options, domainSocket, bootstrap);
    bootstrap.handler(acceptor);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    by.configure(options, connectTimeout, domainSocket, bootstrap);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    by.configure(channel, options);
  }

  @Override
  public boolean supportsDomainSockets() {
    return by.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return by.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return by.isAvailable();
  }

  @Override
  public Throwable unavailabilityCause() {
    return by.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return by.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return by.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return by.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory made, int ioRatio) {
    return by.eventLoopGroup(type, threads, made, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return by.datagramChannel();
  }

  @Override
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return by.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return by.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return by.serverChannelFactory(domainSocket);
  }
}
