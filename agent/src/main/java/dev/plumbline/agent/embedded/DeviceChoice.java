package dev.plumbline.agent.embedded;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.cli.ExitCode;
import dev.plumbline.torch.runtime.TorchRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the model runs: what the setting wanted and what the machine has.
 *
 * @param name as {@link TorchRuntime#device} takes it
 * @param kind {@code cpu} or {@code gpu}
 * @param found wanted and found, one line for a person
 * @param fallback whether less was found than wanted
 */
record DeviceChoice(String name, String kind, String found, boolean fallback) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);

  /**
   * The choice on this machine.
   *
   * @throws CommandFailure {@link ExitCode#NOT_FITTING} if {@code gpu} was asked for and is not
   *     there
   */
  static DeviceChoice of(String wanted, TorchRuntime runtime) {
    String engine = "libtorch " + runtime.version() + " from " + runtime.library();
    return of(wanted, runtime.gpus(), engine, runtime.threads());
  }

  static DeviceChoice of(String wanted, int gpus, String engine, int threads) {
    String onCpu = "reading on the CPU with " + threads + " threads";
    if (wanted.equals("cpu")) {
      return new DeviceChoice("cpu", "cpu", "device cpu: " + onCpu, false);
    }
    int index = wanted.startsWith("gpu:") ? Integer.parseInt(wanted.substring(4)) : 0;
    if (index < gpus) {
      String line = "device " + wanted + ": GPU " + index + " of " + gpus + ", " + engine;
      return new DeviceChoice("cuda:" + index, "gpu", line, false);
    }
    String none = "wanted CUDA, found " + (gpus == 0 ? "none" : gpus + " devices");
    String why = " (" + engine + ")";
    if (wanted.equals("auto")) {
      return new DeviceChoice("cpu", "cpu", "device auto: " + none + why + ": " + onCpu, true);
    }
    throw new CommandFailure(
        ExitCode.NOT_FITTING,
        "device "
            + wanted
            + ": "
            + none
            + why
            + "; point PYTORCH_LIBRARY_PATH at a libtorch with CUDA on a machine with a GPU, or set"
            + " device to auto or cpu",
        null);
  }

  /** Says it out loud, louder where less was found than wanted. */
  void tell() {
    if (fallback) {
      LOG.warn(found);
    } else {
      LOG.info(found);
    }
  }
}
