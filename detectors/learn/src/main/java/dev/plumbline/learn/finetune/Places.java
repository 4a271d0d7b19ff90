package dev.plumbline.learn.finetune;

import dev.plumbline.torch.runtime.LoraSlot;
import dev.plumbline.torch.runtime.LoraWeights;
import dev.plumbline.torch.runtime.Trainee;
import java.util.ArrayList;
import java.util.List;

/** A trainee's arrays in the order in which the runtime holds its parameters. */
final class Places {
  private Places() {}

  static List<float[]> values(Trainee trainee) {
    List<float[]> values = new ArrayList<>();
    int layers =
        trainee.adapter().parts().keySet().stream()
            .mapToInt(LoraWeights.Key::layer)
            .map(layer -> layer + 1)
            .max()
            .orElse(0);
    for (int layer = 0; layer < layers; layer++) {
      for (LoraSlot slot : LoraSlot.values()) {
        LoraWeights.Part part = trainee.adapter().parts().get(new LoraWeights.Key(layer, slot));
        if (part != null) {
          values.add(part.a());
          values.add(part.b());
        }
      }
    }
    trainee.vector().ifPresent(vector -> values.add(vector.values()));
    return values;
  }
}
