package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a member is found.
 *
 * @param host name or address; IPv6 without brackets
 * @param port 1 to 65535
 */
public record MemberAddress(String host, int port) {
  /** Where members listen unless told otherwise; not the port of a fleet of agents. */
  public static final int PORT = 5801;

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([A-Za-z0-9._-]+))(?::(\\d{1,5}))?");

  public MemberAddress {
    Check.text(host, "host of a member");
    Check.that(port > 0 && port <= 65535, "port of member " + host, "1 to 65535", port, "fix it");
  }

  /** Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}. */
  public static MemberAddress parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    Check.that(form.matches(), "member", "HOST or HOST:PORT", "'" + text + "'", "correct it");
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new MemberAddress(host, form.group(3) == null ? PORT : Integer.parseInt(form.group(3)));
  }

  /** Looked up in the name service. */
  public InetSocketAddress resolve() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw Check.refusal(
          "member " + this,
          "a name with an address",
          "none",
          "correct the name or give the address");
    }
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
