package dev.plumbline.agent.fleet.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.spi.exception.RetryableException;
import dev.plumbline.agent.config.FleetSettings;
import dev.plumbline.agent.fleet.Fleet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members of a Hazelcast cluster. Only the entries of members in the view are read, so what else
 * somebody puts into the maps costs their bound and no more. Reading takes whatever is there for an
 * object and looks whether it is an {@link Entry}.
 */
public final class HazelcastFleet implements Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastFleet.class);

  /** Members heard at most. */
  private static final int MOST_MEMBERS = 256;

  private static final ClassLoader ALLOWED = new AllowList(HazelcastFleet.class.getClassLoader());

  private final FleetSettings settings;
  private final Questions<Object> questions = new Questions<>(Settings.BEAT);
  private volatile HazelcastInstance instance;
  private volatile boolean closed;

  public HazelcastFleet(FleetSettings settings) {
    this.settings = settings;
  }

  /**
   * Hazelcast ends itself where it fails to join what it merges with after a partition, or runs out
   * of memory.
   */
  @Override
  public boolean joined() {
    HazelcastInstance made = instance;
    return made != null && made.getLifecycleService().isRunning();
  }

  /** Addresses that are mute are no part of the joining; after it they are looked for again. */
  @Override
  public void join() {
    if (closed) {
      throw new FleetException("the agent ends", null);
    }
    List<String> mute = mute();
    Config config = Settings.of(settings, mute);
    HazelcastInstance made = Hazelcast.newHazelcastInstance(config);
    mute.forEach(Settings.join(config).getTcpIpConfig()::addMember);
    instance = made;
    if (closed) {
      made.getLifecycleService().terminate();
    }
  }

  private List<String> mute() {
    try {
      List<String> mute =
          new RollCall(settings.listen().host(), Settings.CONNECTING).mute(settings.members());
      mute.forEach(each -> LOG.warn("{} takes connections and is mute: joining without it", each));
      return mute;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FleetException("interrupted to call the members", e);
    }
  }

  @Override
  public View view() {
    Set<Member> members = instance.getCluster().getMembers();
    return new View(
        self(), members.stream().map(m -> m.getUuid().toString()).collect(Collectors.toSet()));
  }

  private String self() {
    return instance.getCluster().getLocalMember().getUuid().toString();
  }

  @Override
  public void say(Shared said) {
    Entry entry = new Entry(said.version(), said.oldest(), said.text());
    guarded(() -> await(said().setAsync(self(), entry), Settings.BEAT, "to say something"));
  }

  @Override
  public Map<String, Heard> hear() {
    return guarded(this::ask);
  }

  private Map<String, Heard> ask() {
    View view = view();
    List<String> others =
        view.members().stream()
            .filter(member -> !member.equals(view.self()))
            .sorted()
            .limit(MOST_MEMBERS)
            .toList();
    Map<String, Heard> heard = new LinkedHashMap<>();
    others.forEach(member -> heard.put(member, new Late()));
    try {
      questions
          .ask(others, said()::getAsync)
          .forEach(
              (member, outcome) ->
                  heard(outcome)
                      .ifPresentOrElse(
                          what -> heard.put(member, what), () -> heard.remove(member)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FleetException("interrupted to hear the members", e);
    }
    return heard;
  }

  /** Empty where nothing is kept under its name. */
  static Optional<Heard> heard(Questions.Outcome<Object> outcome) {
    if (outcome.failure().isPresent()) {
      return Optional.of(unheard(outcome.failure().get()));
    }
    return outcome.answer().map(HazelcastFleet::read);
  }

  /** What the way there does is not what the member said. */
  private static Heard unheard(Throwable failure) {
    if (failure instanceof HazelcastInstanceNotActiveException) {
      throw new FleetException("Hazelcast has ended", failure);
    }
    boolean way =
        failure instanceof OperationTimeoutException || failure instanceof RetryableException;
    return way ? new Late() : new Garbage(String.valueOf(failure));
  }

  private static Heard read(Object value) {
    if (value instanceof Entry entry && entry.version() > 0) {
      return entry.bytes().length <= MOST_BYTES
          ? new Shared(entry.version(), entry.oldest(), entry.bytes())
          : new Garbage(entry.bytes().length + " bytes");
    }
    return new Garbage(value.getClass().getSimpleName());
  }

  /** Of what is kept here: the others' would have to be waited for. */
  @Override
  public int strays() {
    PartitionService partitions = instance.getPartitionService();
    Member self = instance.getCluster().getLocalMember();
    long known =
        view().members().stream()
            .filter(member -> self.equals(partitions.getPartition(member).getOwner()))
            .count();
    return (int) Math.max(0, said().getLocalMapStats().getOwnedEntryCount() - known);
  }

  @Override
  public void keep(String key, byte[] piece) {
    guarded(
        () ->
            await(pieces().setAsync(key, new Entry(1, piece)), Settings.PIECE, "to keep a piece"));
  }

  @Override
  public Optional<byte[]> kept(String key, int most) {
    return guarded(() -> get(key, most));
  }

  private Optional<byte[]> get(String key, int most) {
    try {
      Object found = await(pieces().getAsync(key), Settings.PIECE, "to get a piece");
      return found instanceof Entry entry && entry.bytes().length <= most
          ? Optional.of(entry.bytes())
          : Optional.empty();
    } catch (FleetException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private IMap<String, Object> said() {
    return instance.getMap(Settings.SAID);
  }

  private IMap<String, Object> pieces() {
    return instance.getMap(Settings.PIECES);
  }

  /**
   * Objects are made on the thread that asks or on one of Hazelcast's, and where its own class
   * loader knows no class Hazelcast asks the thread's.
   */
  private static <T> T guarded(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ALLOWED);
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static <T> T await(CompletionStage<T> answer, Duration deadline, String what) {
    try {
      return answer.toCompletableFuture().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw new FleetException("failed " + what + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new FleetException("no answer in time " + what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FleetException("interrupted " + what, e);
    }
  }

  /** Leaves at once: what it said is written again by nobody and runs out. */
  @Override
  public void close() {
    closed = true;
    HazelcastInstance made = instance;
    if (made != null) {
      made.getLifecycleService().terminate();
    }
  }
}
