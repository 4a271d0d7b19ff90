package dev.plumbline.agent.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which hosts a configured URL may name: none where a cloud hands out credentials to whoever asks
 * (link-local addresses and their names), and none written so that it is not seen to be one. Names
 * are not resolved: who answers a name may change after any look.
 */
public final class SafeHost {
  private static final Set<String> METADATA =
      Set.of(
          "metadata",
          "metadata.google.internal",
          "instance-data",
          "instance-data.ec2.internal",
          "100.100.100.200",
          "fd00:ec2:0:0:0:0:0:254");

  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** What some resolvers take for an IPv4 address: one number, hexadecimal, octal, too few. */
  private static final Pattern NUMERIC =
      Pattern.compile("(0[xX][0-9a-fA-F]+|\\d+)(\\.(0[xX][0-9a-fA-F]+|\\d+))*\\.?");

  private SafeHost() {}

  /**
   * @param host of a URI; IPv6 in brackets
   */
  public static boolean allowed(String host) {
    String bare = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    if (METADATA.contains(bare)) {
      return false;
    }
    boolean six = bare.startsWith("[");
    if (!six && !DOTTED.matcher(bare).matches()) {
      return !NUMERIC.matcher(bare).matches();
    }
    try {
      // A literal: nothing is resolved.
      InetAddress address = InetAddress.getByName(bare);
      return (six || !octal(bare))
          && !address.isLinkLocalAddress()
          && !address.isMulticastAddress()
          && !METADATA.contains(address.getHostAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean octal(String dotted) {
    for (String part : dotted.split("\\.")) {
      if (part.length() > 1 && part.startsWith("0")) {
        return true;
      }
    }
    return false;
  }
}
