package dev.plumbline.torch.serve;

import java.util.Locale;

/** A reading that the device did not give: a pass failed, or none is tried because many have. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * What libtorch's allocators say, in lower case: CUDA's, the CPU's, cuBLAS'. The binding hands
   * over text only.
   */
  private static final String[] OUT_OF_MEMORY = {
    "out of memory", "can't allocate memory", "not enough memory", "status_alloc_failed"
  };

  private final boolean outOfMemory;

  private DeviceException(String message, Throwable cause, boolean outOfMemory) {
    super(message, cause);
    this.outOfMemory = outOfMemory;
  }

  /** The failure of a pass. */
  static DeviceException of(Throwable cause) {
    return cause instanceof DeviceException known
        ? known
        : new DeviceException(
            "the engine's pass failed: " + cause.getMessage(), cause, isOutOfMemory(cause));
  }

  /** Nothing is tried. */
  static DeviceException unavailable(String why) {
    return new DeviceException(
        "reading: wanted a device that reads, found one that does not (" + why + ")", null, false);
  }

  /** Whether there was no memory for the pass, on the device or on the host. */
  public boolean outOfMemory() {
    return outOfMemory;
  }

  /** One line for a log: TorchScript puts a trace of its program before what went wrong. */
  String brief() {
    String[] lines = String.valueOf(getMessage()).strip().split("\\R");
    return lines.length == 1 ? lines[0] : lines[0] + " ... " + lines[lines.length - 1];
  }

  private static boolean isOutOfMemory(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String said = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
      if (at instanceof OutOfMemoryError || says(said)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(String message) {
    for (String sign : OUT_OF_MEMORY) {
      if (message.contains(sign)) {
        return true;
      }
    }
    return false;
  }
}
