package dev.plumbline.torch.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;

/**
 * The native engine of this process, started once: which libtorch, which threads, which device.
 *
 * <p>Thread-safe. Root managers it gives out belong to the caller and are closed by it.
 */
public final class TorchRuntime {
  private static TorchRuntime started;

  private final Engine engine;

  private TorchRuntime(Engine engine) {
    this.engine = engine;
  }

  /** Starts the engine, or returns the one that runs. Loads nothing from the network. */
  public static synchronized TorchRuntime start() {
    if (started == null) {
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      setting("PYTORCH_LIBRARY_PATH").ifPresent(TorchRuntime::check);
      started = new TorchRuntime(Engine.getEngine("PyTorch"));
    }
    return started;
  }

  private static void check(String paths) {
    for (String path : paths.split(java.io.File.pathSeparator)) {
      LibtorchVersion.require(Path.of(path), setting("PYTORCH_VERSION").orElse(null));
    }
  }

  private static java.util.Optional<String> setting(String name) {
    String property = System.getProperty(name);
    return java.util.Optional.ofNullable(property != null ? property : System.getenv(name))
        .filter(value -> !value.isBlank());
  }

  /** Sets the threads one operation may use. */
  public void threads(int count) {
    JniUtils.setNumThreads(count);
  }

  /** Threads one operation uses. */
  public int threads() {
    return JniUtils.getNumThreads();
  }

  /** libtorch's version. */
  public String version() {
    return engine.getVersion();
  }

  /** Where libtorch was loaded from, as far as the settings say. */
  public String library() {
    return setting("PYTORCH_LIBRARY_PATH").orElse("the build's own CPU libtorch");
  }

  /** CUDA devices that this libtorch sees. */
  public int gpus() {
    return engine.getGpuCount();
  }

  /** The device of a name: {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}. */
  public Device device(String name) {
    if (name.equals("cpu") || (name.equals("auto") && gpus() == 0)) {
      return Device.cpu();
    }
    if (name.equals("auto")) {
      return Device.gpu();
    }
    if (!name.matches("cuda(:\\d+)?")) {
      throw new IllegalArgumentException(
          "device: wanted auto, cpu, cuda or cuda:N, found '" + name + "'; correct the option");
    }
    int index = name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5));
    if (index >= gpus()) {
      throw new IllegalStateException(
          "device "
              + name
              + ": wanted a CUDA device, found "
              + gpus()
              + " of them with libtorch "
              + version()
              + " from "
              + library()
              + "; point PYTORCH_LIBRARY_PATH at a CUDA libtorch "
              + LibtorchVersion.WANTED
              + " and set PYTORCH_FLAVOR=cu128, or use --device cpu");
    }
    return Device.gpu(index);
  }

  /** A manager for one owner's arrays; closing it frees them all. */
  public PtNDManager manager(Device device) {
    return (PtNDManager) NDManager.newBaseManager(device, "PyTorch");
  }
}
