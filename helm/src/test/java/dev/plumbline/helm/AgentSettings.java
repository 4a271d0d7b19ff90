package dev.plumbline.helm;

import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.Key;
import dev.plumbline.agent.config.LoadedConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a rendered configuration with the agent's own loader, in a folder that stands for the
 * container's root.
 */
final class AgentSettings {
  /** Settings whose text is a path of another machine or of a request. */
  private static final Set<String> NOT_OURS =
      Set.of("states.served-directory", "ablated.served-adapter", "origin.health-path");

  /**
   * Settings that the chart makes for what the agent is about to learn; to be deleted once it has
   * them.
   */
  private static final Set<String> PENDING =
      Set.of(
          "admin.insecure",
          "admin.read-token-file",
          "admin.operate-token-file",
          "fleet.enabled",
          "fleet.name",
          "fleet.host",
          "fleet.port",
          "fleet.service-dns",
          "fleet.expected-members",
          "fleet.trusted-keys");

  private static final Pattern LINE =
      Pattern.compile("^([^ :]+): \"(/[^\"]*)\"$", Pattern.MULTILINE);

  private AgentSettings() {}

  /**
   * The settings as the agent has them.
   *
   * @param root an empty folder
   * @throws dev.plumbline.agent.config.ConfigException with everything the agent refuses
   */
  static LoadedConfig load(String config, Path root) throws IOException {
    String known =
        config.lines().filter(AgentSettings::known).collect(Collectors.joining("\n", "", "\n"));
    StringBuilder placed = new StringBuilder();
    Matcher paths = LINE.matcher(known);
    while (paths.find()) {
      String path = paths.group(2);
      if (!NOT_OURS.contains(paths.group(1))) {
        path =
            Arrays.stream(path.split(","))
                .map(each -> stand(root, each))
                .collect(Collectors.joining(","));
      }
      paths.appendReplacement(
          placed, Matcher.quoteReplacement(paths.group(1) + ": \"" + path + "\""));
    }
    paths.appendTail(placed);
    Path file = Files.writeString(root.resolve("agent.yaml"), placed);
    return new ConfigSources(Optional.of(file), Map.of(), Map.of()).read();
  }

  /** Whether the agent has it or should: only what is pending is left out. */
  static boolean known(String line) {
    String key = line.replaceFirst(":.*", "");
    return !PENDING.contains(key)
        || Arrays.stream(Key.values()).anyMatch(each -> each.key().equals(key));
  }

  private static String stand(Path root, String path) {
    Path stand = root.resolve(path.substring(1));
    try {
      Files.createDirectories(stand.getParent());
      if (!Files.exists(stand)) {
        Files.writeString(stand, path.endsWith(".pub.pem") ? publicKey() : "0123456789".repeat(5));
      }
      return stand.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String publicKey() {
    try {
      byte[] key =
          KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getEncoder().encodeToString(key)
          + "\n-----END PUBLIC KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }
}
