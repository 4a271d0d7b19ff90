package dev.plumbline.learn.shards;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import dev.plumbline.torch.cli.NotFittingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A job's connection to the members. One thread. */
final class Coordinator implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;

  private final HazelcastInstance client;
  private final ModelCard own;
  private ModelCard wanted;
  private final AtomicInteger lost = new AtomicInteger();

  private Coordinator(HazelcastInstance client, ModelCard own) {
    this.client = client;
    this.own = own;
    client
        .getCluster()
        .addMembershipListener(
            new MembershipAdapter() {
              @Override
              public void memberRemoved(MembershipEvent event) {
                lost.incrementAndGet();
              }
            });
  }

  /**
   * Connects.
   *
   * @throws IllegalStateException if nobody answers, or not all are members of one another
   */
  static Coordinator connect(List<MemberAddress> addresses, ModelCard card) {
    HazelcastInstance client;
    try {
      client = HazelcastClient.newHazelcastClient(ShardNetwork.client(addresses, CONNECT_MILLIS));
    } catch (IllegalStateException e) {
      throw new IllegalStateException(
          "members: wanted one of "
              + addresses
              + " to answer, found none that does; start them with `plumbline learn member`",
          e);
    }
    Coordinator coordinator = new Coordinator(client, card);
    try {
      coordinator.requireAll(addresses);
      coordinator.requireFitting();
      return coordinator;
    } catch (RuntimeException e) {
      coordinator.close();
      throw e;
    }
  }

  /** One that is named and works for nobody would be a silent loss. */
  private void requireAll(List<MemberAddress> addresses) {
    Set<InetSocketAddress> there =
        members().stream().map(Coordinator::socket).collect(Collectors.toSet());
    List<MemberAddress> missing =
        addresses.stream().filter(address -> !there.contains(address.resolve())).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "members: wanted all of "
              + addresses
              + " in one group, found "
              + missing
              + " not in it; start them with the others as --members, or leave them out");
    }
  }

  private static InetSocketAddress socket(Member member) {
    try {
      return new InetSocketAddress(
          InetAddress.getByName(member.getAddress().getHost()), member.getAddress().getPort());
    } catch (UnknownHostException e) {
      return InetSocketAddress.createUnresolved(
          member.getAddress().getHost(), member.getAddress().getPort());
    }
  }

  /**
   * How many members there are.
   *
   * @throws NotFittingException if one of them has another model than this job, or another machine
   *     than the first
   */
  int requireFitting() {
    for (Member member : members()) {
      Optional<ModelCard> found = ShardMember.card(member);
      if (wanted == null && found.isPresent()) {
        wanted = own.on(found.get().machine());
      }
      Optional<String> misfit =
          found
              .map(card -> wanted.misfit(card))
              .orElse(Optional.of("another version of plumbline"));
      if (misfit.isPresent()) {
        throw new NotFittingException(
            "member "
                + member.getAddress()
                + ": wanted the model, adapters and dtype of this job, and one kind of machine,"
                + " found "
                + misfit.get()
                + "; start it with those, or leave it out");
      }
    }
    return members().size();
  }

  private Set<Member> members() {
    return client.getCluster().getMembers();
  }

  /** Does one wave. */
  void wave(List<Shard> shards, Ledger ledger, Duration patience) {
    new Wave(client, shards, ledger).run(wanted, patience);
  }

  boolean running() {
    return client.getLifecycleService().isRunning();
  }

  /** Members that left since the start. */
  int lost() {
    return lost.get();
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
