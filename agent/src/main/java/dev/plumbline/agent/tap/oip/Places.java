package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.wire.oip.SharedMemory;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where the tensors of one exchange lie that do not come along with its answers. Never asked on an
 * event loop; thread-safe. Whatever stands in the way is counted and said by who implements it.
 */
public interface Places {
  /** Nowhere: a tensor that does not come along is not had. */
  Places NOWHERE =
      new Places() {
        @Override
        public Optional<SharedMemory> asked(String id, String output) {
          return Optional.empty();
        }

        @Override
        public Optional<ByteBuffer> read(Optional<SharedMemory> where, long bytes) {
          return Optional.empty();
        }

        @Override
        public boolean write(SharedMemory where, ByteBuffer bytes) {
          return false;
        }
      };

  /** Where a request of this id wanted an output put; empty where it did not say. */
  Optional<SharedMemory> asked(String id, String output);

  /**
   * Elements, copied.
   *
   * @param where empty where nobody said
   * @param bytes of the tensor; may be fewer than there is room for
   * @return empty where they cannot be had
   */
  Optional<ByteBuffer> read(Optional<SharedMemory> where, long bytes);

  /**
   * Puts elements back where they were read. Whether that was possible.
   *
   * @param where as read
   */
  boolean write(SharedMemory where, ByteBuffer bytes);
}
