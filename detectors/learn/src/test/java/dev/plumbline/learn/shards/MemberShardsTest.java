package dev.plumbline.learn.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.core.HazelcastInstance;
import dev.plumbline.learn.job.Progress;
import dev.plumbline.learn.statistics.StatisticsFile;
import dev.plumbline.torch.cli.NotFittingException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members in this process; {@link MemberProcessesTest} has real ones, and kills them. */
class MemberShardsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String HOST = "127.0.0.1";

  @TempDir Path temp;

  @Test
  void run_whenAMemberDiesInTheMiddle_givesTheBytesOfALocalRunAndEachShardOnce() {
    List<Shard> shards = FakeReader.shards(12);
    ShardFolder local = new ShardFolder(temp.resolve("local"));
    ShardRunner.local(FakeReader::read).run(shards, local, Progress.silent());

    AtomicInteger began = new AtomicInteger();
    AtomicReference<ShardMember> victim = new AtomicReference<>();
    CountDownLatch dead = new CountDownLatch(1);
    ShardReader fatal =
        (id, work) -> {
          if (began.incrementAndGet() == 2) {
            new Thread(
                    () -> {
                      victim.get().close();
                      dead.countDown();
                    })
                .start();
            await(dead);
          }
          return FakeReader.read(id, work);
        };
    ShardFolder folder = new ShardFolder(temp.resolve("members"));
    try (ShardMember first = member(List.of(), "w", FakeReader::read);
        ShardMember second = member(List.of(first.address()), "w", fatal)) {
      victim.set(second);
      Tally tally =
          new MemberShards(
                  List.of(first.address(), second.address()), FakeReader.card("w"), PATIENCE)
              .run(shards, folder, Progress.silent());

      assertThat(began).hasValueGreaterThanOrEqualTo(2);
      assertThat(tally.machines()).isEqualTo(2);
      assertThat(tally.membersLost()).isEqualTo(1);
      assertThat(tally.triedAgain()).isPositive();
    }
    assertThat(StatisticsFile.bytes(folder.merged(shards)))
        .isEqualTo(StatisticsFile.bytes(local.merged(shards)));
    assertThat(folder.merged(shards).shards()).hasSize(12);
    assertThat(folder.merged(shards).cells().values())
        .allSatisfy(moments -> assertThat(moments.count()).isEqualTo(12 * 50));
  }

  @Test
  void run_withAMemberOfAnotherModel_refusesTheJobAndTheMember() {
    try (ShardMember only = member(List.of(), "w", FakeReader::read)) {
      assertThatThrownBy(() -> member(List.of(only.address()), "v", FakeReader::read))
          .isInstanceOf(NotFittingException.class)
          .hasMessageContaining("weights v instead of w");
      MemberShards job = new MemberShards(List.of(only.address()), FakeReader.card("v"), PATIENCE);
      assertThatThrownBy(
              () -> job.run(FakeReader.shards(2), new ShardFolder(temp), Progress.silent()))
          .isInstanceOf(NotFittingException.class)
          .hasMessageContaining("weights w instead of v");
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void member_sentAForeignClass_doesNotMakeAnObjectOfIt() {
    try (ShardMember only = member(List.of(), "w", FakeReader::read)) {
      HazelcastInstance client =
          HazelcastClient.newHazelcastClient(ShardNetwork.client(List.of(only.address()), 5000));
      try {
        assertThatThrownBy(
                () ->
                    client.getExecutorService("e").submit(new Foreign()).get(20, TimeUnit.SECONDS))
            .hasStackTraceContaining("not allowed");
        assertThat(Foreign.RAN).hasValue(0);
      } finally {
        client.shutdown();
      }
    }
  }

  @Test
  void run_withNobodyLeft_keepsWhatIsDoneAndSaysSo() {
    List<Shard> shards = FakeReader.shards(3);
    ShardFolder folder = new ShardFolder(temp);
    AtomicReference<ShardMember> own = new AtomicReference<>();
    AtomicInteger began = new AtomicInteger();
    ShardReader last =
        (id, work) -> {
          if (began.incrementAndGet() == 2) {
            own.get().close();
          }
          return FakeReader.read(id, work);
        };
    try (ShardMember only = member(List.of(), "w", last)) {
      own.set(only);
      MemberShards job = new MemberShards(List.of(only.address()), FakeReader.card("w"), PATIENCE);
      assertThatThrownBy(() -> job.run(shards, folder, Progress.silent()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("--resume");
    }
  }

  private static ShardMember member(
      List<MemberAddress> others, String weights, ShardReader reader) {
    return ShardMember.start(HOST, 0, others, FakeReader.card(weights), reader);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Foreign implements Callable<Integer>, Serializable {
    private static final AtomicInteger RAN = new AtomicInteger();

    @Override
    public Integer call() {
      return RAN.incrementAndGet();
    }
  }
}
