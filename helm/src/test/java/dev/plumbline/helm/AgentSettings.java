package dev.plumbline.helm;

import dev.plumbline.agent.config.ConfigSources;
import dev.plumbline.agent.config.LoadedConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  /** A folder, and no file. */
  private static final String FLEET_STATE = "/var/lib/plumbline/fleet";

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
    StringBuilder placed = new StringBuilder();
    Matcher paths = LINE.matcher(config);
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

  private static String stand(Path root, String path) {
    Path stand = root.resolve(path.substring(1));
    try {
      Files.createDirectories(path.equals(FLEET_STATE) ? stand : stand.getParent());
      if (!Files.exists(stand)) {
        Files.writeString(
            stand,
            path.endsWith(".pub.pem")
                ? publicKey()
                : path.replace('/', '-') + "0123456789".repeat(4));
        // As the chart mounts secrets.
        Files.setPosixFilePermissions(stand, PosixFilePermissions.fromString("r--r-----"));
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
