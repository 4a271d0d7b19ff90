package dev.plumbline.learn.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a training leaves its snapshots, and from where it goes on. One thread. */
public interface Snapshots {
  /** The newest to go on from; empty to begin. */
  Optional<Snapshot> last();

  /** Keeps one, whole or not at all. */
  void keep(Snapshot snapshot);

  /** Keeps nothing. */
  static Snapshots none() {
    return new Snapshots() {
      @Override
      public Optional<Snapshot> last() {
        return Optional.empty();
      }

      @Override
      public void keep(Snapshot snapshot) {}
    };
  }

  /** Keeps all on the heap; a further run goes on from the newest. */
  final class InMemory implements Snapshots {
    private final List<Snapshot> kept = new ArrayList<>();

    @Override
    public Optional<Snapshot> last() {
      return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
    }

    @Override
    public void keep(Snapshot snapshot) {
      kept.add(snapshot);
    }

    /** In order of steps. */
    public List<Snapshot> all() {
      return List.copyOf(kept);
    }
  }
}
