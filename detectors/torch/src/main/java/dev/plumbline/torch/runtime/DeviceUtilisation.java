package dev.plumbline.torch.runtime;

import ai.djl.Device;
import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/**
 * How much of the time a GPU runs any kernel, of every process on it, as NVML tells it of the
 * driver's last sample period (a sixth of a second to a second): {@code
 * nvmlDeviceGetUtilizationRates}. It says nothing of how much of the GPU those kernels use.
 *
 * <p>CUDA and NVML number devices differently, so the device is looked up by its PCI bus id. Both
 * libraries are the driver's own and are there where CUDA is; in a container NVML comes with the
 * driver capability {@code utility}. Calls may wait for the driver. Any thread.
 */
public final class DeviceUtilisation {
  private static final int BUS_ID_BYTES = 32;
  private static final int NOT_SUPPORTED = 3;

  /** The CUDA driver API, as far as it is needed. */
  public interface Cuda extends Library {
    int cuInit(int flags);

    int cuDeviceGet(int[] device, int ordinal);

    int cuDeviceGetPCIBusId(byte[] id, int length, int device);
  }

  /** The NVIDIA management library, as far as it is needed. */
  public interface Nvml extends Library {
    int nvmlInit_v2();

    int nvmlDeviceGetHandleByPciBusId_v2(String id, PointerByReference device);

    /**
     * @param rates of the GPU's kernels and of its memory, whole percents
     */
    int nvmlDeviceGetUtilizationRates(Pointer device, int[] rates);
  }

  /**
   * What was found.
   *
   * @param share in [0,1]; empty where it is not told
   * @param why it is not told, for a person; empty where it is
   */
  public record Told(OptionalDouble share, String why) {
    static Told of(double share) {
      return new Told(OptionalDouble.of(share), "");
    }

    static Told not(String why) {
      return new Told(OptionalDouble.empty(), why);
    }
  }

  /** The driver's libraries, looked for once. */
  private static final class Driver {
    private static final DeviceUtilisation HERE = find();

    private static DeviceUtilisation find() {
      return load("libcuda.so.1", "libnvidia-ml.so.1");
    }
  }

  private final Cuda cuda;
  private final Nvml nvml;
  private final String missing;

  private DeviceUtilisation(Cuda cuda, Nvml nvml, String missing) {
    this.cuda = cuda;
    this.nvml = nvml;
    this.missing = missing;
  }

  /** Of libraries that are there. */
  static DeviceUtilisation of(Cuda cuda, Nvml nvml) {
    int began = nvml.nvmlInit_v2();
    int driver = cuda.cuInit(0);
    String missing =
        began != 0 || driver != 0 ? "nvmlInit said " + began + ", cuInit said " + driver : "";
    return new DeviceUtilisation(cuda, nvml, missing);
  }

  /** Of libraries of these names or paths, be they there or not. */
  static DeviceUtilisation load(String cuda, String nvml) {
    try {
      return of(
          com.sun.jna.Native.load(cuda, Cuda.class), com.sun.jna.Native.load(nvml, Nvml.class));
    } catch (LinkageError | RuntimeException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return new DeviceUtilisation(null, null, "the driver's libraries cannot be used: " + said);
    }
  }

  /** Now. */
  public static Told of(Device device) {
    return device.isGpu() ? Driver.HERE.now(device.getDeviceId()) : Told.not("it is no GPU");
  }

  Told now(int ordinal) {
    if (!missing.isEmpty()) {
      return Told.not(missing);
    }
    try {
      return ask(ordinal);
    } catch (LinkageError | RuntimeException e) {
      return Told.not("the driver's libraries lack a call: " + e.getMessage());
    }
  }

  private Told ask(int ordinal) {
    int[] device = new int[1];
    byte[] id = new byte[BUS_ID_BYTES];
    int found = cuda.cuDeviceGet(device, ordinal);
    if (found == 0) {
      found = cuda.cuDeviceGetPCIBusId(id, id.length, device[0]);
    }
    if (found != 0) {
      return Told.not("CUDA said " + found + " of device " + ordinal);
    }
    PointerByReference handle = new PointerByReference();
    int[] rates = new int[2];
    int said = nvml.nvmlDeviceGetHandleByPciBusId_v2(text(id), handle);
    if (said == 0) {
      said = nvml.nvmlDeviceGetUtilizationRates(handle.getValue(), rates);
    }
    if (said != 0) {
      String known =
          said == NOT_SUPPORTED ? " (not supported: a share of a GPU, MIG, has none)" : "";
      return Told.not("NVML said " + said + known + " of device " + ordinal);
    }
    return rates[0] >= 0 && rates[0] <= 100
        ? Told.of(rates[0] / 100.0)
        : Told.not("NVML said " + rates[0] + " %");
  }

  private static String text(byte[] id) {
    int end = 0;
    while (end < id.length && id[end] != 0) {
      end++;
    }
    return new String(id, 0, end, StandardCharsets.US_ASCII);
  }
}
