package dev.plumbline.learn.shards;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.plumbline.core.Check;
import dev.plumbline.torch.cli.NotFittingException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** This machine's member: joined with the others it was told of, at work until it is closed. */
public final class ShardMember implements AutoCloseable {
  /** The attribute that tells others its card. */
  static final String CARD = "plumbline.card";

  private static final int LOOK_MILLIS = 2000;
  private static final Optional<String> OTHER_VERSION = Optional.of("another version of plumbline");

  private final HazelcastInstance hazelcast;

  private ShardMember(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
  }

  /**
   * Starts and joins.
   *
   * @param host name or address of this machine that the others reach
   * @param port 0 for any free one
   * @param others members to join; those that are not there yet join this one
   * @param card of the model
   * @param reader of shards; not closed
   * @throws NotFittingException if the others have another model
   */
  public static ShardMember start(
      String host, int port, List<MemberAddress> others, ModelCard card, ShardReader reader) {
    Config config = ShardNetwork.member(address(host), port, others);
    config.getMemberAttributeConfig().setAttribute(CARD, card.text());
    config.getUserContext().put(ShardService.KEY, new ShardService(card, reader));
    // Before it joins: one that comes and goes again would make a running job start over.
    look(others, card).ifPresent(ShardMember::refuse);
    ShardMember member = new ShardMember(started(config, host, port));
    try {
      misfit(member.hazelcast, card).ifPresent(ShardMember::refuse);
      return member;
    } catch (NotFittingException e) {
      member.close();
      throw e;
    }
  }

  private static HazelcastInstance started(Config config, String host, int port) {
    try {
      return Hazelcast.newHazelcastInstance(config);
    } catch (HazelcastException | IllegalStateException e) {
      throw new IllegalStateException(
          "member: wanted to listen on "
              + host
              + ":"
              + port
              + ", found "
              + e.getMessage()
              + "; give a --host of this machine and a free --port",
          e);
    }
  }

  private static String address(String host) {
    try {
      return InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw Check.refusal("--host", "a name or address of this machine", host, "correct it");
    }
  }

  /** As a client, which joins nothing; empty if nobody is there yet. */
  private static Optional<String> look(List<MemberAddress> others, ModelCard own) {
    if (others.isEmpty()) {
      return Optional.empty();
    }
    HazelcastInstance client;
    try {
      client = HazelcastClient.newHazelcastClient(ShardNetwork.client(others, LOOK_MILLIS));
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
    try {
      return misfit(client, own);
    } finally {
      client.shutdown();
    }
  }

  /** Against the one that was there first: whoever comes later goes. */
  private static Optional<String> misfit(HazelcastInstance hazelcast, ModelCard own) {
    Member first = hazelcast.getCluster().getMembers().iterator().next();
    if (first.localMember()) {
      return Optional.empty();
    }
    Optional<ModelCard> card = card(first);
    return card.isEmpty() ? OTHER_VERSION : card.get().misfit(own).or(() -> own.misfit(card.get()));
  }

  /** What a member says of its model; empty if it is of another version. */
  static Optional<ModelCard> card(Member member) {
    return ModelCard.parse(member.getAttribute(CARD));
  }

  private static void refuse(String how) {
    throw new NotFittingException(
        "member: wanted model, adapters, dtype, device and threads as the others have them, found "
            + how
            + "; start this one with theirs");
  }

  /** Where others reach it. */
  public MemberAddress address() {
    Member own = hazelcast.getCluster().getLocalMember();
    return new MemberAddress(own.getAddress().getHost(), own.getAddress().getPort());
  }

  /** Members that it sees, itself too. */
  public int members() {
    return hazelcast.getCluster().getMembers().size();
  }

  /** Whether it still works; one that lost its network for good does not. */
  public boolean running() {
    return hazelcast.getLifecycleService().isRunning();
  }

  /** Leaves at once: a shard under way is read again by another. */
  @Override
  public void close() {
    hazelcast.getLifecycleService().terminate();
  }
}
