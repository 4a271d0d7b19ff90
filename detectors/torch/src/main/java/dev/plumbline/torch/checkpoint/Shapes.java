package dev.plumbline.torch.checkpoint;

import dev.plumbline.torch.checkpoint.file.BadFileException;
import dev.plumbline.torch.checkpoint.file.TensorInfo;
import dev.plumbline.torch.checkpoint.file.TensorSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that a file has every tensor its configuration speaks of, in the right shape; reports all
 * that are not at once.
 */
final class Shapes {
  private Shapes() {}

  static void require(ModelConfig config, TensorSource tensors, Checkpoint.Names names) {
    List<String> wrong = new ArrayList<>();
    for (Weight weight : Weight.values()) {
      for (int layer = 0; layer < config.copies(weight); layer++) {
        check(config.shape(weight), names.name(weight, layer), tensors, wrong);
      }
    }
    if (!wrong.isEmpty()) {
      throw new BadFileException(
          tensors.path(),
          wrong.size() + " tensors",
          "all tensors of " + config.architecture() + " in the shapes its configuration gives",
          "\n  " + String.join("\n  ", wrong) + "\n",
          "Fetch all files of one and the same checkpoint.");
    }
  }

  private static void check(
      List<Long> wanted, String name, TensorSource tensors, List<String> wrong) {
    if (!tensors.has(name)) {
      wrong.add(name + " wanted " + wanted + " found none");
      return;
    }
    TensorInfo info = tensors.info(name);
    if (!info.shape().equals(wanted) || info.type().isInteger()) {
      wrong.add(name + " wanted " + wanted + " found " + info.type() + " " + info.shapeText());
    }
  }
}
