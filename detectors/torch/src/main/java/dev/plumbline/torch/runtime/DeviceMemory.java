package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/**
 * The memory of a CUDA device, as {@code cudaMemGetInfo} tells it: of every process on it, and with
 * what libtorch keeps for its next tensors.
 *
 * @param used bytes
 * @param total bytes
 */
public record DeviceMemory(long used, long total) {
  /** Now; empty for the CPU, and where the CUDA runtime's library is not found or refuses. */
  public static Optional<DeviceMemory> of(Device device) {
    if (!device.isGpu()) {
      return Optional.empty();
    }
    try {
      MemoryUsage memory = CudaUtils.getGpuMemory(device);
      return Optional.of(new DeviceMemory(memory.getUsed(), memory.getMax()));
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }
}
