package dev.plumbline.agent.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Mistakes in who may do what. */
final class SecurityChecks {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1|\\[::1\\]");

  private final Values values;
  private final List<Mistake> mistakes = new ArrayList<>();

  private SecurityChecks(Values values) {
    this.values = values;
  }

  static List<Mistake> of(Values values) {
    SecurityChecks checks = new SecurityChecks(values);
    checks.admin();
    checks.pair(Key.ADMIN_TLS_CERTIFICATE, Key.ADMIN_TLS_KEY);
    checks.pair(Key.ORIGIN_TLS_CERTIFICATE, Key.ORIGIN_TLS_KEY);
    checks.needs(Key.ADMIN_TLS_CLIENT_CA, Key.ADMIN_TLS_CERTIFICATE);
    checks.needs(Key.TLS_CLIENT_CA, Key.TLS_CERTIFICATE);
    return checks.mistakes;
  }

  /** Whether an address is this machine's alone. */
  static boolean loopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private void admin() {
    boolean asks =
        has(Key.ADMIN_READ_TOKEN) || has(Key.ADMIN_OPERATE_TOKEN) || has(Key.ADMIN_TLS_CLIENT_CA);
    String host = values.get(Key.ADMIN_HOST, String.class);
    boolean insecure = values.get(Key.ADMIN_INSECURE, Boolean.class);
    check(
        loopback(host) || asks || insecure,
        Key.ADMIN_HOST,
        "'" + host + "' without credentials: whoever reaches the port could turn the agent off",
        "admin.operate-token-file or admin.tls.client-ca; or admin.insecure: true, where a network"
            + " policy keeps others away");
    check(
        !insecure || !asks,
        Key.ADMIN_INSECURE,
        "admin.insecure with credentials",
        "one of them: with credentials everybody is asked");
    check(!sameTokens(), Key.ADMIN_OPERATE_TOKEN, "the read role's token", "a token of its own");
  }

  private boolean sameTokens() {
    Optional<Path> read = values.find(Key.ADMIN_READ_TOKEN, Path.class);
    Optional<Path> operate = values.find(Key.ADMIN_OPERATE_TOKEN, Path.class);
    try {
      return read.isPresent()
          && operate.isPresent()
          && TokenFile.read(read.get()).equals(TokenFile.read(operate.get()));
    } catch (RuntimeException gone) {
      return false;
    }
  }

  private void pair(Key certificate, Key key) {
    check(
        has(certificate) == has(key),
        key,
        "one of " + certificate.key() + " and " + key.key(),
        "both or none");
  }

  private void needs(Key what, Key base) {
    check(!has(what) || has(base), what, what.key() + " without " + base.key(), base.key());
  }

  private boolean has(Key key) {
    return values.find(key, Object.class).isPresent();
  }

  private void check(boolean holds, Key key, String found, String wanted) {
    if (!holds) {
      mistakes.add(new Mistake(key.key(), "together", found, wanted));
    }
  }
}
