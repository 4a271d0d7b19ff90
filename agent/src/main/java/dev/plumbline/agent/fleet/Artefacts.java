package dev.plumbline.agent.fleet;

import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The artefact the fleet judges by: gets its content from the others, checks it against the digest
 * that was signed, has the host adopt it, and keeps it for those who come later. Content is fetched
 * on the fleet's thread, adopted on one of its own. Thread-safe.
 */
final class Artefacts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Artefacts.class);
  private static final int MOST_KEPT = 4;

  /** Looks between two tries to get a content, or to see whether it is still kept. */
  private static final int PATIENCE = 5;

  private static final String SUFFIX = ".direction";

  private final Path folder;
  private final Host host;
  private final Meters meters;
  private final ExecutorService adopting = Executors.newSingleThreadExecutor(Artefacts::thread);
  private final Deque<FleetCommand> published = new ArrayDeque<>();
  private Optional<FleetCommand> wanted = Optional.empty();
  private String digest = "";
  private State state = State.CONFIGURED;
  private String why = "";
  private int wait;

  /** How far this agent is with it. */
  enum State {
    /** It judges by what it was configured with. */
    CONFIGURED,
    /** The content is not here yet. */
    FETCHING,
    /** It is being made ready beside the one in use. */
    LOADING,
    /** It judges what begins. */
    ADOPTED,
    /** It does not fit here; the one before stays in use. */
    REFUSED;

    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What can be seen of it.
   *
   * @param wanted the command that holds, if there is one
   * @param digest of what is in use; empty for the configured one
   * @param why for a person, of a refusal
   * @param published the last ones, newest first
   */
  record View(
      Optional<FleetCommand> wanted,
      String digest,
      State state,
      String why,
      List<FleetCommand> published) {}

  /**
   * @param folder where contents are kept; made if it is not there
   */
  Artefacts(Path folder, Host host, Meters meters) {
    this.folder = folder;
    this.host = host;
    this.meters = meters;
    meters.count(Meter.FLEET_ADOPTIONS, 0, "refused");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " could not be made", e);
    }
  }

  /** Judges by what this command says, as soon as it is here. */
  synchronized void want(FleetCommand command) {
    wanted = Optional.of(command);
    why = "";
    wait = 0;
    if (command.verb() == FleetCommand.Verb.PUBLISH) {
      published.addFirst(command);
      while (published.size() > MOST_KEPT) {
        published.removeLast();
      }
    }
    state = command.digest().isEmpty() || here(command.digest()) ? State.LOADING : State.FETCHING;
    if (state == State.LOADING) {
      begin(command);
    }
  }

  /**
   * Takes a content in from an operator.
   *
   * @throws IllegalArgumentException when it is no artefact that can be used here
   */
  synchronized void put(PackedArtefact content) {
    String name = content.digest();
    if (here(name)) {
      return;
    }
    try {
      Path made = Files.createTempDirectory(folder, "incoming");
      try {
        content.unpack(made);
        host.check(made);
        delete(unpacked(name));
        Files.move(made, unpacked(name));
        Path whole = Files.write(folder.resolve(made.getFileName() + ".packed"), content.bytes());
        Files.move(whole, packed(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(made);
      }
      forgetOld(name);
    } catch (IOException e) {
      throw new UncheckedIOException("an artefact could not be kept in " + folder, e);
    }
  }

  /** Fetches what is missing and keeps what others may miss; on the fleet's thread. */
  void step(Fleet fleet) {
    Optional<FleetCommand> command = due();
    if (command.isEmpty()) {
      return;
    }
    FleetCommand wants = command.get();
    if (here(wants.digest())) {
      offer(fleet, wants.digest());
      return;
    }
    fetch(fleet, wants)
        .ifPresent(
            content -> {
              try {
                put(content);
                loading(wants);
              } catch (RuntimeException e) {
                refused(wants, e);
              }
            });
  }

  /** What does not fit here may fit others: it is kept for them, and not fetched again. */
  private synchronized Optional<FleetCommand> due() {
    boolean idle =
        wanted.isEmpty()
            || wanted.get().digest().isEmpty()
            || state == State.REFUSED && !here(wanted.get().digest());
    return idle || wait++ % PATIENCE != 0 ? Optional.empty() : wanted;
  }

  private synchronized void loading(FleetCommand command) {
    if (wanted.equals(Optional.of(command)) && state == State.FETCHING) {
      state = State.LOADING;
      begin(command);
    }
  }

  private Optional<PackedArtefact> fetch(Fleet fleet, FleetCommand wants) {
    byte[] all = new byte[wants.size()];
    for (int i = 0; i < PackedArtefact.pieces(wants.size()); i++) {
      int from = i * PackedArtefact.PIECE;
      int length = Math.min(PackedArtefact.PIECE, wants.size() - from);
      Optional<byte[]> piece =
          fleet.kept(key(wants.digest(), i), length).filter(found -> found.length == length);
      if (piece.isEmpty()) {
        return Optional.empty();
      }
      System.arraycopy(piece.get(), 0, all, from, length);
    }
    PackedArtefact content = PackedArtefact.of(all);
    if (!content.digest().equals(wants.digest())) {
      meters.count(Meter.FLEET_ENTRIES, Refusal.WRONG_CONTENT.wireName());
      return Optional.empty();
    }
    return Optional.of(content);
  }

  private void offer(Fleet fleet, String digest) {
    try {
      PackedArtefact content = PackedArtefact.of(Files.readAllBytes(packed(digest)));
      if (!content.digest().equals(digest)) {
        LOG.error("{} is not what it was: it is fetched again", packed(digest));
        Files.delete(packed(digest));
        return;
      }
      for (int i = 0; i < PackedArtefact.pieces(content.size()); i++) {
        byte[] piece = content.piece(i);
        String key = key(digest, i);
        boolean kept =
            fleet
                .kept(key, piece.length)
                .filter(f -> java.util.Arrays.equals(f, piece))
                .isPresent();
        if (!kept) {
          fleet.keep(key, piece);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an artefact of the fleet is gone from " + folder, e);
    }
  }

  private static String key(String digest, int index) {
    return digest + "/" + index;
  }

  private void begin(FleetCommand command) {
    try {
      adopting.execute(() -> adopt(command));
    } catch (RejectedExecutionException closed) {
      LOG.info("the agent stops: {} is not adopted", command.digest());
    }
  }

  private void adopt(FleetCommand command) {
    synchronized (this) {
      if (!wanted.equals(Optional.of(command))) {
        return;
      }
      if (digest.equals(command.digest())) {
        settle(command);
        return;
      }
    }
    try {
      host.adopt(
          command.digest().isEmpty() ? Optional.empty() : Optional.of(unpacked(command.digest())));
      synchronized (this) {
        digest = command.digest();
        settle(command);
      }
    } catch (RuntimeException e) {
      refused(command, e);
    }
  }

  private synchronized void settle(FleetCommand command) {
    meters.count(Meter.FLEET_ADOPTIONS, "adopted");
    if (wanted.equals(Optional.of(command))) {
      state = digest.isEmpty() ? State.CONFIGURED : State.ADOPTED;
      why = "";
    }
  }

  private synchronized void refused(FleetCommand command, RuntimeException reason) {
    LOG.error(
        "the fleet's artefact {} is not used here: {}", command.digest(), reason.getMessage());
    meters.count(Meter.FLEET_ADOPTIONS, "refused");
    if (wanted.equals(Optional.of(command))) {
      state = State.REFUSED;
      why = String.valueOf(reason.getMessage());
    }
  }

  synchronized View view() {
    return new View(wanted, digest, state, why, new ArrayList<>(published));
  }

  private boolean here(String name) {
    return Files.isDirectory(unpacked(name)) && Files.isRegularFile(packed(name));
  }

  private Path unpacked(String name) {
    return folder.resolve(name + SUFFIX);
  }

  private Path packed(String name) {
    return folder.resolve(name + ".packed");
  }

  /** Keeps what is in use, what is wanted and the last ones. */
  private void forgetOld(String fresh) throws IOException {
    List<String> kept = new ArrayList<>(List.of(fresh, digest));
    wanted.ifPresent(command -> kept.add(command.digest()));
    published.forEach(command -> kept.add(command.digest()));
    try (var files = Files.list(folder)) {
      for (Path each : files.toList()) {
        if (kept.stream().noneMatch(name -> each.getFileName().toString().startsWith(name + "."))) {
          delete(each);
        }
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (var files = Files.list(path)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "plumbline-adopt");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    adopting.shutdownNow();
  }
}
