package dev.plumbline.learn.shards;

import dev.plumbline.torch.runtime.TorchRuntime;

/**
 * On what a model runs, as far as it decides the last bits of a sum.
 *
 * @param device {@code cpu} or {@code gpu}, whatever its number
 * @param threads of one operation on a CPU, 0 on a GPU
 * @param libtorch its version
 */
public record Machine(String device, int threads, String libtorch) {
  /** This one, with the device of a name such as {@code auto}. */
  public static Machine here(String device) {
    TorchRuntime torch = TorchRuntime.start();
    String type = torch.device(device).getDeviceType();
    return new Machine(type, type.equals("cpu") ? torch.threads() : 0, torch.version());
  }
}
