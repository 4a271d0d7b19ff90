package dev.plumbline.agent.fleet.hazelcast;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import dev.plumbline.agent.config.FleetSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The whole configuration, in code: no file is looked for. Nothing calls home, nothing is found by
 * multicast or by guessing, there is no Jet, no REST, no port for clients, and of Java's
 * serialization only what Hazelcast's own exceptions need.
 */
final class Settings {
  /** What members say, by member. */
  static final String SAID = "plumbline.said";

  /** Pieces of artefacts, by digest and number. */
  static final String PIECES = "plumbline.pieces";

  /** Entries kept by a member at most; the least used go first. */
  static final int MOST_SAID = 2048;

  static final int MOST_PIECES = 1024;

  /**
   * The longest that what is done once a second waits: a few times fit into the 10 s after which a
   * member is left out, or has no say.
   */
  static final Duration BEAT = Duration.ofSeconds(2);

  /** The longest that one piece is waited for. */
  static final Duration PIECE = Duration.ofSeconds(5);

  /** The longest that an address is waited for at the start. */
  static final Duration CONNECTING = Duration.ofSeconds(3);

  /** An entry that nobody renews is a member's that is gone. */
  private static final int SAID_SECONDS = 120;

  private static final String ANY = "0.0.0.0";

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.logging.type", "slf4j"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", "10"),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "10"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.operation.call.timeout.millis", "5000"),
          Map.entry("hazelcast.partition.count", "31"),
          Map.entry("hazelcast.operation.thread.count", "2"),
          Map.entry("hazelcast.operation.generic.thread.count", "2"),
          Map.entry("hazelcast.io.thread.count", "1"),
          Map.entry("hazelcast.event.thread.count", "1"),
          Map.entry("hazelcast.socket.client.bind.any", "false"),
          Map.entry("hazelcast.wait.seconds.before.join", "1"),
          Map.entry("hazelcast.max.join.seconds", "60"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "5"));

  private Settings() {}

  /**
   * @param without addresses of members that are left out
   */
  static Config of(FleetSettings settings, List<String> without) {
    Config config = new Config();
    config.setClusterName(settings.name());
    config.setClassLoader(new AllowList(Settings.class.getClassLoader()));
    PROPERTIES.forEach(config::setProperty);
    boolean any = settings.listen().host().equals(ANY);
    config.setProperty("hazelcast.socket.bind.any", Boolean.toString(any));
    config.getJetConfig().setEnabled(false);
    config.getMetricsConfig().setEnabled(false);
    serialization(config);
    if (!any) {
      config.setProperty("hazelcast.local.localAddress", settings.listen().host());
    }
    network(config.getAdvancedNetworkConfig().setEnabled(true), settings, without);
    config.addMapConfig(map(SAID, MOST_SAID).setTimeToLiveSeconds(SAID_SECONDS));
    config.addMapConfig(map(PIECES, MOST_PIECES));
    return config;
  }

  private static void serialization(Config config) {
    JavaSerializationFilterConfig exceptions = new JavaSerializationFilterConfig();
    exceptions.setDefaultsDisabled(true);
    exceptions.getWhitelist().addPrefixes(AllowList.HAZELCAST, "[Ljava.lang.StackTraceElement");
    exceptions.getWhitelist().addClasses(AllowList.EXCEPTIONS.toArray(String[]::new));
    config.getSerializationConfig().setJavaSerializationFilterConfig(exceptions);
    config.getSerializationConfig().setAllowUnsafe(false);
    config.getSerializationConfig().setCheckClassDefErrors(true);
    config
        .getSerializationConfig()
        .getCompactSerializationConfig()
        .addSerializer(new EntrySerializer());
  }

  /**
   * The port of members and no other: the one that all protocols share (clients', REST) also has an
   * encoder that turns without end, on the one thread that writes to all members, as long as a peer
   * accepts a connection and says nothing (Hazelcast 5.3.8, {@code UnifiedProtocolEncoder}); so a
   * member that hangs would part those that do not.
   */
  private static void network(
      AdvancedNetworkConfig network, FleetSettings settings, List<String> without) {
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
    members.setPort(settings.listen().port()).setPortAutoIncrement(false);
    members.setSocketConnectTimeoutSeconds((int) CONNECTING.toSeconds());
    settings.advertise().ifPresent(members::setPublicAddress);
    network.setMemberEndpointConfig(members);
    JoinConfig join = network.getJoin();
    join.getMulticastConfig().setEnabled(false);
    join.getAutoDetectionConfig().setEnabled(false);
    if (settings.serviceDns().isPresent()) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", settings.serviceDns().get())
          .setProperty("service-port", Integer.toString(settings.listen().port()));
    } else {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setConnectionTimeoutSeconds((int) CONNECTING.toSeconds());
      settings.members().stream()
          .filter(each -> !without.contains(each))
          .forEach(join.getTcpIpConfig()::addMember);
    }
  }

  /** How others are looked for; Hazelcast reads its lists anew each time. */
  static JoinConfig join(Config config) {
    return config.getAdvancedNetworkConfig().getJoin();
  }

  /**
   * After a partition what the larger side has stays: each entry has one writer, who writes again
   * within a second (under a new name on the smaller side), and a piece is what its digest says.
   */
  private static MapConfig map(String name, int most) {
    EvictionConfig eviction =
        new EvictionConfig()
            .setEvictionPolicy(EvictionPolicy.LRU)
            .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
            .setSize(most);
    return new MapConfig(name)
        .setBackupCount(1)
        .setEvictionConfig(eviction)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName()));
  }
}
