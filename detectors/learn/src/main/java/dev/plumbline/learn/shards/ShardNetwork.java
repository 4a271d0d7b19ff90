package dev.plumbline.learn.shards;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.jet.config.ProcessingGuarantee;
import java.util.List;

/**
 * How members and coordinators meet, with nothing that is not needed: members by name only (no
 * multicast, no detection of clouds), no REST, no scripts, no uploads, no telephone home, and of
 * Java's own serialisation the few classes a job consists of. It is a Hazelcast of its own, apart
 * from any fleet's.
 *
 * <p>The open-source edition knows neither passwords nor TLS: whoever reaches the port can have
 * work done. It belongs on a network of one's own.
 */
final class ShardNetwork {
  /** Changes with every form that travels, so that versions do not mix. */
  private static final String NAME = "plumbline-shards-1";

  private static final int SHARD_TTL_SECONDS = 3600;

  /** What {@link ShardProcessors#dag} and its configuration are made of. */
  private static final String[] CLASSES = {
    ShardProcessors.class.getName(), ProcessingGuarantee.class.getName(), Enum.class.getName(),
  };

  private ShardNetwork() {}

  /** A member that listens on an address of this machine; port 0 is any free one. */
  static Config member(String address, int port, List<MemberAddress> others) {
    Config config = new Config().setClusterName(NAME);
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.socket.bind.any", "false")
        .setProperty("hazelcast.heartbeat.interval.seconds", "2")
        .setProperty("hazelcast.max.no.heartbeat.seconds", "20")
        .setProperty("hazelcast.operation.call.timeout.millis", "30000")
        .setProperty("hazelcast.max.join.seconds", "60")
        .setProperty("hazelcast.wait.seconds.before.join", "1")
        .setProperty("hazelcast.jet.idle.cooperative.max.microseconds", "20000")
        .setProperty("hazelcast.jet.idle.noncooperative.max.microseconds", "20000");
    listen(config.getNetworkConfig(), address, port, others);
    config.getJetConfig().setEnabled(true).setCooperativeThreadCount(1);
    config.getMetricsConfig().setEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
    config.addMapConfig(
        new MapConfig(WaveMaps.PREFIX + "*")
            .setBackupCount(1)
            .setTimeToLiveSeconds(SHARD_TTL_SECONDS));
    return config;
  }

  private static void listen(
      NetworkConfig network, String address, int port, List<MemberAddress> others) {
    network.setPort(port).setPortAutoIncrement(false).setReuseAddress(true);
    network.getInterfaces().setEnabled(true).addInterface(address);
    network.getRestApiConfig().setEnabled(false);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setConnectionTimeoutSeconds(5)
        .setMembers(others.stream().map(MemberAddress::toString).toList());
  }

  /**
   * A coordinator: it joins nothing, and listens nowhere.
   *
   * @param connectMillis how long it tries to reach any member, at the start and when it lost all
   */
  static ClientConfig client(List<MemberAddress> members, int connectMillis) {
    ClientConfig config = new ClientConfig().setClusterName(NAME);
    config
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.client.invocation.timeout.seconds", "30")
        .setProperty("hazelcast.client.heartbeat.interval", "2000")
        .setProperty("hazelcast.client.heartbeat.timeout", "20000");
    config.getNetworkConfig().setConnectionTimeout(5000).setRedoOperation(true);
    members.forEach(member -> config.getNetworkConfig().addAddress(member.toString()));
    config
        .getConnectionStrategyConfig()
        .getConnectionRetryConfig()
        .setInitialBackoffMillis(200)
        .setMaxBackoffMillis(2000)
        .setClusterConnectTimeoutMillis(connectMillis);
    config.getMetricsConfig().setEnabled(false);
    config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
    return config;
  }

  private static JavaSerializationFilterConfig filter() {
    return new JavaSerializationFilterConfig()
        .setDefaultsDisabled(true)
        .setWhitelist(new ClassFilter().addClasses(CLASSES));
  }
}
