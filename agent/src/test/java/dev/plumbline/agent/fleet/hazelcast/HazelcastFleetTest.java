package dev.plumbline.agent.fleet.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.genericrecord.GenericRecordBuilder;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.fleet.Fleet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real members on loopback, and one that is no agent. */
class HazelcastFleetTest {
  private final List<AutoCloseable> open = new ArrayList<>();

  /** What a compact value from outside must never make. */
  public static final class Trap {
    static volatile int made;
    public int field;

    public Trap() {
      made++;
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static List<Integer> ports(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      ports.add(sockets.get(i).getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private static FleetSettings settings(String name, int port, List<Integer> all) {
    return new FleetSettings(
        name,
        new AgentConfig.Listen("127.0.0.1", port),
        Optional.empty(),
        all.stream().map(p -> "127.0.0.1:" + p).toList(),
        Optional.empty(),
        1,
        Duration.ofSeconds(30),
        List.of(),
        Optional.empty(),
        Duration.ofDays(1),
        1,
        Duration.ofSeconds(1));
  }

  private HazelcastFleet join(String name, int port, List<Integer> all) {
    HazelcastFleet fleet = new HazelcastFleet(settings(name, port, all));
    open.add(fleet);
    fleet.join();
    return fleet;
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  @Test
  void members_sayAndHear_andOneThatLeavesIsGone() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet one = join("x", ports.get(0), ports);
    HazelcastFleet two = join("x", ports.get(1), ports);
    await("two members", () -> one.view().members().size() == 2);
    one.say(new Fleet.Shared(1, new byte[] {1, 2, 3}));
    await("what one says", () -> !two.hear().isEmpty());
    Fleet.Shared heard = (Fleet.Shared) two.hear().get(one.view().self());
    assertThat(heard.text()).containsExactly(1, 2, 3);
    two.keep("d/0", new byte[100]);
    assertThat(one.kept("d/0", 100)).isPresent();
    assertThat(one.kept("d/0", 99)).as("longer than wanted").isEmpty();
    two.close();
    await("one member", () -> one.view().members().size() == 1);
    assertThat(one.hear()).isEmpty();
  }

  /** It ends itself, where it cannot join what it merges with, or has no memory. */
  @Test
  void hazelcast_thatEndedByItself_isJoinedAgain() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet one = join("x", ports.get(0), ports);
    HazelcastFleet two = join("x", ports.get(1), ports);
    assertThat(two.joined()).isTrue();
    String self = two.view().self();
    Hazelcast.getAllHazelcastInstances().stream()
        .filter(each -> each.getLocalEndpoint().getUuid().toString().equals(self))
        .forEach(each -> each.getLifecycleService().terminate());
    assertThat(two.joined()).isFalse();
    two.join();
    assertThat(two.joined()).isTrue();
    await("two members", () -> one.view().members().contains(two.view().self()));
    two.say(new Fleet.Shared(1, new byte[] {1}));
    await("what two says", () -> one.hear().containsKey(two.view().self()));
    two.close();
    assertThatThrownBy(two::join).isInstanceOf(Fleet.FleetException.class);
  }

  @Test
  void members_ofAnotherName_areNone() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet one = join("x", ports.get(0), ports);
    HazelcastFleet two = join("y", ports.get(1), ports);
    assertThat(one.view().members()).hasSize(1);
    assertThat(two.view().members()).hasSize(1);
  }

  @Test
  void port_taken_isAnError() throws Exception {
    List<Integer> ports = ports(1);
    join("x", ports.get(0), ports);
    assertThatThrownBy(() -> join("x", ports.get(0), ports)).isInstanceOf(RuntimeException.class);
  }

  private HazelcastInstance stranger(int port, List<Integer> all) {
    Config config = Settings.of(settings("x", port, all), List.of());
    config.setClassLoader(getClass().getClassLoader());
    config.getSerializationConfig().setJavaSerializationFilterConfig(null);
    HazelcastInstance stranger = Hazelcast.newHazelcastInstance(config);
    open.add(() -> stranger.getLifecycleService().terminate());
    return stranger;
  }

  @Test
  void stranger_whoPutsAnything_isGarbageAndMakesNothing() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet agent = join("x", ports.get(0), ports);
    HazelcastInstance stranger = stranger(ports.get(1), ports);
    await("two members", () -> agent.view().members().size() == 2);
    String id = stranger.getCluster().getLocalMember().getUuid().toString();
    Map<String, Object> said = stranger.getMap(Settings.SAID);
    Object list = new java.util.LinkedList<>(List.of("x"));
    for (Object lie : List.of("text", 7, new byte[10], list, java.net.URI.create("x"), trap())) {
      said.put(id, lie);
      assertThat(agent.hear().get(id)).as("%s", lie).isInstanceOf(Fleet.Garbage.class);
    }
    assertThat(Trap.made).isZero();
    said.put(id, new Entry(1, new byte[Fleet.MOST_BYTES + 1]));
    assertThat(agent.hear().get(id)).isInstanceOf(Fleet.Garbage.class);
    for (int i = 0; i < 32; i++) {
      said.put("nobody " + i, "x");
    }
    assertThat(agent.strays()).isPositive();
    assertThat(agent.hear()).hasSize(1);
    stranger.getMap(Settings.PIECES).put("d/0", "x");
    assertThat(agent.kept("d/0", 10)).isEmpty();
  }

