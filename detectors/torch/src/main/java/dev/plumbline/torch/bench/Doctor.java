package dev.plumbline.torch.bench;

import ai.djl.Device;
import dev.plumbline.torch.runtime.DeviceMemory;
import dev.plumbline.torch.runtime.DeviceUtilisation;
import dev.plumbline.torch.runtime.LibtorchVersion;
import dev.plumbline.torch.runtime.Precision;
import dev.plumbline.torch.runtime.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the machine as the runtime will use it: which libtorch, which devices, whether each
 * computes what Java computes in float64, and how fast memory is. Changes nothing, downloads
 * nothing.
 */
public final class Doctor {
  /** The bounds of the parity tests, relative (Frobenius). */
  private static final double FLOAT32_BOUND = 1e-5;

  private static final double GIB = 1L << 30;
  private static final double FLOAT16_BOUND = 5e-3;
  private static final double BFLOAT16_BOUND = 2e-2;

  private Doctor() {}

  /** Looks, in a second or two. */
  public static DoctorReport examine() {
    TorchRuntime runtime;
    try {
      runtime = TorchRuntime.start();
    } catch (RuntimeException | LinkageError e) {
      return DoctorReport.withoutEngine(
          new DoctorReport.Finding(
              false,
              "engine",
              String.valueOf(e.getMessage()),
              "set PYTORCH_LIBRARY_PATH to a libtorch "
                  + LibtorchVersion.WANTED
                  + ", or unset it to use the one of the build"));
    }
    return examine(runtime);
  }

  private static DoctorReport examine(TorchRuntime runtime) {
    List<DoctorReport.Check> checks = new ArrayList<>();
    List<DoctorReport.Finding> findings = new ArrayList<>();
    checks.add(check(Device.cpu(), Precision.FLOAT32, FLOAT32_BOUND));
    checks.add(check(Device.cpu(), Precision.BFLOAT16, BFLOAT16_BOUND));
    for (int gpu = 0; gpu < runtime.gpus(); gpu++) {
      checks.add(check(Device.gpu(gpu), Precision.FLOAT32, FLOAT32_BOUND));
      checks.add(check(Device.gpu(gpu), Precision.BFLOAT16, BFLOAT16_BOUND));
      checks.add(check(Device.gpu(gpu), Precision.FLOAT16, FLOAT16_BOUND));
    }
    checks.stream().map(Doctor::finding).forEach(findings::add);
    findings.add(version(runtime));
    findings.add(threads(runtime));
    findings.add(devices(runtime));
    findings.add(memory(runtime));
    findings.add(utilisation(runtime));
    List<DoctorReport.Bandwidth> speeds = new ArrayList<>();
    speeds.add(new DoctorReport.Bandwidth("cpu", DeviceCheck.bandwidth(Device.cpu())));
    for (int gpu = 0; gpu < runtime.gpus(); gpu++) {
      Device device = Device.gpu(gpu);
      speeds.add(new DoctorReport.Bandwidth("cuda:" + gpu, DeviceCheck.bandwidth(device)));
    }
    return new DoctorReport(
        "DJL PyTorch",
        runtime.version(),
        runtime.library(),
        runtime.gpus(),
        runtime.threads(),
        checks,
        speeds,
        findings);
  }

  private static DoctorReport.Check check(Device device, Precision precision, double bound) {
    String name = device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    return new DoctorReport.Check(
        name, precision, DeviceCheck.relativeError(device, precision), bound);
  }

  private static DoctorReport.Finding finding(DoctorReport.Check check) {
    String what = "parity " + check.device() + " " + check.precision().wireName();
    String found =
        String.format(
            java.util.Locale.ROOT,
            "relative error %.1e against float64, bound %.0e",
            check.relativeError(),
            check.bound());
    return new DoctorReport.Finding(
        check.passed(),
        what,
        found,
        check.passed() ? "" : "do not serve on this device in this precision; report it");
  }

  private static DoctorReport.Finding version(TorchRuntime runtime) {
    boolean right = runtime.version().startsWith(LibtorchVersion.WANTED);
    return new DoctorReport.Finding(
        right,
        "libtorch",
        runtime.version() + " from " + runtime.library(),
        right ? "" : "use libtorch " + LibtorchVersion.WANTED);
  }

  private static DoctorReport.Finding threads(TorchRuntime runtime) {
    int processors = Runtime.getRuntime().availableProcessors();
    boolean sensible = runtime.threads() <= processors;
    return new DoctorReport.Finding(
        sensible,
        "threads",
        runtime.threads() + " for " + processors + " processors",
        sensible ? "" : "set OMP_NUM_THREADS to at most " + processors);
  }

  /** What {@code plumbline_device_memory_bytes} will say, or that it will not be there. */
  private static DoctorReport.Finding memory(TorchRuntime runtime) {
    List<String> found = new ArrayList<>();
    for (int gpu = 0; gpu < runtime.gpus(); gpu++) {
      String name = "cuda:" + gpu + " ";
      found.add(
          name
              + DeviceMemory.of(Device.gpu(gpu))
                  .map(Doctor::text)
                  .orElse("not told: plumbline_device_memory_bytes is absent"));
    }
    String none = "no GPU: plumbline_device_memory_bytes is absent, plumbline_memory_* are there";
    return new DoctorReport.Finding(
        true, "device memory", found.isEmpty() ? none : String.join(", ", found), "");
  }

  /** The same of {@code plumbline_device_utilisation}, with the reason. */
  private static DoctorReport.Finding utilisation(TorchRuntime runtime) {
    List<String> found = new ArrayList<>();
    for (int gpu = 0; gpu < runtime.gpus(); gpu++) {
      DeviceUtilisation.Told told = DeviceUtilisation.of(Device.gpu(gpu));
      found.add(
          "cuda:"
              + gpu
              + " "
              + (told.share().isPresent()
                  ? Math.round(100 * told.share().getAsDouble()) + " %"
                  : "not told, so plumbline_device_utilisation is absent: " + told.why()));
    }
    String none = "no GPU: plumbline_device_utilisation is absent";
    return new DoctorReport.Finding(
        true, "device utilisation", found.isEmpty() ? none : String.join(", ", found), "");
  }

  private static String text(DeviceMemory memory) {
    return String.format(
        java.util.Locale.ROOT, "%.1f of %.1f GiB used", memory.used() / GIB, memory.total() / GIB);
  }

  /** No CUDA device is worth a word, not an error, unless the machine has one all the same. */
  private static DoctorReport.Finding devices(TorchRuntime runtime) {
    boolean present = java.nio.file.Files.exists(Path.of("/dev/nvidia0"));
    boolean fine = runtime.gpus() > 0 || !present;
    return new DoctorReport.Finding(
        fine,
        "devices",
        runtime.gpus() + " CUDA " + (present ? "used, one present" : "found"),
        fine
            ? ""
            : "point PYTORCH_LIBRARY_PATH at a CUDA libtorch "
                + LibtorchVersion.WANTED
                + " and set PYTORCH_FLAVOR=cu128");
  }
}
