package dev.plumbline.agent.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.plumbline.agent.PemFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** An origin over TLS that answers everything alike and remembers who asked for what. */
final class TlsOrigin implements AutoCloseable {
  private static final byte[] BODY =
      "{\"object\":\"list\",\"data\":[],\"choices\":[]}".getBytes(StandardCharsets.UTF_8);

  /**
   * @param host as the header says
   * @param certificate in DER's hexadecimal; empty for none
   */
  record Asked(String path, String host, String certificate) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * @param own what it shows
   * @param clients whose certificate it asks for; itself for nobody's
   */
  TlsOrigin(PemFiles own, PemFiles clients) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    SSLContext context = own.showing(clients);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters asking = context.getDefaultSSLParameters();
            asking.setNeedClientAuth(clients != own);
            parameters.setSSLParameters(asking);
          }
        });
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        new Asked(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("Host"),
            shown((HttpsExchange) exchange)));
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, BODY.length);
    exchange.getResponseBody().write(BODY);
    exchange.close();
  }

  private static String shown(HttpsExchange exchange) {
    try {
      return HexFormat.of()
          .formatHex(exchange.getSSLSession().getPeerCertificates()[0].getEncoded());
    } catch (SSLPeerUnverifiedException nobody) {
      return "";
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  boolean wasAskedFor(String path) {
    return asked.stream().anyMatch(each -> each.path().equals(path));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