  /**
   * A peer that takes a connection and hangs (a process that is stopped, a mesh before one that is
   * gone). The thread that writes to all members must not turn for it without end.
   */
  @Test
  void peer_whoTakesAConnectionAndIsMute_doesNotHoldUpTheWriterToTheOthers() throws Exception {
    List<Integer> ports = ports(3);
    HazelcastFleet one = join("x", ports.get(0), ports);
    HazelcastFleet two = join("x", ports.get(1), ports);
    await("two members", () -> one.view().members().size() == 2);
    try (ServerSocket mute = new ServerSocket()) {
      mute.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(2)));
      mute.setSoTimeout(30_000);
      Socket taken = mute.accept();
      open.add(taken);
      assertThat(taken.getInputStream().readNBytes(3)).asString().isEqualTo("HZC");
      Thread.sleep(500);
      await("the writers at rest", () -> writers().stream().allMatch(this::atRest));
      one.say(new Fleet.Shared(1, new byte[] {1}));
      await("what one says", () -> !two.hear().isEmpty());
    }
  }

  /**
   * Before, Hazelcast waited for its word until the time to join was over, and failed, at each try.
   */
  @Test
  void join_besideAMuteAddress_isDone_andWhoComesLaterTooIsHeard() throws Exception {
    List<Integer> ports = ports(3);
    try (ServerSocket mute = new ServerSocket()) {
      mute.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(2)));
      HazelcastFleet one = join("x", ports.get(0), ports);
      assertThat(one.view().members()).hasSize(1);
      HazelcastFleet two = join("x", ports.get(1), ports);
      await("two members", () -> one.view().members().size() == 2);
      two.say(new Fleet.Shared(1, new byte[] {1}));
      await("what two says", () -> !one.hear().isEmpty());
    }
  }

  /** It is left out of the joining only. */
  @Test
  void mute_thatIsAMemberLater_isFoundByTheOnesThatJoinedWithoutIt() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet one;
    try (ServerSocket mute = new ServerSocket()) {
      mute.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(1)));
      one = join("x", ports.get(0), ports);
    }
    HazelcastFleet two = join("x", ports.get(1), List.of(ports.get(1)));
    assertThat(two.view().members()).as("knows nobody").hasSize(1);
    await("two members", () -> one.view().members().size() == 2);
  }

  private static List<String> mute(List<Integer> ports) throws InterruptedException {
    return new RollCall("127.0.0.1", Settings.CONNECTING)
        .mute(ports.stream().map(port -> "127.0.0.1:" + port).toList());
  }

  @Test
  void failure_ofTheWay_isNoGarbageOfTheMember() {
    for (Throwable way :
        List.of(
            new OperationTimeoutException("no answer"),
            new MemberLeftException(),
            new TargetNotMemberException("gone"))) {
      assertThat(HazelcastFleet.heard(failed(way))).contains(new Fleet.Late());
    }
    assertThat(HazelcastFleet.heard(failed(new HazelcastSerializationException("no class"))))
        .containsInstanceOf(Fleet.Garbage.class);
    Questions.Outcome<Object> ended = failed(new HazelcastInstanceNotActiveException());
    assertThatThrownBy(() -> HazelcastFleet.heard(ended)).isInstanceOf(Fleet.FleetException.class);
  }

  private static Questions.Outcome<Object> failed(Throwable why) {
    return new Questions.Outcome<>(Optional.empty(), Optional.of(why));
  }

  private static List<Thread> writers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("IO.thread-out"))
        .toList();
  }

  /** Once in a while it waits for something to do; one that turns without end never does. */
  private boolean atRest(Thread writer) {
    StackTraceElement[] stack = writer.getStackTrace();
    return stack.length > 0 && stack[0].getClassName().startsWith("sun.nio.ch.EPoll");
  }

  /** Before, all of Hazelcast's protocols shared the port: a fleet is upgraded one by one. */
  @Test
  void member_ofABuildWithOnePortForAll_joinsAndIsHeard() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet agent = join("x", ports.get(0), ports);
    Config config = Settings.of(settings("x", ports.get(1), ports), List.of());
    config.getAdvancedNetworkConfig().setEnabled(false);
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(ports.get(1)).setPortAutoIncrement(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.get(0));
    HazelcastInstance earlier = Hazelcast.newHazelcastInstance(config);
    open.add(() -> earlier.getLifecycleService().terminate());
    assertThat(mute(ports)).as("members of both builds answer").isEmpty();
    await("two members", () -> agent.view().members().size() == 2);
    String id = earlier.getCluster().getLocalMember().getUuid().toString();
    earlier.getMap(Settings.SAID).put(id, new Entry(1, new byte[] {7}));
    assertThat(agent.hear().get(id)).isInstanceOf(Fleet.Shared.class);
  }

  @Test
  void client_atThePort_isTurnedAway() throws Exception {
    List<Integer> ports = ports(1);
    join("x", ports.get(0), ports);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), ports.get(0))) {
      client.setSoTimeout(10_000);
      client.getOutputStream().write("CP2".getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(client)).isIn("", "HZX");
    }
  }

  private static String answer(Socket client) throws IOException {
    try {
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      return "";
    }
  }

  private static Object trap() {
    return GenericRecordBuilder.compact(Trap.class.getName()).setInt32("field", 1).build();
  }

  @Test
  void entry_ofALaterBuild_isReadWithoutWhatIsNew() throws Exception {
    List<Integer> ports = ports(2);
    HazelcastFleet agent = join("x", ports.get(0), ports);
    HazelcastInstance later = stranger(ports.get(1), ports);
    await("two members", () -> agent.view().members().size() == 2);
    String id = later.getCluster().getLocalMember().getUuid().toString();
    later
        .getMap(Settings.SAID)
        .put(
            id,
            GenericRecordBuilder.compact(EntrySerializer.TYPE)
                .setInt32("version", 2)
                .setArrayOfInt8("bytes", new byte[] {9})
                .setString("hint", "new")
                .build());
    Fleet.Shared heard = (Fleet.Shared) agent.hear().get(id);
    assertThat(heard.version()).isEqualTo(2);
    assertThat(heard.oldest()).as("not told").isEqualTo(2);
    assertThat(heard.text()).containsExactly(9);
    later.getMap(Settings.SAID).put(id, new Entry(2, 1, new byte[] {8}));
    assertThat(((Fleet.Shared) agent.hear().get(id)).oldest()).isEqualTo(1);
    later
        .getMap(Settings.SAID)
        .put(id, GenericRecordBuilder.compact(EntrySerializer.TYPE).setString("x", "y").build());
    assertThat(agent.hear().get(id)).isInstanceOf(Fleet.Garbage.class);
  }

  @Test
  void settings_closeWhatIsNotNeeded() {
    FleetSettings asked = settings("x", 5701, List.of(5701));
    Config config = Settings.of(asked, List.of());
    assertThat(config.getJetConfig().isEnabled()).isFalse();
    assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    assertThat(network.isEnabled()).isTrue();
    assertThat(network.getEndpointConfigs()).containsOnlyKeys(EndpointQualifier.MEMBER);
    assertThat(network.getJoin().getMulticastConfig().isEnabled()).isFalse();
    assertThat(network.getJoin().getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(config.getClusterName()).isEqualTo("x");
  }

  @Test
  void settings_serviceDns_looksItUp() {
    FleetSettings asked = settings("x", 5701, List.of());
    FleetSettings dns =
        new FleetSettings(
            asked.name(),
            asked.listen(),
            asked.advertise(),
            List.of(),
            Optional.of("agents.ns.svc"),
            3,
            asked.grace(),
            List.of(),
            Optional.empty(),
            asked.commandAge(),
            1,
            asked.hold());
    var join = Settings.join(Settings.of(dns, List.of()));
    assertThat(join.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(join.getKubernetesConfig().getProperty("service-dns")).isEqualTo("agents.ns.svc");
    assertThat(join.getTcpIpConfig().isEnabled()).isFalse();
  }
}
