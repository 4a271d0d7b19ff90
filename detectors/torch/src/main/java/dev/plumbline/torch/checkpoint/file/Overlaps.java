package dev.plumbline.torch.checkpoint.file;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Refuses tables in which two tensors share bytes: one of the two is not what its name says. */
final class Overlaps {
  private Overlaps() {}

  static void refuse(Path file, Collection<TensorInfo> tensors) {
    List<TensorInfo> sorted =
        tensors.stream()
            .filter(t -> t.bytes() > 0)
            .sorted(Comparator.comparingLong(TensorInfo::offset))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1);
      TensorInfo after = sorted.get(i);
      if (after.offset() < before.offset() + before.bytes()) {
        throw new BadFileException(
            file,
            "tensor " + after.name(),
            "an offset from " + (before.offset() + before.bytes()) + " on, after " + before.name(),
            Long.toString(after.offset()),
            Ranges.FETCH);
      }
    }
  }
}
